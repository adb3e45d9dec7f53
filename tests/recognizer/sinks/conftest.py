import pytest

from recognizer.detection import Detection
from tests.leaks import held
from tests.waiting import wait_until


@pytest.fixture
def no_leaks():
    """Fail if descriptors, threads or children are left behind by the test."""
    before = held()
    yield
    wait_until(lambda: held() <= before)


def numbered(number):
    """Return a detection that is told from others by its start."""
    return Detection("seven", 0.97, float(number), number + 0.4, number + 0.6)


@pytest.fixture
def seven():
    return Detection("seven", confidence=0.97, start=12.3149999, end=12.74, time=12.86)
