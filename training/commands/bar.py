"""The bar that shows how far long work is, where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from tqdm import tqdm

from training.progress import Item, Sized


def progress_bar(items: Sized[Item], title: str, /) -> Iterable[Item]:
    """Pass items on; show a bar on standard error when that is a terminal."""
    bar: Iterable[Item] = tqdm(items, desc=title, leave=False, disable=not sys.stderr.isatty())
    return bar
