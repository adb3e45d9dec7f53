from pathlib import Path

import numpy as np
import pytest
import torch

from recognizer.metadata import OTHER
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind, Split
from training.validation import build_validation, judge, predict, strange_words


def test_held_out_clips_come_clean_and_disturbed(recordings, small):
    clips = recordings.of(Split.VALIDATION)
    chosen = build_validation(clips, recordings.audio, small.augmentation)
    assert chosen.clips == tuple(clips)
    assert chosen.clean.shape == chosen.disturbed.shape == (len(clips), 16_000)
    first = recordings.audio.samples[clips[0].path] / np.float32(32768)
    assert np.allclose(chosen.clean[0].numpy(), first)
    assert not torch.allclose(chosen.clean, chosen.disturbed, atol=0.01)


def test_the_disturbance_does_not_depend_on_what_was_drawn_before(recordings, small):
    clips = recordings.of(Split.VALIDATION)
    first = build_validation(clips, recordings.audio, small.augmentation)
    torch.manual_seed(99)
    again = build_validation(clips, recordings.audio, small.augmentation)
    assert torch.equal(first.disturbed, again.disturbed)


def test_skipped_recordings_are_left_out(recordings, small):
    clips = recordings.of(Split.VALIDATION)
    samples = {clips[0].path: recordings.audio.samples[clips[0].path]}
    chosen = build_validation(clips, AudioStore(samples, ()), small.augmentation)
    assert chosen.clips == (clips[0],)


def test_predictions_are_probabilities_of_any_number_of_windows():
    network = torch.nn.Linear(16_000, 3)
    probabilities = predict(network, torch.randn(130, 16_000), torch.device("cpu"))
    assert probabilities.shape == (130, 3)
    assert probabilities.dtype == np.float32
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def clip(word: str, label: str = OTHER, kind: Kind = Kind.WORD) -> Clip:
    path = Path(word or kind.value)
    return Clip(path, label, "sc", "s", Split.VALIDATION, kind, word=word)


def test_other_words_that_the_training_heard_judge_nothing():
    training = [clip("happy"), clip("yes", "yes")]
    speech, keyword = clip("", kind=Kind.SPEECH), clip("yes", "yes")
    validation = [clip("happy"), clip("house"), keyword, speech]
    assert strange_words(validation, training) == [clip("house"), keyword, speech]


def test_other_words_stay_where_the_training_heard_all_of_them():
    training = [clip("happy")]
    validation = [clip("happy"), clip("yes", "yes")]
    assert strange_words(validation, training) == validation


def test_a_network_is_judged_by_keywords_accepted_where_few_other_words_pass():
    clips = [clip("yes", "yes")] * 10 + [clip("house")] * 100
    others = np.tile(np.array([[0.4, 0.6]], dtype=np.float32), (100, 1))
    others[:3] = 0.9, 0.1
    keywords = np.linspace([0.35, 0.65], [0.99, 0.01], 10, dtype=np.float32)
    clean = np.concatenate([keywords, others])
    noisy = np.concatenate([keywords[::-1] * 0 + [0.2, 0.8], others]).astype(np.float32)
    judgement = judge(clips, clean, noisy, ("yes", OTHER), 0.03)
    assert judgement.clean.false_acceptance == {"sc": pytest.approx(0.03)}
    assert judgement.clean.accepted == pytest.approx(0.8), "those likelier than OTHER"
    assert judgement.disturbed.accepted == 0
    # Two per cent let nothing pass up to 0.9, which two keywords reach.
    assert judgement.score == pytest.approx((5 * 0.8 + 0.2) / 6 / 2)


def test_too_much_confidence_is_taken_back():
    clips = [clip("yes", "yes")] * 10 + [clip("house")] * 10
    sure = np.array([[0.999, 0.001]] * 8 + [[0.001, 0.999]] * 2, dtype=np.float32)
    probabilities = np.concatenate([sure, sure[:, ::-1]])
    judgement = judge(clips, probabilities, probabilities, ("yes", OTHER), 0.03)
    assert judgement.calibration.temperature > 2
    assert judgement.calibration.other_bias == pytest.approx(0, abs=0.1)


def test_too_much_other_is_taken_back():
    clips = [clip("yes", "yes")] * 10 + [clip("house")] * 10
    answers = [[0.45, 0.55]] * 9 + [[0.02, 0.98]] * 11
    probabilities = np.array(answers, dtype=np.float32)
    judgement = judge(clips, probabilities, probabilities, ("yes", OTHER), 0.03)
    assert judgement.calibration.other_bias < -1
    assert judgement.clean.accepted == pytest.approx(0.9)
