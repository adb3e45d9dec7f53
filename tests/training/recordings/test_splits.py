from hypothesis import given
from hypothesis import strategies as st

from training.recordings.clip import Split
from training.recordings.splits import split_speakers

NAMES = st.lists(st.text(max_size=8), max_size=60)


@given(NAMES, st.floats(0, 0.4), st.floats(0, 0.4))
def test_every_speaker_gets_one_split_whatever_the_order(names, validation, testing):
    splits = split_speakers(names, validation, testing)
    assert set(splits) == set(names)
    assert splits == split_speakers(reversed(names + names), validation, testing)


@given(NAMES.filter(lambda names: len(set(names)) > 1), st.floats(0.01, 0.4), st.floats(0, 0.4))
def test_of_two_speakers_or_more_some_validate_and_shares_are_kept(names, validation, testing):
    splits = list(split_speakers(names, validation, testing).values())
    total = len(splits)
    assert 1 <= splits.count(Split.VALIDATION) < validation * total + 1
    assert splits.count(Split.TESTING) <= testing * total


@given(NAMES, st.text(max_size=8))
def test_a_single_speaker_is_for_training(names, name):
    assert split_speakers([name] * len(names)) == ({name: Split.TRAINING} if names else {})


def test_default_shares_leave_eight_of_ten_for_training():
    splits = list(split_speakers(f"speaker {n}" for n in range(10)).values())
    assert [splits.count(split) for split in Split] == [8, 1, 1]
