"""A network's layers as a table."""
from __future__ import annotations
def summarize(name: str, labels: int) -> str:
    return name
