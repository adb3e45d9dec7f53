import numpy as np
import torch

from training.recordings.audio_store import AudioStore
from training.recordings.clip import Split
from training.validation import build_validation, predict


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
