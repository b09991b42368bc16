"""Tide readings of small stations."""
