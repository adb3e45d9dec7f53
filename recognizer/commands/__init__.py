"""The commands of the run time."""
