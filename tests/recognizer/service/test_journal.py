"""The log of real commands, with standard error as the journal and otherwise."""

import io
import os
import subprocess
import sys

import pytest

from recognizer.service.journal import is_journal, with_priority

RUN = [
    sys.executable,
    "-c",
    "import sys; from recognizer.commands.listen import main; sys.exit(main())",
]
MIXED = """
import logging
from recognizer.commands.console import log_to_standard_error
log_to_standard_error()
logging.info("two\\nlines")
logging.warning("careful")
logging.critical("over")
"""


def logged(tmp_path, command, *, by_journal):
    """Return what a command wrote to standard error, said to be the journal or not."""
    path = tmp_path / "errors"
    with path.open("wb") as errors:
        status = os.fstat(errors.fileno())
        inode = status.st_ino if by_journal else status.st_ino + 1
        environment = os.environ | {"JOURNAL_STREAM": f"{status.st_dev}:{inode}"}
        subprocess.run(command, env=environment, stderr=errors, stdout=errors, check=False)
    return path.read_text().splitlines()


def test_under_the_journal_every_line_has_its_priority_and_no_time(tmp_path):
    lines = logged(tmp_path, [sys.executable, "-c", MIXED], by_journal=True)
    assert lines == ["<6>two", "<6>lines", "<4>careful", "<2>over"]


def test_elsewhere_lines_are_as_people_read_them(tmp_path):
    lines = logged(tmp_path, [sys.executable, "-c", MIXED], by_journal=False)
    assert lines == ["two", "lines", "warning: careful", "critical: over"]


@pytest.mark.parametrize("flags", [["--hop", "7"], ["--nonsense"], ["--input", "/no/such/file"]])
def test_errors_have_theirs_too(tmp_path, flags):
    lines = logged(tmp_path, [*RUN, *flags], by_journal=True)
    assert lines[-1].startswith("<3>")
    assert not any("error:" in line for line in lines)


def test_a_stream_that_is_no_file_is_no_journal():
    assert not is_journal(io.StringIO(), {"JOURNAL_STREAM": "1:2"})


def test_there_is_a_priority_for_every_level():
    assert [with_priority("x", level) for level in (10, 20, 30, 40, 50)] == [
        "<7>x",
        "<6>x",
        "<4>x",
        "<3>x",
        "<2>x",
    ]
