"""The command of the export."""

from recognizer.commands.console import run_with_extra


def export() -> int:
    """Run digit-export; return the exit status."""
    return run_with_extra("export.commands.export", "train")
