import shutil

import pytest

from recognizer.commands.listen import DEMO
from recognizer.errors import InputError
from recognizer.metadata import OTHER
from tests.synthetic_recordings import (
    write_speech_commands,
    write_spoken_digits,
    write_table,
)
from training.progress import no_progress
from training.recordings.clip import DIGITS, Kind, Split
from training.recordings.library import load_recordings
from training.recordings.splits import held_out_words


def test_a_label_without_a_usable_recording_is_named(tmp_path):
    root = write_speech_commands(tmp_path, ("low", "high"))
    for path in (root / "high").iterdir():
        path.write_text("no sound")
    with pytest.raises(InputError, match="no usable training recordings of high: expected"):
        load_recordings([root], ("low", "high"), no_progress)


def test_without_speakers_to_validate_with_nothing_is_trained(tmp_path):
    write_spoken_digits(tmp_path / "fsdd", {0: "zero"}, speakers=("ann",))
    with pytest.raises(InputError, match="no usable validation recordings of any label"):
        load_recordings([tmp_path], ("zero",), no_progress)


def test_recordings_of_several_folders_are_joined(tmp_path):
    roots = [tmp_path / "a", tmp_path / "b"]
    write_speech_commands(roots[0], ("low",))
    write_speech_commands(roots[1], ("high",))
    recordings = load_recordings(roots, ("low", "high"), no_progress)
    assert recordings.place == f"{roots[0]}, {roots[1]}"
    training = {(c.label, c.source) for c in recordings.of(Split.TRAINING)}
    assert training >= {("low", "a"), ("high", "b")}
    heard = {c.path for c in recordings.clips if c.split is not Split.TESTING}
    assert set(recordings.audio.samples) == heard


def test_words_of_utterances_join_as_other(tmp_path):
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    root = write_speech_commands(tmp_path / "data" / "speech_commands", ("zero",)).parent
    (root / "talks").mkdir()
    rows = [("talks/a.flac", "talks", "ann", " ".join(DIGITS))]
    shutil.copy(DEMO, root / "talks" / "a.flac")
    write_table(root / "utterances.csv", ("path", "source", "speaker", "text"), rows)
    recordings = load_recordings([root], ("zero",), no_progress)
    cut = {c.word for c in recordings.clips if (c.kind, c.label) == (Kind.SEGMENT, OTHER)}
    assert cut == set(DIGITS) - {"zero"} - held_out_words(DIGITS)
    assert root / "talks" / "a.flac" in recordings.audio.samples
    assert recordings.phones == {}
    known = load_recordings([root], ("zero",), no_progress, with_phones=True).phones
    assert [item.name for item in known[root / "talks" / "a.flac"]][:3] == ["Z", "IH", "R"]
