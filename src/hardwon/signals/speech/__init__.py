"""What the user says, taken apart: whose words they are, what stood before them, and what kind of saying it is."""
