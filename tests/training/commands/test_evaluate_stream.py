import json

import matplotlib.image
import onnx
import pytest
import soundfile

from tests.recognizer.conftest import tone_model
from tests.synthetic_recordings import hiss, write_audio, write_speech_commands, write_utterances
from training.commands.evaluate import main
from training.streams.curve import THRESHOLDS

SPOKEN = "utterances,long,isolated,strings"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "tones.onnx"
    onnx.save(tone_model(), path)
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return words, noise, and utterances by two speakers, of whom one is held out."""
    root = tmp_path_factory.mktemp("data")
    write_speech_commands(root / "speech_commands", ("low", "high", "happy"), speakers=3)
    for number in range(20):
        write_audio(root / "noise" / f"{number}.wav", hiss(1.0, number))
    texts = ("low", "low yes", "yes", "low high")
    rows = [
        (f"{name}/{place}.wav", name, text)
        for name in ("ann", "bob")
        for place, text in enumerate(texts)
    ]
    write_utterances(root / "talks", [(f"a/{path}", who, text) for path, who, text in rows])
    return root


def evaluate(data, model, output, *arguments):
    flags = ("--model", model, "--data", data, "--output", output, "--split", "validation")
    return main(["stream", *map(str, (*flags, *arguments))])


def figures(capsys):
    return json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def swept(data, model, tmp_path_factory):
    """Return the folder of a whole report with its curve."""
    folder = tmp_path_factory.mktemp("report")
    assert evaluate(data, model, folder, "--what", SPOKEN, "--hours", "0.0004", "--curve") == 0
    return folder


def test_figures_of_every_part_and_how_fast_it_was(swept):
    content = json.loads((swept / "report.json").read_text())
    assert set(content["parts"]) == {
        "digits",
        "embedded",
        "speech",
        "noise",
        "isolated",
        "strings",
    }
    assert content["parts"]["isolated"]["words"]["words"] == 1
    assert content["parts"]["digits"]["strings"]["strings"] == 1
    assert content["times_real_time"] > 1
    assert (content["split"], content["snr_db"], content["seed"]) == ("validation", 20.0, 0)


def test_the_curve_is_figures_and_a_picture(swept):
    curve = json.loads((swept / "report.json").read_text())["curve"]
    assert [point["threshold"] for point in curve] == [None, *THRESHOLDS]
    swept_misses = [point["misses"]["isolated"] for point in curve[1:]]
    assert swept_misses == sorted(swept_misses)
    assert min(matplotlib.image.imread(swept / "curve.png").shape[:2]) > 300


def test_composed_sound_of_mistakes_that_are_shown_can_be_listened_to(swept):
    content = json.loads((swept / "report.json").read_text())
    mistakes = [m for name in ("isolated", "strings") for m in content["parts"][name]["mistakes"]]
    assert mistakes
    for mistake in mistakes:
        assert soundfile.info(mistake["file"]).duration > mistake["end"]


def test_other_words_alone_are_told_apart_from_keywords(model, tmp_path, capsys):
    write_speech_commands(tmp_path / "words", ("low", "high", "happy"), speakers=3)
    for number in range(20):
        write_audio(tmp_path / "noise" / f"{number}.wav", hiss(1.0, number))
    assert evaluate(tmp_path, model, tmp_path / "report", "--what", "words", "--json") == 0
    words = figures(capsys)["parts"]["words"]
    assert (words["words"]["words"], words["alarms"]["alarms"]) == (1, words["words"]["wrong"])


def test_text_names_the_parts_and_the_speed(data, model, tmp_path, capsys):
    assert evaluate(data, model, tmp_path, "--what", "long,isolated", "--hours", "0.001") == 0
    text = capsys.readouterr().out
    for part in ("(tones) on validation speakers", "times real time", "Single keywords on noise"):
        assert part in text
    assert "Over thresholds" not in text
    assert not (tmp_path / "curve.png").exists()


def test_the_same_seed_gives_the_same_figures_and_another_seed_others(
    data, model, tmp_path, capsys
):
    def mistakes(seed):
        flags = ("--what", "strings", "--json", "--seed", seed, "--snr", "40")
        assert evaluate(data, model, tmp_path, *flags) == 0
        return figures(capsys)["parts"]["strings"]

    assert mistakes(0) == mistakes(0) != mistakes(1)


def refusal(capsys):
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    return captured.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--what", "speeches"), "--what is 'speeches': expected one or more of utterances,long"),
        (("--split", "training"), "--split is 'training': expected one or more of validation"),
        (("--hours", "0"), "--hours is 0: expected more than 0"),
        (("--hours", "nan"), "--hours is nan: expected more than 0"),
        (("--snr", "100"), "--snr is 100: expected -20 to 60 dB"),
        (("--seed", "-1"), "--seed is -1: expected 0 or more"),
        (("--curve", "--what", "long"), "--curve with --what long: expected long, for false"),
    ],
)
def test_a_flag_out_of_range_is_one_line(data, model, capsys, arguments, reason):
    assert evaluate(data, model, "nowhere", *arguments) == 2
    assert reason in refusal(capsys)


def test_a_split_without_recordings_is_one_line(model, tmp_path, capsys):
    write_speech_commands(tmp_path / "words", ("low", "high"), speakers=2, lists=False)
    flags = ("--split", "testing", "--what", "utterances,long")
    assert evaluate(tmp_path, model, tmp_path / "report", *flags) == 2
    assert "no usable testing recordings for utterances,long" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_shown_all_the_same(data, model, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert evaluate(data, model, tmp_path / "file", "--what", "utterances") == 2
    captured = capsys.readouterr()
    assert "Utterances of keywords only" in captured.out
    assert "file: the report cannot be written there" in captured.err
