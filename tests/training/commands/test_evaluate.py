import pytest

from training.commands.evaluate import main


def test_a_report_must_be_named(capsys):
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert "REPORT" in capsys.readouterr().err


@pytest.mark.parametrize("report", ["clips", "stream"])
def test_help_of_each_report_tells_defaults(report, capsys):
    with pytest.raises(SystemExit) as caught:
        main([report, "--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "default: testing" in text
    assert "--model" in text
