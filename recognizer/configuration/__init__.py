"""Settings: what there is to set, in files and by flags, and what holds in the end."""
