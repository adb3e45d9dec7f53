import json
import shutil

import matplotlib.image
import onnx
import pytest

from recognizer.commands.listen import DEMO
from tests.recognizer.conftest import tone_model
from tests.synthetic_recordings import write_speech_commands, write_spoken_digits, write_table
from training.commands.evaluate import main
from training.conditions import CLEAN, conditions
from training.recordings.clip import DIGITS
from training.recordings.splits import held_out_words


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Return a model that tells tones apart, but is too strict to accept quiet ones."""
    path = tmp_path_factory.mktemp("models") / "tones.onnx"
    onnx.save(tone_model(), path)
    return path


def evaluate(corpus, model, output, *arguments):
    flags = ("--model", model, "--data", corpus, "--output", output, *arguments)
    return main(["clips", *map(str, flags)])


def test_text_figures_and_picture_of_one_split(corpus, model, tmp_path, capsys):
    assert evaluate(corpus, model, tmp_path / "report") == 0
    text = capsys.readouterr().out
    assert "(tones) on testing clips of speech_commands: 2 of keywords, 1 other" in text
    for name in ("low", "high", "macro avg", "weighted avg"):
        assert name in text
    assert "100.0 %  keywords right, 'other' never chosen" in text
    assert "0.0 %  keywords right, 'other' among the choices" in text
    content = json.loads((tmp_path / "report" / "report.json").read_text())
    assert content["confusion"] == [[1, 0], [0, 1]]
    assert (content["split"], content["source"]) == ("testing", "speech_commands")
    picture = matplotlib.image.imread(tmp_path / "report" / "confusion.png")
    assert min(picture.shape[:2]) > 200


def test_json_is_one_object_on_standard_output(corpus, model, tmp_path, capsys):
    assert evaluate(corpus, model, tmp_path, "--json", "--split", "training") == 0
    (line,) = capsys.readouterr().out.splitlines()
    content = json.loads(line)
    assert (content["keyword_clips"], content["other_clips"]) == (8, 4)
    assert content["by_keyword"]["low"]["support"] == 4
    assert content == json.loads((tmp_path / "report.json").read_text())


def test_all_sources_can_be_taken_together(corpus, model, tmp_path, capsys):
    arguments = ("--json", "--split", "training", "--source", "all")
    assert evaluate(corpus, model, tmp_path, *arguments) == 0
    assert json.loads(capsys.readouterr().out)["other_clips"] == 5, "noise among them"


def test_several_folders_are_taken_together(corpus, model, tmp_path, capsys):
    more = write_speech_commands(tmp_path / "more" / "speech_commands", ("low", "high")).parent
    flags = ("--data", more, "--split", "training", "--json")
    assert evaluate(corpus, model, tmp_path / "report", *flags) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["keyword_clips"], content["data"]) == (16, f"{corpus}, {more}")


@pytest.fixture
def talks(tmp_path, monkeypatch):
    """Return a folder with one utterance, ten digits, for training."""
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    talks = tmp_path / "talks"
    (talks / "a").mkdir(parents=True)
    shutil.copy(DEMO, talks / "a" / "ann.flac")
    rows = [("a/ann.flac", "talks", "ann", " ".join(DIGITS))]
    write_table(talks / "utterances.csv", ("path", "source", "speaker", "text"), rows)
    return talks


def test_words_of_utterances_count_where_their_source_is_asked_for(
    corpus, model, talks, tmp_path, capsys
):
    flags = ("--data", talks, "--split", "training", "--json")
    assert evaluate(corpus, model, tmp_path / "report", *flags) == 0
    assert json.loads(capsys.readouterr().out)["other_clips"] == 4
    assert not (tmp_path / "cache").exists(), "nothing had to be aligned"
    assert evaluate(corpus, model, tmp_path / "report", *flags, "--source", "all") == 0
    cut = set(DIGITS) - held_out_words(DIGITS)
    whole = 6
    assert json.loads(capsys.readouterr().out)["other_clips"] == whole + len(cut)


def refusal(capsys) -> str:
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    return captured.err


@pytest.mark.parametrize("arguments", [("--source", "fsdd"), ("--source", "_background_noise_")])
def test_a_source_without_keywords_in_the_split_is_answered_with_those_that_have_some(
    corpus, model, tmp_path, capsys, arguments
):
    assert evaluate(corpus, model, tmp_path, *arguments) == 2
    line = refusal(capsys)
    assert f"no usable testing recordings of keywords from {arguments[1]}" in line
    assert "--split testing --source speech_commands" in line


def test_unreadable_recordings_are_skipped_with_a_warning(corpus, model, tmp_path, caplog, capsys):
    folder = shutil.copytree(corpus, tmp_path / "data")
    (folder / "speech_commands" / "high" / "b1_nohash_0.wav").write_text("no sound")
    assert evaluate(folder, model, tmp_path / "report", "--json") == 0
    assert "skipped" in caplog.text
    assert json.loads(capsys.readouterr().out)["keyword_clips"] == 1


def test_recordings_of_other_words_than_the_models_are_one_line(model, tmp_path, capsys):
    write_spoken_digits(tmp_path / "fsdd", {0: "zero"})
    assert evaluate(tmp_path, model, tmp_path) == 2
    assert "no recordings in a known layout" in refusal(capsys)


def test_an_unknown_model_is_one_line(corpus, tmp_path, capsys):
    assert evaluate(corpus, tmp_path / "none.onnx", tmp_path) == 2
    assert "none.onnx" in refusal(capsys)


def test_a_report_that_cannot_be_written_is_shown_all_the_same(corpus, model, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert evaluate(corpus, model, tmp_path / "file") == 2
    captured = capsys.readouterr()
    assert "keywords right" in captured.out
    assert "file: the report cannot be written there" in captured.err


def test_robustness_repeats_the_report_in_every_condition(corpus, model, tmp_path, capsys):
    flags = ("--robustness", "--split", "training", "--json")
    assert evaluate(corpus, model, tmp_path, *flags) == 0
    content = json.loads(capsys.readouterr().out)
    assert set(content["robustness"]) == set(conditions()) - {CLEAN}
    assert content["robustness"]["noise at 0 dB"]["keyword_clips"] == content["keyword_clips"]
    assert evaluate(corpus, model, tmp_path, *flags[:-1]) == 0
    assert "telephone band" in capsys.readouterr().out


def test_robustness_without_noise_of_the_split_is_one_line(corpus, model, tmp_path, capsys):
    assert evaluate(corpus, model, tmp_path, "--robustness") == 2
    assert "no testing recordings of noise" in refusal(capsys)


def test_an_unusable_recording_of_noise_is_skipped(corpus, model, tmp_path, caplog):
    data = shutil.copytree(corpus, tmp_path / "data")
    noise = data / "speech_commands" / "_background_noise_" / "broken.wav"
    noise.write_text("no sound")
    flags = ("--robustness", "--split", "training", "--json")
    assert evaluate(data, model, tmp_path / "report", *flags) == 0
    assert "broken.wav: unreadable" in caplog.text
