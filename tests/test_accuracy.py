"""The bundled models on the official test clips of Speech Commands, which no training saw.

The recordings are no part of the repository: DIGIT_LISTEN_RECORDINGS names their folder.
"""

import json
import os
from pathlib import Path

import pytest

from training.commands.evaluate import main as evaluate

RECORDINGS = Path(os.environ.get("DIGIT_LISTEN_RECORDINGS", "../shared/data"))

needs_recordings = pytest.mark.skipif(
    not (RECORDINGS / "speech_commands" / "testing_list.txt").is_file(),
    reason=f"no recordings in {RECORDINGS}: set DIGIT_LISTEN_RECORDINGS to their folder",
)


@needs_recordings
@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "least"), [("baseline", 0.85), ("crnn", 0.88), ("parallel", 0.88), ("edge", 0.94)]
)
def test_digits_of_unseen_speakers_are_told_apart(model, least, tmp_path, capsys):
    flags = ["clips", "--model", model, "--data", str(RECORDINGS), "--output", str(tmp_path)]
    assert evaluate([*flags, "--split", "testing", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["keyword_clips"] >= 100
    assert report["accuracy"] >= least
