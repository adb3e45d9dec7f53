"""The command of the export."""
