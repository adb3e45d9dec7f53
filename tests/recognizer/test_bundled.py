from pathlib import Path

import pytest

from recognizer.bundled import bundled_models, find_model
from recognizer.errors import ModelError


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    for name in ("parallel.onnx", "crnn.onnx", "digits.flac"):
        (folder / name).touch()
    return folder


@pytest.fixture(autouse=True)
def working_directory(tmp_path, monkeypatch):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_bundled_models_are_listed_by_name(folder):
    assert bundled_models(folder) == ("crnn", "parallel")


@pytest.mark.parametrize("name", ["parallel", "parallel.onnx"])
def test_a_bundled_model_is_found_with_or_without_its_suffix(folder, name):
    assert find_model(name, folder) == folder / "parallel.onnx"


def test_a_file_in_the_working_directory_comes_before_a_bundled_model(folder):
    Path("parallel.onnx").touch()
    assert find_model("parallel.onnx", folder) == Path("parallel.onnx")


def test_a_directory_does_not_hide_a_bundled_model(folder):
    Path("parallel").mkdir()
    assert find_model("parallel", folder) == folder / "parallel.onnx"


def test_a_directory_with_another_name_is_taken_for_the_file_that_was_meant(folder):
    Path("runs").mkdir()
    assert find_model("runs", folder) == Path("runs")


def test_a_name_with_a_separator_is_a_file_even_when_it_is_not_there(folder):
    assert find_model("./parallel", folder) == Path("./parallel")


def test_a_path_object_is_a_file(folder):
    assert find_model(Path("parallel"), folder) == Path("parallel")


@pytest.mark.parametrize("name", ["paralel", "", "digits", "PARALLEL", "x" * 5000, "a\0b"])
def test_an_unknown_name_lists_the_models_there_are(folder, name):
    with pytest.raises(ModelError, match=r"bundled model \(crnn, parallel\) or the path"):
        find_model(name, folder)


def test_an_unknown_name_says_when_there_are_no_models(tmp_path):
    with pytest.raises(ModelError, match=r"\(none\)"):
        find_model("parallel", tmp_path)
