import tarfile

import pytest

from recognizer.errors import DigitListenError
from tests.synthetic_recordings import write_speech_commands
from training.recordings.catalogue import find_clips
from training.recordings.download import VERSION, download_speech_commands
from training.torchaudio_import import import_torchaudio


def test_the_archive_is_unpacked_where_the_loader_finds_it(tmp_path):
    # The archive lies where torchaudio would store it, so nothing is fetched.
    words = write_speech_commands(tmp_path / "words", ("yes", "no"))
    folder = tmp_path / "data"
    folder.mkdir()
    with tarfile.open(folder / f"{VERSION}.tar.gz", "w:gz") as archive:
        archive.add(words, arcname=".")
    assert download_speech_commands(folder) == folder / VERSION
    clips = find_clips([folder], ("yes", "no"))
    assert {clip.source for clip in clips} == {"speech_commands", "_background_noise_"}


def test_torchaudio_is_asked_for_version_two_in_the_folder(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(
        import_torchaudio().datasets,
        "SPEECHCOMMANDS",
        lambda *args, **options: calls.append((args, options)),
    )
    folder = tmp_path / "new" / "data"
    assert download_speech_commands(folder) == folder / "speech_commands_v0.02"
    options = {"url": "speech_commands_v0.02", "folder_in_archive": "", "download": True}
    assert calls == [((str(folder),), options)]
    assert folder.is_dir()


@pytest.mark.parametrize("failure", [OSError("no route to host"), RuntimeError("invalid hash")])
def test_what_goes_wrong_is_one_line(tmp_path, monkeypatch, failure):
    def fail(*_args, **_options):
        raise failure

    monkeypatch.setattr(import_torchaudio().datasets, "SPEECHCOMMANDS", fail)
    with pytest.raises(DigitListenError, match=f"could not be fetched into .*: {failure}"):
        download_speech_commands(tmp_path)


@pytest.mark.parametrize("damage", ["text", "cut off"])
def test_a_damaged_archive_is_one_line_that_says_what_to_remove(tmp_path, damage):
    archive = tmp_path / f"{VERSION}.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(write_speech_commands(tmp_path / "words", ("yes",)), arcname=".")
    archive.write_bytes(b"text" if damage == "text" else archive.read_bytes()[:9_000])
    with pytest.raises(DigitListenError, match=r"remove speech_commands_v0.02\* there") as caught:
        download_speech_commands(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DigitListenError, match="could not be fetched"):
        download_speech_commands(tmp_path / "file" / "data")
