"""Qwen Code: JSONL records in a tree like Claude Code's, with Gemini's parts inside."""
