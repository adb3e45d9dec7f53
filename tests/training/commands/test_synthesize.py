import importlib.util
import shutil

import pytest
import soundfile

from training.commands.synthesize import main
from training.recordings.catalogue import find_clips, find_utterances
from training.recordings.clip import Kind
from training.recordings.speech_commands import speaker_of

espeak = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")
needs_pocketsphinx = pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None, reason="pocketsphinx is not installed"
)
FEW = ("--labels", "yes,no", "--keyword-takes", "3", "--takes", "1")


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("yes, hello\n")
    return path


def files(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refusal(capsys, *arguments, status=2) -> str:
    assert main(list(map(str, arguments))) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    return captured.err


@espeak
def test_a_folder_of_words_that_training_can_read(tmp_path, words, caplog):
    caplog.set_level("INFO")
    output = tmp_path / "spoken"
    assert main([*FEW, "--words", str(words), "--output", str(output)]) == 0
    clips = find_clips([output], ("yes", "no"))
    assert sorted(clip.path.parent.name for clip in clips) == ["hello", *["no"] * 3, *["yes"] * 3]
    assert {clip.label for clip in clips} == {"yes", "no", "other"}
    assert all(0.3 < soundfile.info(clip.path).duration < 1.8 for clip in clips)
    assert ": 7 recordings (" in caplog.text
    assert "words: 3, there already: 0" in caplog.text


@espeak
def test_the_same_command_makes_the_same_and_goes_on_where_it_ended(tmp_path, words, caplog):
    caplog.set_level("INFO")
    arguments = [*FEW, "--words", str(words), "--output"]
    assert main([*arguments, str(tmp_path / "once")]) == 0
    made = files(tmp_path / "once")
    kept, lost = sorted(made)[:3], sorted(made)[3:]
    for name in lost:
        (tmp_path / "once" / name).unlink()
    for name in kept:
        (tmp_path / "once" / name).write_bytes(b"mine")
    assert main([*arguments, str(tmp_path / "once")]) == 0
    assert files(tmp_path / "once") == made | dict.fromkeys(kept, b"mine")
    assert "there already: 3" in caplog.text


@espeak
def test_no_takes_of_other_words_leave_keywords_only(tmp_path):
    arguments = ["--labels", "computer", "--keyword-takes", "2", "--takes", "0"]
    assert main([*arguments, "--output", str(tmp_path / "mine")]) == 0
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["computer"]


@espeak
@needs_pocketsphinx
def test_running_speech_comes_with_its_text_for_training(tmp_path, words, caplog):
    caplog.set_level("INFO")
    output = tmp_path / "spoken"
    arguments = [*FEW, "--words", str(words), "--sentences", "12", "--output", str(output)]
    assert main(arguments) == 0
    utterances = find_utterances([output])
    assert len(utterances) == 12
    assert {item.source for item in utterances} == {"spoken"}
    for item in utterances:
        assert item.speaker == speaker_of(item.path)
        assert soundfile.info(item.path).duration > 0.15 * len(item.words)
    speech = [clip for clip in find_clips([output], ("yes", "no")) if clip.kind is Kind.SPEECH]
    without = [item.path for item in utterances if {"yes", "no"}.isdisjoint(item.words)]
    assert sorted(clip.path for clip in speech) == sorted(without)
    assert 0 < len(without) < 12
    assert "19 recordings (" in caplog.text
    made = files(output)
    assert main(arguments) == 0
    assert files(output) == made


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--sentences", "-1"), "--sentences is -1: expected 0 to 10,000"),
        (("--takes", "-1"), "--takes is -1: expected 0 to 10,000"),
        (("--keyword-takes", "10001"), "--keyword-takes is 10001: expected 0 to 10,000"),
        (("--labels", ","), "--labels: found no words: expected words of letters"),
        (("--labels", "../up"), "--labels: found '../up': expected words of letters"),
        (("--words", "/nowhere/list"), "/nowhere/list: "),
    ],
)
def test_what_cannot_be_used_is_one_line(capsys, tmp_path, arguments, message):
    line = refusal(capsys, "--output", tmp_path / "spoken", *arguments)
    assert message in line
    assert not (tmp_path / "spoken").exists()


@espeak
def test_a_folder_that_cannot_be_made_is_one_line(capsys, tmp_path):
    (tmp_path / "file").touch()
    few = ("--labels", "yes", "--keyword-takes", "1", "--takes", "0")
    line = refusal(capsys, *few, "--output", tmp_path / "file" / "spoken")
    assert "file/spoken: nothing can be written there" in line


def test_without_any_program_one_line_tells_what_to_install(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    line = refusal(capsys, "--output", tmp_path / "spoken", status=1)
    assert "apt install espeak-ng flite festival" in line
