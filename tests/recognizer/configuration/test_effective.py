import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.configuration.effective import as_toml, load_configuration
from recognizer.configuration.files import parse
from recognizer.configuration.settings import Settings, all_settings
from recognizer.decoding.decoder import DecoderParameters
from recognizer.errors import InputError

SETTINGS = tuple(all_settings())


@pytest.fixture
def usual(tmp_path, monkeypatch):
    """Return the two files that are read where they exist; neither does yet."""
    system, home = tmp_path / "etc.toml", tmp_path / "home"
    monkeypatch.setattr("recognizer.configuration.files.SYSTEM_FILE", system)
    own = home / "digit-listen" / "config.toml"
    own.parent.mkdir(parents=True)
    return system, own, {"XDG_CONFIG_HOME": str(home)}


def test_without_files_and_flags_all_is_at_its_default(usual):
    configuration = load_configuration({}, None, usual[2])
    assert configuration.settings == Settings()
    assert configuration.files == ()
    assert {one.origin for one in configuration.given} == {"default"}


def test_the_users_file_wins_over_the_systems_and_flags_over_both(usual):
    system, own, environment = usual
    system.write_text('hop = 0.2\ncaution = 0.5\nmodel = "crnn"')
    own.write_text("\ncaution = 0.6\nbefore = 1")
    configuration = load_configuration({"before": 2.0}, None, environment)
    decoder = DecoderParameters(caution=0.6, before=2.0)
    assert configuration.settings == Settings(hop=0.2, model="crnn", decoder=decoder)
    assert configuration.files == (system, own)
    origins = {one.name: one.origin for one in configuration.given}
    assert origins["hop"] == f"{system}:1"
    assert origins["caution"] == f"{own}:2"
    assert origins["before"] == "--before"
    assert origins["after"] == "default"


def test_a_file_that_is_named_is_the_only_one(usual, tmp_path):
    system, _, environment = usual
    system.write_text("hop = 0.2")
    named = tmp_path / "mine.toml"
    named.write_text("caution = 0.5")
    configuration = load_configuration({}, named, environment)
    assert configuration.settings == Settings(decoder=DecoderParameters(caution=0.5))


def test_a_file_that_is_named_must_exist(usual, tmp_path):
    with pytest.raises(InputError, match=r"--config .*mine\.toml: no such file"):
        load_configuration({}, tmp_path / "mine.toml", usual[2])


def test_what_is_printed_tells_where_each_value_came_from(usual):
    system, _, environment = usual
    system.write_text('\nvad = "off"\n')
    lines = list(as_toml(load_configuration({"threshold": 0.5}, None, environment)))
    assert lines[0] == f"# files read: {system}"
    assert f'vad = "off"              # {system}:2' in lines
    assert "threshold = 0.5          # --threshold" in lines
    assert 'model = "edge"           # default' in lines
    assert "# device is not set: the default one" in lines


values = {
    "device": st.text(min_size=1),
    "model": st.text(min_size=1),
    "hop": st.floats(0.01, 0.5),
    "vad": st.sampled_from([0, 3, "off"]),
    "threshold": st.floats(0, 1),
    "ballots": st.integers(1, 100),
    "embedded": st.booleans(),
}


@given(st.fixed_dictionaries({}, optional=values))
def test_what_is_printed_is_a_file_that_says_the_same(flags):
    kinds = {one.name: one.kind for one in SETTINGS}
    flags = {name: value for name, value in flags.items() if fits(kinds[name], value)}
    configuration = load_configuration(flags, None, {})
    text = "\n".join(as_toml(configuration))
    again = {one.name: one.value for one in parse(text, "printed", SETTINGS)}
    assert again == {one.name: one.value for one in configuration.given if one.value is not None}
    assert again == tomllib.loads(text)


def fits(kind, value):
    try:
        kind.check(value)
    except ValueError:
        return False
    return True


def test_a_file_with_a_strange_name_can_be_told_of(tmp_path):
    strange = tmp_path / "a\nhop = 7 \udcff.toml"
    strange.write_text("hop = 0.2")
    text = "\n".join(as_toml(load_configuration({}, strange, {})))
    assert tomllib.loads(text)["hop"] == 0.2
