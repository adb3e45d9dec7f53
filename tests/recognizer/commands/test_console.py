import sys

import pytest

from recognizer.commands.console import argument_parser, run_command, run_with_extra
from recognizer.errors import DeviceError, InputError


def raiser(error):
    def work():
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "status"),
    [(InputError("no such file"), 2), (DeviceError("no microphone"), 1)],
)
def test_an_error_is_one_line_and_decides_the_status(capsys, error, status):
    assert run_command(raiser(error)) == status
    assert capsys.readouterr().err == f"error: {error}\n"


def test_an_interrupt_is_130_and_says_nothing(capsys):
    assert run_command(raiser(KeyboardInterrupt())) == 130
    assert capsys.readouterr() == ("", "")


def test_work_that_returns_nothing_is_done():
    assert run_command(lambda: None) == 0


def test_a_defect_of_ours_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run_command(lambda: 1 // 0)


def test_wrong_usage_is_one_line_that_names_the_help(capsys):
    parser = argument_parser("Does nothing.")
    parser.prog = "digit-nothing"
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(["--what"])
    assert ended.value.code == 2
    expected = "error: unrecognized arguments: --what; see digit-nothing --help\n"
    assert capsys.readouterr().err == expected


def test_a_missing_extra_is_one_line_that_says_how_to_get_it(capsys, tmp_path, monkeypatch):
    (tmp_path / "needs_more.py").write_text("import a_package_that_nobody_has\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert run_with_extra("needs_more", "train") == 1
    expected = (
        "error: the Python package a_package_that_nobody_has is missing; "
        "pip install 'digit-listen[train]' brings it\n"
    )
    assert capsys.readouterr().err == expected


def test_a_command_with_its_extra_runs(tmp_path, monkeypatch):
    (tmp_path / "has_all.py").write_text("def main():\n    return 3\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert run_with_extra("has_all", "train") == 3
    assert "has_all" in sys.modules
