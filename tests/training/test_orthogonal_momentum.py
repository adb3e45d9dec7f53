import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.orthogonal_momentum import OrthogonalMomentum, orthogonal


@given(st.integers(2, 24), st.integers(2, 24), st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_all_directions_of_a_matrix_count_as_much_afterwards(rows, columns, seed, scale):
    generator = torch.Generator().manual_seed(seed)
    left, _ = torch.linalg.qr(torch.randn(rows, rows, generator=generator))
    right, _ = torch.linalg.qr(torch.randn(columns, columns, generator=generator))
    rank = min(rows, columns)
    values = torch.linspace(1.0, 3.0, rank) * scale
    matrix = left[:, :rank] * values @ right[:, :rank].T
    assert orthogonal(matrix).shape == matrix.shape
    found = torch.linalg.svdvals(orthogonal(matrix))
    assert found.min() > 0.6
    assert found.max() < 1.3


def test_a_step_is_as_long_whatever_the_gradient_and_longer_for_tall_matrices():
    def moved(shape, scale):
        weights = torch.zeros(shape, requires_grad=True)
        torch.manual_seed(1)
        (weights * torch.randn(shape) * scale).sum().backward()
        OrthogonalMomentum([weights], lr=0.1).step()
        return float(weights.detach().norm())

    square = moved((16, 16, 1), 1.0)
    assert moved((16, 16, 1), 1000.0) == pytest.approx(square, rel=1e-3)
    assert square == pytest.approx(0.1 * 16**0.5, rel=0.25)
    assert moved((64, 16, 1), 1.0) == pytest.approx(2 * square, rel=0.25)


def test_weights_without_a_gradient_stay_and_others_decay():
    idle, busy = torch.ones(16, 16, requires_grad=True), torch.ones(16, 16, requires_grad=True)
    (busy * 0).sum().backward()
    OrthogonalMomentum([idle, busy], lr=0.1, weight_decay=0.5).step()
    assert torch.equal(idle, torch.ones(16, 16))
    assert torch.allclose(busy, torch.full((16, 16), 0.95))


def test_it_finds_the_matrix_that_a_map_was_made_with():
    torch.manual_seed(0)
    truth, guess = torch.randn(16, 16), torch.zeros(16, 16, requires_grad=True)
    inputs = torch.randn(16, 256)
    optimizer = OrthogonalMomentum([guess], lr=0.2)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, total_iters=200)
    for _ in range(200):
        optimizer.zero_grad()
        ((guess - truth) @ inputs).square().mean().backward()
        optimizer.step()
        schedule.step()
    assert (guess - truth).norm() < 0.1 * truth.norm()
