from contextlib import contextmanager
from dataclasses import replace

import pytest

from recognizer.configuration.settings import Settings
from recognizer.errors import InputError
from recognizer.service.part import Part, exchange

BEFORE = Settings(model="a", hop=0.1)


class Log:
    """Opens what can be told apart, and remembers what was opened and closed."""

    def __init__(self):
        self.lines = []

    @contextmanager
    def _named(self, name):
        self.lines.append(f"open {name}")
        yield name
        self.lines.append(f"close {name}")

    def part(self, field):
        def open_(settings, stack):
            value = getattr(settings, field)
            if value == "wrong":
                raise InputError("wrong")
            return stack.enter_context(self._named(f"{field} {value}"))

        return Part(lambda settings: getattr(settings, field), open_)


@pytest.fixture
def log():
    return Log()


@pytest.fixture
def parts(log):
    parts = (log.part("hop"), log.part("model"))
    exchange(parts, BEFORE)
    log.lines.clear()
    return parts


def test_all_are_opened_in_their_order(log):
    hop, model = log.part("hop"), log.part("model")
    exchange((hop, model), BEFORE)
    assert log.lines == ["open hop 0.1", "open model a"]
    assert (hop.thing, model.thing) == ("hop 0.1", "model a")


def test_what_does_not_change_stays_open(log, parts):
    exchange(parts, replace(BEFORE, hop=0.2))
    assert log.lines == ["open hop 0.2", "close hop 0.1"]
    assert [part.thing for part in parts] == ["hop 0.2", "model a"]


def test_where_one_does_not_open_all_stay_as_they_were(log, parts):
    with pytest.raises(InputError):
        exchange(parts, Settings(model="wrong", hop=0.2))
    assert log.lines == ["open hop 0.2", "close hop 0.2"]
    assert [part.thing for part in parts] == ["hop 0.1", "model a"]
    exchange(parts, BEFORE)
    assert len(log.lines) == 2


def test_what_was_closed_is_opened_again_by_the_same_settings(log, parts):
    parts[0].close()
    parts[0].close()
    exchange(parts, BEFORE)
    assert log.lines == ["close hop 0.1", "open hop 0.1"]


def test_there_is_nothing_to_use_before_the_first_exchange(log):
    with pytest.raises(ValueError, match="before it was opened"):
        _ = log.part("hop").thing


def test_a_part_sees_the_new_ones_before_it_in_an_exchange(log):
    hop = log.part("hop")
    seen = Part(lambda settings: settings, lambda *_: hop.thing)
    exchange((hop, seen), BEFORE)
    exchange((hop, seen), replace(BEFORE, hop=0.2))
    assert seen.thing == "hop 0.2"
