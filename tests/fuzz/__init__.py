"""Fuzzing of whatever reads what others wrote; ``python -m tests.fuzz --help`` says how."""
