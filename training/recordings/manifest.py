"""What a run was trained and judged on, for the record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.recordings.audio_store import Problem
from training.recordings.clip import Clip


def write_manifest(
    path: Path, roots: Sequence[Path], clips: Sequence[Clip], problems: Sequence[Problem]
) -> None:
    """Write the clips of every split, their counts and the skipped recordings as JSON.

    Paths are relative to the folder they come from; its name stands before them where there are
    several.
    """
    content = {
        "counts": count_clips(clips),
        "skipped": [{"path": _name(p.path, roots), "reason": p.reason} for p in problems],
        "clips": [_entry(clip, roots) for clip in clips],
    }
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def count_clips(clips: Sequence[Clip]) -> dict[str, dict[str, int]]:
    """Return the number of clips by split and source."""
    counts = Counter((clip.split.value, clip.source) for clip in clips)
    splits = sorted({split for split, _ in counts})
    return {
        split: {source: n for (s, source), n in sorted(counts.items()) if s == split}
        for split in splits
    }


def _entry(clip: Clip, roots: Sequence[Path]) -> dict[str, Any]:
    return {
        "path": _name(clip.path, roots),
        "label": clip.label,
        "word": clip.word,
        "source": clip.source,
        "speaker": clip.speaker,
        "split": clip.split.value,
        "start": clip.start,
        "end": clip.end,
    }


def _name(path: Path, roots: Sequence[Path]) -> str:
    root = next(root for root in roots if path.is_relative_to(root))
    inside = path.relative_to(root)
    return (inside if len(roots) == 1 else _short(root, roots) / inside).as_posix()


def _short(root: Path, roots: Sequence[Path]) -> Path:
    names = [other.resolve().name for other in roots]
    name = root.resolve().name
    return Path(name) if names.count(name) == 1 else root
