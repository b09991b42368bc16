"""Gemini CLI: JSONL event logs under `~/.gemini/tmp/<project>/chats`, older versions one JSON file a session."""
