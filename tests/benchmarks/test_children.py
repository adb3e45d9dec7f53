import sys

import pytest

from benchmarks.children import cpu_seconds, pace, peak_memory, run
from recognizer.errors import DigitListenError

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's /proc")

BUSY = "import time\nwhile time.process_time() < 0.3: pass\nprint('done')"


def python(code):
    return [sys.executable, "-c", code]


def test_a_child_tells_what_it_used_and_wrote():
    cost = run(python(BUSY))
    assert cost.output == "done\n"
    assert 0.25 < cost.cpu_seconds < 5


def test_a_child_that_sleeps_costs_nothing_for_it():
    assert run(python("import time; time.sleep(1)")).cpu_seconds < 0.5


def test_a_failure_is_told_in_the_last_line_that_the_child_wrote():
    with pytest.raises(DigitListenError, match=r"failed: ValueError: why$"):
        run(python("raise ValueError('why')"))


def test_a_child_that_reads_nothing_is_no_failure():
    assert run(python("pass"), lambda _pid, pipe: pipe.write(bytes(10**7))).output == ""


def test_a_child_is_fed_in_time_and_looked_at_meanwhile():
    seen = {}

    def feed(pid, pipe):
        pace(pipe, [b"x" * 10] * 4, 0.01)
        seen["cpu"], seen["memory"] = cpu_seconds(pid), peak_memory(pid)

    code = "import sys; print(len(sys.stdin.buffer.read()))"
    assert run(python(code), feed).output == "40\n"
    assert seen["cpu"] >= 0
    assert 10**6 < seen["memory"] < 10**8, "not the memory of this process"
