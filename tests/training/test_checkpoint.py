import contextlib
import os
import pickle

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.errors import InputError
from training.checkpoint import load_checkpoint, save_checkpoint

CONTENT = {"labels": ["yes", "other"], "network": {"weight": torch.arange(6.0).view(2, 3)}}


@pytest.fixture
def path(tmp_path):
    save_checkpoint(tmp_path / "best.pt", CONTENT)
    return tmp_path / "best.pt"


class Malicious:
    def __init__(self, target):
        self.target = str(target)

    def __reduce__(self):
        return os.mkdir, (self.target,)


def refusal(path, *needed) -> str:
    with pytest.raises(InputError) as caught:
        load_checkpoint(path, *needed)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_content_comes_back(path):
    content = load_checkpoint(path, "labels", "network")
    assert content["labels"] == CONTENT["labels"]
    assert torch.equal(content["network"]["weight"], CONTENT["network"]["weight"])


def test_nothing_but_the_checkpoint_is_left_behind(path):
    assert list(path.parent.iterdir()) == [path]


def test_a_kill_while_writing_leaves_the_former_checkpoint(path, monkeypatch):
    def killed(_content, partial):
        partial.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(path, {"labels": []})
    assert load_checkpoint(path)["labels"] == CONTENT["labels"]


@pytest.mark.parametrize("legacy", [True, False])
def test_code_in_a_file_is_refused_and_does_not_run(tmp_path, legacy):
    target = tmp_path / "made by the file"
    path = tmp_path / "evil.pt"
    content = {"format": 1, "labels": Malicious(target)}
    if legacy:
        path.write_bytes(pickle.dumps(content))
    else:
        torch.save(content, path)
    assert "not a whole checkpoint of digit-train" in refusal(path)
    assert not target.exists()


def test_a_missing_file_is_named(tmp_path):
    assert "none.pt: no such file: expected a checkpoint" in refusal(tmp_path / "none.pt")


def test_a_folder_is_no_checkpoint(tmp_path):
    assert "no such file" in refusal(tmp_path)


@pytest.mark.parametrize("content", [[1, 2], {"labels": []}, {"format": 2}])
def test_other_formats_are_refused(tmp_path, content):
    torch.save(content, tmp_path / "a.pt")
    assert "expected format 1" in refusal(tmp_path / "a.pt")


def test_missing_keys_are_named(path):
    assert "the checkpoint has no thresholds, training" in refusal(
        path, "labels", "thresholds", "training"
    )


@pytest.mark.parametrize("content", [b"", b"hello world\n" * 20, b"RIFF\0\0\0\0WAVE"])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "a.pt").write_bytes(content)
    assert "not a whole checkpoint of digit-train" in refusal(tmp_path / "a.pt")


@given(keep=st.floats(0, 0.99))
@settings(max_examples=30, deadline=None)
def test_a_truncated_checkpoint_is_refused_in_one_line(tmp_path_factory, keep):
    path = tmp_path_factory.mktemp("run") / "last.pt"
    save_checkpoint(path, CONTENT)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    assert "not a whole checkpoint of digit-train" in refusal(path)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_damage_anywhere_is_refused_or_harmless(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("run") / "last.pt"
    save_checkpoint(path, CONTENT)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    # Damage to a tensor's values cannot be seen; anything else that is raised fails the test.
    with contextlib.suppress(InputError):
        assert isinstance(load_checkpoint(path, "labels"), dict)
