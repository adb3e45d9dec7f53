"""The real command hands detections on in every way at once, and changes these in a reload."""

import json
import signal
import socket
import urllib.request

import numpy as np
import onnx
import pytest
from wyoming.info import Describe, Info

from tests.recognizer.conftest import tone_model
from tests.service_manager import service
from tests.tone_words import spoken
from tests.waiting import wait_until
from tests.wyoming_clients import exchange, names, pcm, sound

RENAMED = {"labels": '["deep", "shrill", "other"]', "thresholds": '{"deep":0.5,"shrill":0.5}'}


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def config(tmp_path, tone_model_path, free_port):
    """Return a function that writes the configuration, with changes to it."""
    path = tmp_path / "config.toml"
    (tmp_path / "events").write_text("")

    def write(**changes):
        values = {
            "model": str(tone_model_path),
            "vad": "off",
            "json": True,
            "socket": str(tmp_path / "words"),
            "exec": f"""sh -c 'cat >> {tmp_path}/events'""",
            "wyoming": f"unix://{tmp_path}/wyoming",
            "metrics": f":{free_port}",
        } | changes
        path.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items()))
        return path

    return write


def say(process, *words):
    process.stdin.write((np.clip(spoken(*words), -1, 1) * 32_767).astype("<i2").tobytes())
    process.stdin.flush()


def label(line):
    return json.loads(line)["label"]


def connected(path):
    reader = socket.socket(socket.AF_UNIX)
    reader.settimeout(30)
    reader.connect(str(path))
    return reader.makefile("r")


def connected_at_start(process, manager, path):
    """Let the program hear its first sound, and connect to it."""
    process.stdin.write(bytes(3_200))
    process.stdin.flush()
    manager.expect("READY=1")
    return connected(path)


def metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as page:
        lines = page.read().decode().splitlines()
    return float(dict(line.rsplit(" ", 1) for line in lines if line[0] != "#")[name])


def described(path):
    (answer,) = exchange(f"unix://{path}", [Describe().event()])
    (program,) = Info.from_event(answer).wake
    return [model.name for model in program.models]


def reload(manager, process):
    process.send_signal(signal.SIGHUP)
    manager.expect("RELOADING=1")
    manager.expect("READY=1")


def test_everybody_gets_every_detection(manager, config, tmp_path, free_port):
    with service(manager, "--input", "-", "--config", config()) as process:
        readers = [connected_at_start(process, manager, tmp_path / "words")]
        readers += [connected(tmp_path / "words") for _ in range(2)]
        say(process, "low", "high")
        heard = [process.stdout.readline().decode() for _ in range(2)]
        assert [label(line) for line in heard] == ["low", "high"]
        for reader in readers:
            assert [reader.readline() for _ in range(2)] == heard
        # Commands may run beside each other.
        wait_until(lambda: len((tmp_path / "events").read_text().splitlines()) == 2)
        assert sorted((tmp_path / "events").read_text().splitlines(True)) == sorted(heard)
        wait_until(lambda: metric(free_port, 'digit_listen_detections_total{label="high"}') == 1)
        assert metric(free_port, "digit_listen_blocks_total") >= 2
        assert metric(free_port, "digit_listen_inference_seconds_count") > 10
        answers = exchange(f"unix://{tmp_path}/wyoming", sound(pcm(spoken("high"), 2)))
        assert names(answers) == ["high"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not (tmp_path / "words").exists()
    assert not (tmp_path / "wyoming").exists()


def test_a_reload_gives_all_of_them_the_new_model_and_breaks_no_connection(
    manager, config, tmp_path, free_port
):
    onnx.save(tone_model(metadata=RENAMED), tmp_path / "other.onnx")
    with service(manager, "--input", "-", "--config", config()) as process:
        reader = connected_at_start(process, manager, tmp_path / "words")
        say(process, "low")
        assert label(reader.readline()) == label(process.stdout.readline()) == "low"
        config(model=str(tmp_path / "other.onnx"))
        reload(manager, process)
        assert described(tmp_path / "wyoming") == ["deep", "shrill"]
        say(process, "high")
        assert label(process.stdout.readline()) == "shrill"
        assert label(reader.readline()) == "shrill"
        wait_until(lambda: metric(free_port, 'digit_listen_detections_total{label="shrill"}') == 1)
        wait_until(lambda: metric(free_port, 'digit_listen_detections_total{label="low"}') == 1)


def test_what_is_changed_in_a_reload_is_opened_anew(manager, config, tmp_path):
    with service(manager, "--input", "-", "--config", config()) as process:
        say(process, "low")
        assert label(process.stdout.readline()) == "low"
        config(socket=str(tmp_path / "moved"), wyoming=f"unix://{tmp_path}/wyoming2")
        reload(manager, process)
        assert not (tmp_path / "words").exists()
        assert described(tmp_path / "wyoming2") == ["low", "high"]
        reader = connected(tmp_path / "moved")
        say(process, "high")
        assert label(reader.readline()) == "high"


def test_where_one_cannot_be_opened_all_stay_as_they_were(manager, config, tmp_path):
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        service(manager, "--input", "-", "--config", config()) as process,
    ):
        reader = connected_at_start(process, manager, tmp_path / "words")
        say(process, "low")
        assert label(reader.readline()) == label(process.stdout.readline()) == "low"
        config(socket=str(tmp_path / "moved"), metrics=f":{taken.getsockname()[1]}")
        reload(manager, process)
        assert "not reloaded" in next(x for x in reversed(manager.lines) if "STATUS" in x)
        assert not (tmp_path / "moved").exists()
        say(process, "high")
        assert label(reader.readline()) == "high"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"wyoming": "http://x"}, "'http://x' is no address to listen on"),
        ({"metrics": "x"}, "'x' is no address"),
        ({"exec": "/no/such/program"}, "/no/such/program"),
        ({"socket": "/no/such/folder/socket"}, "/no/such/folder"),
    ],
)
def test_what_cannot_be_opened_at_the_start_is_one_line(manager, config, change, message):
    with service(manager, "--input", "-", "--config", config(**change)) as process:
        _, errors = process.communicate(timeout=30)
        assert process.returncode in (1, 2)
    last = errors.decode().splitlines()[-1]
    assert last.startswith("error: ")
    assert message in last
