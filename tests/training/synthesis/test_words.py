import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.errors import InputError
from training.recordings.clip import DIGITS
from training.synthesis.words import load_words, parse_words

SOUND_THE_SAME = {"for", "fore", "to", "too", "won", "ate", "oh", "o", "nein", "sicks"}
WORDS = st.text("az9é'-", max_size=5).map(lambda rest: f"a{rest}")
COMPOUNDS = {"fourteen", "sixteen", "seventeen", "eighteen", "nineteen", "sixty", "someone"}


def test_the_list_has_hundreds_of_words_and_none_is_or_sounds_like_a_digit():
    words = set(load_words())
    assert len(words) > 300
    assert words.isdisjoint({*DIGITS, *SOUND_THE_SAME, *COMPOUNDS})


def test_the_list_has_look_alikes_of_digits():
    assert {
        "hero",
        "want",
        "true",
        "tree",
        "forward",
        "fine",
        "sick",
        "heaven",
        "late",
        "mine",
    } <= (set(load_words()))


def test_words_stand_between_commas_and_ends_of_lines(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("# greetings, of all kinds\nhello, good bye,\n\nhello # once more\no'clock\n")
    assert load_words(path) == ("hello", "good bye", "o'clock")


@given(st.lists(WORDS, min_size=1, max_size=5, unique=True))
def test_parsing_gives_back_what_was_joined(words):
    assert parse_words(",".join(words), "it") == tuple(words)


@pytest.mark.parametrize("text", ["-x", "../up", "a/b", "_noise", ".", "rm;ls", "a\0b"])
def test_what_could_be_an_option_or_a_path_is_refused(text):
    with pytest.raises(InputError, match=r"--labels: found .*: expected words of letters"):
        parse_words(f"yes,{text}", "--labels")


def test_a_file_without_words_is_refused(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("# nothing yet\n")
    with pytest.raises(InputError, match=r"words\.txt: found no words: expected"):
        load_words(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content):
    path = tmp_path / "words.txt"
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"words\.txt: .*: expected a text file of words"):
        load_words(path)
