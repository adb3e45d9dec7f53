"""Synthesised voices: free text-to-speech programs speak words, as material for training."""
