"""The rows of the table, those that are measured alike in one module."""
