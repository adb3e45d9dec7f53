"""A picture of what is heard, drawn on the terminal as it changes."""
