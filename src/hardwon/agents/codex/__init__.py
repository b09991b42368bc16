"""Codex CLI (0.169, and what older versions left behind)."""
