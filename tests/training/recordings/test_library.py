import pytest

from recognizer.errors import InputError
from tests.synthetic_recordings import write_speech_commands, write_spoken_digits
from training.progress import no_progress
from training.recordings.library import load_recordings


def test_a_label_without_a_usable_recording_is_named(tmp_path):
    root = write_speech_commands(tmp_path, ("low", "high"))
    for path in (root / "high").iterdir():
        path.write_text("no sound")
    with pytest.raises(InputError, match="no usable training recordings of high: expected"):
        load_recordings(root, ("low", "high"), no_progress)


def test_without_speakers_to_validate_with_nothing_is_trained(tmp_path):
    write_spoken_digits(tmp_path / "fsdd", {0: "zero"}, speakers=("ann",))
    with pytest.raises(InputError, match="no usable validation recordings of any label"):
        load_recordings(tmp_path, ("zero",), no_progress)
