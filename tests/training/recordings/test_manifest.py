import json
from pathlib import Path

from training.recordings.audio_store import Problem
from training.recordings.clip import Clip, Kind, Split
from training.recordings.manifest import count_clips, write_manifest

ROOT = Path("/data")
CLIPS = [
    Clip(ROOT / "sc/yes/a.wav", "yes", "sc", "a", Split.TRAINING, Kind.WORD),
    Clip(ROOT / "sc/yes/b.wav", "yes", "sc", "b", Split.TESTING, Kind.WORD),
    Clip(ROOT / "sc/no/a.wav", "no", "sc", "a", Split.TRAINING, Kind.WORD),
    Clip(ROOT / "talks/c.wav", "no", "talks", "c", Split.TRAINING, Kind.SEGMENT, 0.5, 0.9, "no"),
]


def test_clips_are_counted_by_split_and_source():
    assert count_clips(CLIPS) == {"training": {"sc": 2, "talks": 1}, "testing": {"sc": 1}}


def test_the_manifest_names_every_clip_and_every_skipped_recording(tmp_path):
    path = tmp_path / "manifest.json"
    write_manifest(path, [ROOT], CLIPS, [Problem(ROOT / "sc/yes/z.wav", "silent")])
    content = json.loads(path.read_text())
    assert content["counts"] == count_clips(CLIPS)
    assert content["skipped"] == [{"path": "sc/yes/z.wav", "reason": "silent"}]
    assert content["clips"][3] == {
        "path": "talks/c.wav",
        "label": "no",
        "word": "no",
        "source": "talks",
        "speaker": "c",
        "split": "training",
        "start": 0.5,
        "end": 0.9,
    }
    assert len(content["clips"]) == 4


def names_of_files(tmp_path, *roots):
    clips = [
        Clip(root / "yes/a.wav", "yes", "sc", "a", Split.TRAINING, Kind.WORD) for root in roots
    ]
    write_manifest(tmp_path / "manifest.json", roots, clips, [])
    content = json.loads((tmp_path / "manifest.json").read_text())
    return [clip["path"] for clip in content["clips"]]


def test_of_several_folders_each_is_named(tmp_path):
    names = names_of_files(tmp_path, Path("/data/own"), Path("/more/synthetic"))
    assert names == ["own/yes/a.wav", "synthetic/yes/a.wav"]


def test_folders_of_the_same_name_are_told_apart(tmp_path):
    names = names_of_files(tmp_path, Path("/data/words"), Path("/more/words"))
    assert names == ["/data/words/yes/a.wav", "/more/words/yes/a.wav"]
