"""Serves the recognizer to programs that speak the Wyoming protocol, as a wake-word service."""
