"""Claude Code (2.1.x, and what older versions left behind)."""
