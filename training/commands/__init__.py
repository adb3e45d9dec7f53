"""The commands of training and evaluation."""
