import dataclasses
import json
import shutil

import matplotlib.image
import numpy as np
import pytest
import torch

from recognizer.errors import InputError
from tests.synthetic_recordings import write_audio, write_speech_commands
from training.checkpoint import load_checkpoint, save_checkpoint
from training.classifier import Classifier
from training.progress import no_progress
from training.recordings.clip import Split
from training.recordings.library import load_recordings
from training.run import Machine, Run
from training.start import load_start

CPU = Machine(torch.device("cpu"))


class KilledError(Exception):
    pass


def ignore(_row):
    pass


def kill(_row):
    raise KilledError


def weights(folder) -> dict[str, torch.Tensor]:
    return load_checkpoint(folder / "best.pt")["network"]


def state(folder) -> dict[str, torch.Tensor]:
    return load_checkpoint(folder / "last.pt")["trainer"]["average"]


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(
        torch.allclose(first[key], second[key], rtol=0, atol=1e-6) for key in first
    )


def metrics(folder) -> list[dict]:
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [{key: row[key] for key in row if key != "seconds"} for row in rows]


def test_a_run_writes_checkpoints_metrics_curves_settings_and_manifest(finished_run):
    assert {path.name for path in finished_run.iterdir()} == {
        "best.pt",
        "final.pt",
        "last.pt",
        "metrics.jsonl",
        "curves.png",
        "settings.json",
        "manifest.json",
    }
    assert [row["epoch"] for row in metrics(finished_run)] == [1, 2]
    assert matplotlib.image.imread(finished_run / "curves.png").shape[1] > 800


def test_the_best_checkpoint_has_all_that_the_export_needs(finished_run, small):
    keys = ("architecture", "labels", "network", "thresholds", "training")
    content = load_checkpoint(finished_run / "best.pt", *keys)
    Classifier(content["architecture"], 3).network.load_state_dict(content["network"])
    assert content["labels"] == ["low", "high", "other"]
    assert set(content["thresholds"]) == {"low", "high"}
    assert all(0.3 <= value <= 0.95 for value in content["thresholds"].values())
    record = content["training"]
    best = max(metrics(finished_run), key=lambda row: row["score"])
    assert (record["epochs"], record["seed"]) == (best["epoch"], small.seed)
    assert record["validation"] == best["validation"]
    assert record["data"]["training"] == {"_background_noise_": 1, "speech_commands": 12}
    json.dumps(record)


def test_the_manifest_lists_what_was_used_in_every_split(finished_run, recordings):
    manifest = json.loads((finished_run / "manifest.json").read_text())
    assert len(manifest["clips"]) == len(recordings.clips)
    speakers = {(clip["speaker"], clip["split"]) for clip in manifest["clips"]}
    assert len(speakers) == len({speaker for speaker, _ in speakers})


def test_recordings_for_testing_are_not_even_read(recordings):
    testing = {clip.path for clip in recordings.of(Split.TESTING)}
    assert testing
    assert testing.isdisjoint(recordings.audio.samples)


def test_a_run_stopped_between_epochs_ends_as_one_that_was_not(start_run, finished_run, tmp_path):
    with pytest.raises(KilledError):
        start_run(tmp_path).train(no_progress, kill)
    assert [row["epoch"] for row in metrics(tmp_path)] == [1]
    start_run(tmp_path).train(no_progress, ignore)
    assert same(weights(tmp_path), weights(finished_run))
    assert same(state(tmp_path), state(finished_run))
    assert metrics(tmp_path) == metrics(finished_run)


@pytest.mark.parametrize("epochs_before", [0, 1])
def test_a_run_killed_after_its_metrics_but_before_its_checkpoint_repeats_the_epoch(
    start_run, finished_run, tmp_path, monkeypatch, epochs_before
):
    if epochs_before:
        with pytest.raises(KilledError):
            start_run(tmp_path).train(no_progress, kill)
    monkeypatch.setattr("training.run.draw_curves", lambda *_: kill(None))
    with pytest.raises(KilledError):
        start_run(tmp_path).train(no_progress, ignore)
    monkeypatch.undo()
    start_run(tmp_path).train(no_progress, ignore)
    assert metrics(tmp_path) == metrics(finished_run)
    assert same(weights(tmp_path), weights(finished_run))


def test_a_finished_run_has_nothing_left_to_do(start_run, finished_run, tmp_path):
    folder = shutil.copytree(finished_run, tmp_path / "copy")
    final = start_run(folder).train(no_progress, kill)
    assert final == folder / "final.pt"
    assert same(weights(folder), weights(finished_run))


def test_what_is_mistaken_for_keywords_is_found_again_after_a_stop(start_run, small, tmp_path):
    watchful = dataclasses.replace(small, mistaken_share=0.5)
    start_run(tmp_path / "whole", watchful).train(no_progress, ignore)
    with pytest.raises(KilledError):
        start_run(tmp_path / "stopped", watchful).train(no_progress, kill)
    start_run(tmp_path / "stopped", watchful).train(no_progress, ignore)
    assert all(row["mistaken"] > 0 for row in metrics(tmp_path / "whole"))
    assert metrics(tmp_path / "stopped") == metrics(tmp_path / "whole")
    assert same(state(tmp_path / "stopped"), state(tmp_path / "whole"))


def test_a_run_goes_on_from_a_trained_network_and_says_so(start_run, finished_run, small, tmp_path):
    best = finished_run / "best.pt"
    before = load_checkpoint(best)
    run = start_run(tmp_path, dataclasses.replace(small, seed=9))
    run.start_from(load_start([best], small))
    assert same(run.trainer.averaged.network.state_dict(), before["network"])
    assert same(run.trainer.model.network.state_dict(), before["network"])
    run.train(no_progress, ignore)
    record = load_checkpoint(tmp_path / "best.pt")["training"]
    known = ("seed", "epochs", "commit")
    assert record["started_from"] == [{key: before["training"][key] for key in known}]
    again = load_start([tmp_path / "best.pt"], small)
    assert list(again.origins) == [
        {key: record[key] for key in known},
        *record["started_from"],
    ]


def test_only_one_kind_of_network_starts_from_published_weights(small, tmp_path):
    (tmp_path / "a.onnx").write_bytes(b"")
    with pytest.raises(InputError, match="from an ONNX file only --model embedding can start"):
        load_start([tmp_path / "a.onnx"], small)
    embedding = dataclasses.replace(small, model="embedding")
    with pytest.raises(InputError, match="from one alone"):
        load_start([tmp_path / "a.onnx", tmp_path / "a.onnx"], embedding)
    with pytest.raises(InputError, match="other weights than the published"):
        load_start([tmp_path / "a.onnx"], embedding)


def test_without_any_epoch_the_start_is_judged(start_run, finished_run, small, tmp_path):
    run = start_run(tmp_path, dataclasses.replace(small, epochs=0))
    run.start_from(load_start([finished_run / "final.pt"], small))
    run.train(no_progress, kill)
    before, after = (load_checkpoint(folder / "final.pt") for folder in (finished_run, tmp_path))
    assert same(before["network"], after["network"])
    assert before["thresholds"] == after["thresholds"]
    assert before["training"]["validation"] == after["training"]["validation"]


def test_the_mean_of_networks_is_a_start(finished_run, small, tmp_path):
    content = load_checkpoint(finished_run / "best.pt")
    counted = {name: value for name, value in content["network"].items() if value.ndim}
    content["network"] |= {name: value + 2 for name, value in counted.items()}
    content["training"]["seed"] += 1
    save_checkpoint(tmp_path / "other.pt", content)
    start = load_start([finished_run / "best.pt", tmp_path / "other.pt"], small)
    assert same(
        {name: start.network[name] + 1 for name in counted},
        {name: content["network"][name] for name in counted},
    )
    assert len(start.origins) == 2


def test_networks_that_come_from_the_same_one_name_it_once(finished_run, small, tmp_path):
    content = load_checkpoint(finished_run / "best.pt")
    first = {"seed": 90, "epochs": 3, "commit": "abc"}
    before = {"seed": 91, "epochs": 2, "commit": "def", "started_from": [first]}
    paths = [tmp_path / f"{seed}.pt" for seed in (1, 2)]
    for seed, path in enumerate(paths, start=1):
        content["training"] |= {"seed": seed, "started_from": [before, first]}
        save_checkpoint(path, content)
    assert [origin["seed"] for origin in load_start(paths, small).origins] == [1, 91, 90, 2]


def test_other_settings_in_the_same_folder_are_named(start_run, small, finished_run):
    other = dataclasses.replace(small, seed=7, epochs=3)
    with pytest.raises(InputError, match=r"other settings \(epochs, seed\): choose another"):
        start_run(finished_run, other).train(no_progress, ignore)


def test_other_recordings_in_the_same_folder_are_refused(finished_run, small, tmp_path):
    root = write_speech_commands(tmp_path / "speech_commands", ("low", "high"), speakers=5)
    others = load_recordings([root], ("low", "high"), no_progress)
    run = Run(small, others, finished_run, CPU)
    with pytest.raises(InputError, match="a run with other recordings than those of"):
        run.train(no_progress, ignore)


@pytest.mark.parametrize("content", [b"", b"text", None])
def test_a_broken_last_checkpoint_is_one_line(start_run, finished_run, tmp_path, content):
    folder = shutil.copytree(finished_run, tmp_path / "copy")
    last = folder / "last.pt"
    last.write_bytes(last.read_bytes()[:5_000] if content is None else content)
    with pytest.raises(InputError, match=r"last.pt: not a whole checkpoint") as caught:
        start_run(folder).train(no_progress, ignore)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_one_line(start_run, tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(InputError, match="cannot be made"):
            start_run(folder).train(no_progress, ignore)


def test_unusable_recordings_are_skipped_and_recorded(tmp_path, small):
    root = write_speech_commands(tmp_path / "speech_commands", ("low", "high"))
    (root / "low" / "c2_nohash_0.wav").write_text("no sound")
    write_audio(root / "high" / "d3_nohash_0.wav", np.zeros(16_000))
    recordings = load_recordings([root], ("low", "high"), no_progress)
    assert len(recordings.audio.problems) == 2
    run = Run(dataclasses.replace(small, epochs=1), recordings, tmp_path / "run", CPU)
    run.train(no_progress, ignore)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    reasons = {entry["path"]: entry["reason"].partition(":")[0] for entry in manifest["skipped"]}
    assert reasons == {"low/c2_nohash_0.wav": "unreadable", "high/d3_nohash_0.wav": "silent"}


@pytest.mark.slow
@pytest.mark.parametrize("model", ["baseline", "parallel"])
def test_two_tones_are_learned_in_a_few_epochs(small, tmp_path, model):
    root = write_speech_commands(tmp_path / "words", ("low", "high"), speakers=24, lists=False)
    recordings = load_recordings([root], ("low", "high"), no_progress)
    settings = dataclasses.replace(small, model=model, epochs=15, batch_size=16)
    rows: list[dict] = []
    Run(settings, recordings, tmp_path / "run", CPU).train(no_progress, rows.append)
    best = max(rows, key=lambda row: row["score"])
    # Three speakers say two words each: guesses are all right once in 64 times.
    assert best["validation"]["keyword_accuracy"] == {"words": 1.0}
    assert best["score"] > 0.8
    assert rows[-1]["loss"] < 0.7 * rows[0]["loss"]


def test_few_recordings_still_make_an_epoch_of_many_steps(start_run, small, tmp_path):
    assert start_run(tmp_path).steps_per_epoch == 2
    longer = dataclasses.replace(small, least_steps=30)
    assert start_run(tmp_path, longer).steps_per_epoch == 30
