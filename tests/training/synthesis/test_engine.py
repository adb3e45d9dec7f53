import sys

import pytest

from training.synthesis.engine import EngineError, run_program


def test_a_voice_is_named_in_letters_digits_and_hyphens(make_voice):
    assert make_voice("en-gb+f3", "espeak-ng").name == "espeak-ng-en-gb-f3"
    assert make_voice("kal_diphone", "festival").name == "festival-kal-diphone"


def test_a_program_hears_the_text_and_its_answer_comes_back():
    code = "print(input().upper())"
    assert run_program([sys.executable, "-c", code], "seven") == "SEVEN\n"


def test_a_program_that_fails_is_one_line_with_what_it_said():
    command = [sys.executable, "-c", "import sys; sys.exit('no such\\nvoice')"]
    with pytest.raises(EngineError) as caught:
        run_program(command)
    assert str(caught.value) == f"{sys.executable} failed: no such voice"


def test_a_program_that_fails_without_a_word_is_told_by_its_status():
    with pytest.raises(EngineError, match="failed: exit status 3"):
        run_program([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_missing_program_is_one_line():
    with pytest.raises(EngineError, match="no-such-program failed: No such file"):
        run_program(["no-such-program"])


def test_a_voice_that_fails_says_why(make_voice, manner, tmp_path):
    with pytest.raises(EngineError, match="failed: lost my voice"):
        make_voice("hoarse").speak("seven", manner, tmp_path / "seven.wav")
