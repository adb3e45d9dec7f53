"""The commands of training and evaluation."""

from recognizer.commands.console import run_with_extra


def train() -> int:
    """Run digit-train; return the exit status."""
    return run_with_extra("training.commands.train", "train")


def evaluate() -> int:
    """Run digit-evaluate; return the exit status."""
    return run_with_extra("training.commands.evaluate", "train")


def synthesize() -> int:
    """Run digit-synthesize; return the exit status."""
    return run_with_extra("training.commands.synthesize", "train")
