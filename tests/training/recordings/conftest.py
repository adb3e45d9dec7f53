import pytest


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """Return the file in which alignments are kept, one for each test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "digit-listen" / "alignments.json"
