import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.augmentation.masking import mask_features


@given(bands=st.integers(0, 128), frames=st.integers(0, 44), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_one_stretch_of_bands_and_one_of_frames_are_hidden(bands, frames, seed):
    torch.manual_seed(seed)
    hidden = mask_features(torch.ones(6, 128, 44), bands, frames) == 0
    for example in hidden:
        rows, columns = example.all(dim=1), example.all(dim=0)
        if not example.all():
            assert torch.equal(example, rows.unsqueeze(1) | columns.unsqueeze(0))
            assert is_one_stretch(rows, bands)
            assert is_one_stretch(columns, frames)


def is_one_stretch(hidden: torch.Tensor, longest: int) -> bool:
    starts = (hidden[1:] & ~hidden[:-1]).sum() + hidden[0]
    return starts <= 1 and hidden.sum() <= longest


def test_stretches_differ_between_examples_and_reach_their_length():
    hidden = mask_features(torch.ones(200, 128, 44), 20, 6) == 0
    lengths = hidden[:, :, 0].sum(dim=1)
    assert lengths.max() >= 18
    assert lengths.unique().numel() > 10


def test_what_is_not_hidden_stays_as_it_was():
    features = torch.randn(4, 128, 44)
    masked = mask_features(features, 20, 6)
    assert torch.equal(masked[masked != 0], features[masked != 0])
    assert torch.equal(mask_features(features, 0, 0), features)
