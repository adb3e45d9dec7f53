import pytest

from recognizer.errors import InputError
from training.commands.report_folder import report_folder


def test_the_folder_is_there_inside(tmp_path):
    with report_folder(tmp_path / "a" / "b"):
        (tmp_path / "a" / "b" / "report.json").write_text("{}")
    with report_folder(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b" / "report.json").exists(), "what is there stays"


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match="file: the report cannot be written there"),
        report_folder(tmp_path / "file"),
    ):
        pass
