"""Hardwon turns the sessions that coding agents leave on disk into Agent Skills that were earned."""

__version__ = "0.1.0"
