import io
import sys

import pytest

from training.commands.bar import progress_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal(), True), (io.StringIO(), False)])
def test_a_bar_is_shown_only_where_a_person_watches(monkeypatch, stream, shown):
    monkeypatch.setattr(sys, "stderr", stream)
    assert list(progress_bar(range(3), "reading")) == [0, 1, 2]
    assert ("reading" in stream.getvalue()) is shown
