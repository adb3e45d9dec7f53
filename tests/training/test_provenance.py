import shutil
import subprocess
import sys
from pathlib import Path

from training import provenance


def commit_of(folder: Path) -> str:
    code = "from training.provenance import current_commit; print(current_commit())"
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def copy_package(folder: Path) -> None:
    package = folder / "training"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    shutil.copy(provenance.__file__, package)


def commit_all(folder: Path) -> str:
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments]
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True
        ).stdout.strip()

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "all")
    return git("rev-parse", "HEAD")


def test_the_commit_is_that_of_the_checkout(tmp_path):
    copy_package(tmp_path)
    commit = commit_all(tmp_path)
    assert commit_of(tmp_path) == commit


def test_outside_a_checkout_it_is_unknown(tmp_path):
    copy_package(tmp_path)
    assert commit_of(tmp_path) == "unknown"


def test_a_copy_inside_another_project_does_not_take_its_commit(tmp_path):
    copy_package(tmp_path / "environment")
    commit_all(tmp_path)
    assert commit_of(tmp_path / "environment") == "unknown"
