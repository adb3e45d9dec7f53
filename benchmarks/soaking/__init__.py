"""Hours of made-up sound for a program that is to run for months, and what became of it."""
