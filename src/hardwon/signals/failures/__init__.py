"""How known tools say that they failed: tables of failure lines, and the search for them in the output of a call."""
