"""opencode: a SQLite database of sessions, messages and parts; `opencode export` files; older JSON storage is not read."""
