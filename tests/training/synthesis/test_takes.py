from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from training.recordings.speech_commands import speaker_of
from training.synthesis.takes import plan_takes

COUNTS = st.dictionaries(st.sampled_from(["six", "tree", "good bye"]), st.integers(0, 5))
SEEDS = st.integers(0, 2**32 - 1)


@given(COUNTS, SEEDS)
def test_each_word_gets_its_takes_under_names_of_their_own(make_voice, counts, seed):
    takes = plan_takes(counts, [make_voice("a"), make_voice("b")], seed)
    assert Counter(take.text for take in takes) == Counter(counts)
    assert len({take.path for take in takes}) == len(takes)


@given(COUNTS, SEEDS)
def test_more_takes_and_other_words_leave_takes_as_they_are(make_voice, counts, seed):
    voices = [make_voice("a"), make_voice("b")]
    more = {"seven": 2, **{word: count + 3 for word, count in counts.items()}}
    assert set(plan_takes(counts, voices, seed)) <= set(plan_takes(more, voices, seed))


@given(COUNTS, SEEDS)
def test_manners_keep_to_their_ranges(make_voice, counts, seed):
    for take in plan_takes(counts, [make_voice()], seed):
        manner = take.manner
        assert -1 <= manner.pitch <= 1
        assert -1 <= manner.pace <= 1
        assert 0 <= manner.gap <= 1
        assert 0.1 <= manner.before <= 0.3
        assert 0.1 <= manner.after <= 0.3


def test_another_seed_gives_other_takes(make_voice):
    first, second = (plan_takes({"six": 3}, [make_voice()], seed) for seed in (1, 2))
    assert set(first).isdisjoint(second)


def test_the_file_name_tells_the_voice_as_the_speaker(make_voice):
    [take] = plan_takes({"six": 1}, [make_voice("en+f3")], 0)
    assert take.path.as_posix() == "six/square-en-f3_nohash_0.flac"
    assert speaker_of(take.path) == take.voice.name


def test_engines_get_their_shares_however_many_voices_they_have(make_voice):
    voices = [make_voice(f"v{number}", "many", 3) for number in range(90)]
    voices += [make_voice(f"v{number}", "few", 1) for number in range(2)]
    takes = plan_takes({"six": 1000}, voices, 0)
    counts = Counter(take.voice.engine.name for take in takes)
    assert 200 < counts["few"] < 300
    assert len({take.voice for take in takes}) == len(voices)
