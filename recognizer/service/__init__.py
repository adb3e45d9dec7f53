"""A program to leave running: what it and the service manager tell each other."""
