"""Pairing a failure with what worked after it: whether two commands have one goal, and what happened between them."""
