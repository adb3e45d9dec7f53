import pytest
import torch
from torch.nn import functional

from training.losses import frame_loss, window_loss
from training.tracks import UNDECIDED, WINDOW_STEPS

LABELS = 3
OTHER = LABELS - 1


def sure_of(labels: list[int]) -> torch.Tensor:
    """Return logits [1, frames, labels] that leave no doubt."""
    return 50.0 * functional.one_hot(torch.tensor([labels]), LABELS).float()


def track(*labels: int) -> torch.Tensor:
    """Return a track [1, WINDOW_STEPS] with equal parts of the labels."""
    return torch.tensor(labels).repeat_interleave(WINDOW_STEPS // len(labels)).unsqueeze(0)


def test_frames_are_judged_by_what_is_said_at_their_time():
    right = [OTHER] * 3 + [0] * 3 + [OTHER] * 4
    said = track(OTHER, OTHER, OTHER, 0, 0, 0, OTHER, OTHER, OTHER, OTHER)
    assert frame_loss(sure_of(right), said, 0.0) < 1e-6
    for place in range(10):
        wrong = list(right)
        wrong[place] = 1
        assert frame_loss(sure_of(wrong), said, 0.0) > 1


def test_undecided_frames_and_windows_do_not_count():
    assert frame_loss(sure_of([1, 1, 0, 0]), track(UNDECIDED, 0), 0.0) < 1e-6
    nothing = frame_loss(sure_of([1, 1]), track(UNDECIDED), 0.1)
    assert nothing == 0
    logits, targets = torch.randn(4, LABELS), torch.tensor([0, UNDECIDED, 2, UNDECIDED])
    some = window_loss(logits, targets, 0.1)
    assert some.item() == pytest.approx(window_loss(logits[::2], targets[::2], 0.1).item())


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_windows_are_judged_by_cross_entropy(smoothing):
    logits, targets = torch.randn(5, LABELS), torch.tensor([0, 1, 2, 0, 1])
    smooth = functional.one_hot(targets, LABELS) * (1 - smoothing) + smoothing / LABELS
    expected = -(smooth * logits.log_softmax(dim=1)).sum(dim=1).mean()
    assert window_loss(logits, targets, smoothing).item() == pytest.approx(expected.item())
