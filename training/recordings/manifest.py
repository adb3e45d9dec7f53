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
    path: Path, root: Path, clips: Sequence[Clip], problems: Sequence[Problem]
) -> None:
    """Write the clips of every split, their counts and the skipped recordings as JSON."""
    content = {
        "counts": count_clips(clips),
        "skipped": [{"path": _name(p.path, root), "reason": p.reason} for p in problems],
        "clips": [_entry(clip, root) for clip in clips],
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


def _entry(clip: Clip, root: Path) -> dict[str, Any]:
    return {
        "path": _name(clip.path, root),
        "label": clip.label,
        "source": clip.source,
        "speaker": clip.speaker,
        "split": clip.split.value,
        "start": clip.start,
        "end": clip.end,
    }


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
