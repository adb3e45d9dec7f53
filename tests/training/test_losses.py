import pytest
import torch
from torch.nn import functional

from training.augmentation.pipeline import Augmented
from training.losses import frame_loss, window_loss

LABELS = 3
OTHER = LABELS - 1


def augmented(start: float, end: float) -> Augmented:
    return Augmented(torch.zeros(1, 16_000), torch.tensor([start]), torch.tensor([end]))


def sure_of(labels: list[int]) -> torch.Tensor:
    """Return logits [1, frames, labels] that leave no doubt."""
    return 50.0 * functional.one_hot(torch.tensor([labels]), LABELS).float()


def test_frames_carry_the_keyword_on_its_last_part_only():
    # 11 frames, one every 1,600 samples; the word lasts from 3,200 to 11,200, its last part from
    # 6,400.
    right = [OTHER] * 4 + [0] * 3 + [OTHER] * 4
    word = augmented(3_200, 11_200)
    assert frame_loss(sure_of(right), torch.tensor([0]), word, 0.0) < 1e-6
    for place in range(11):
        wrong = list(right)
        wrong[place] = 1
        assert frame_loss(sure_of(wrong), torch.tensor([0]), word, 0.0) > 1


def test_without_a_keyword_all_frames_are_other():
    nothing = augmented(8_000, 8_000)
    assert frame_loss(sure_of([OTHER] * 11), torch.tensor([OTHER]), nothing, 0.0) < 1e-6


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_windows_are_judged_by_cross_entropy(smoothing):
    logits, targets = torch.randn(5, LABELS), torch.tensor([0, 1, 2, 0, 1])
    smooth = functional.one_hot(targets, LABELS) * (1 - smoothing) + smoothing / LABELS
    expected = -(smooth * logits.log_softmax(dim=1)).sum(dim=1).mean()
    assert window_loss(logits, targets, smoothing).item() == pytest.approx(expected.item())
