from benchmarks.options import Options
from benchmarks.rows.overhead import overhead


def test_listening_is_compared_with_its_network():
    (figure,) = overhead(Options(quick=True))
    assert figure.value is not None
    assert figure.value > 0.5
    assert all(value > 0 for value in figure.details.values())
