import pytest
from prometheus_client.parser import text_string_to_metric_families

from recognizer.metrics.metrics import Metrics


class Clock:
    """Stands still until it is moved."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def metrics(clock):
    return Metrics(clock)


def samples(metrics):
    """Return what a page of metrics says, read by Prometheus' own parser: name, labels to value."""
    families = text_string_to_metric_families(metrics.page().decode())
    return {
        (sample.name.removeprefix("digit_listen_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }
