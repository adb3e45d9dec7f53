import shutil

import pytest
import soundfile

from training.synthesis.engine import EngineError, Manner, Voice
from training.synthesis.engines import ENGINES, find_voices
from training.synthesis.espeak import parse_accents, parse_variants
from training.synthesis.flite import parse_voices

HEADING = "Pty Language       Age/Gender VoiceName          File                 Other Languages\n"
ACCENTS = f"""{HEADING}\
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 3  en-uk           --/M      english-mb-en1     mb/mb-en1            (en-gb 3)(en 2)
 5  en-us-nyc       --/M      English_(America,_New_York_City) gmw/en-US-nyc
 5  variant         --/M      Storm              !v/Storm             (en-us 5)
"""
VARIANTS = f"""{HEADING}\
 5  variant         --/M      fast_test          !v/fast
 5  variant         --/M      Mr_Serious         !v/Mr serious
 5  variant         70/F      female1            !v/f1
 5  variant         --/M      Storm              !v/Storm             (en-us 5)
"""


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request):
    if not request.param.find_voices():
        pytest.skip(f"needs {request.param.packages}")
    return request.param


@pytest.fixture
def nothing_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


def speak(engine, key, path, **changes) -> bytes:
    manner = {"pitch": 0.0, "pace": 0.0, "gap": 0.0, "before": 0.1, "after": 0.1, **changes}
    Voice(engine, key).speak("seven", Manner(**manner), path)
    return path.read_bytes()


def test_accents_of_other_programs_and_variants_are_left_out():
    assert parse_accents(ACCENTS) == ["en-gb", "en-us-nyc"]


def test_variants_are_files_with_plain_names():
    assert parse_variants(VARIANTS) == ["Storm", "f1"]


def test_the_talking_clock_and_the_narrow_band_voice_are_left_out():
    assert parse_voices("Voices available: kal awb_time kal16 slt \n") == ["kal16", "slt"]


def test_every_engine_speaks_for_a_plausible_time(engine, tmp_path):
    speak(engine, engine.find_voices()[-1], tmp_path / "seven.wav")
    seconds = soundfile.info(tmp_path / "seven.wav").duration
    assert 0.3 < seconds < 1.6


def test_the_same_order_gives_the_same_recording(engine, tmp_path):
    key = engine.find_voices()[0]
    first, again = (speak(engine, key, tmp_path / f"{number}.wav") for number in range(2))
    assert first == again


def test_a_slow_pace_takes_longer_than_a_fast_one(engine, tmp_path):
    for key in engine.find_voices()[:4]:
        slow = speak(engine, key, tmp_path / "slow.wav", pace=-1.0)
        fast = speak(engine, key, tmp_path / "fast.wav", pace=1.0)
        assert len(slow) > 1.1 * len(fast), key


def test_voices_of_an_engine_have_names_of_their_own(engine):
    names = [voice.name for voice in find_voices([engine])]
    assert len(set(names)) == len(names) > 1


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")
def test_a_missing_engine_is_a_warning_that_names_its_package(make_voice, caplog):
    missing = make_voice(engine="parrot").engine
    voices = find_voices([ENGINES[0], missing])
    assert {voice.engine.name for voice in voices} == {"espeak-ng"}
    assert caplog.messages == ["no voices of parrot here; apt install parrot-package"]


@pytest.mark.usefixtures("nothing_installed")
def test_without_any_engine_one_line_names_the_packages():
    with pytest.raises(EngineError) as caught:
        find_voices()
    assert str(caught.value) == (
        "no voices found: expected one of espeak-ng, flite, festival; "
        "apt install espeak-ng flite festival festvox-kallpc16k festvox-us-slt-hts"
    )
