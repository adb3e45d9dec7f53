from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from training.synthesis.sentences import Vocabulary, draw_sentence

KEYWORDS, ALIKE, DICTIONARY = ("six", "two"), ("sick", "do"), ("window", "radio", "tango")
VOCABULARY = Vocabulary(KEYWORDS, ALIKE, DICTIONARY)


def kind(sentence: str) -> str:
    words = sentence.split()
    keywords = [word for word in words if word in KEYWORDS]
    if len(keywords) == len(words):
        return "keywords"
    return "mixed" if keywords else "others"


@given(st.integers(0, 2**32))
def test_a_sentence_is_keywords_in_a_row_or_holds_one_at_most(seed):
    words = draw_sentence(VOCABULARY, Random(seed)).split()
    assert set(words) <= {*KEYWORDS, *ALIKE, *DICTIONARY}
    keywords = sum(word in KEYWORDS for word in words)
    assert keywords <= 1 or 3 <= len(words) == keywords <= 8
    assert 3 <= len(words) <= 11


def test_all_kinds_are_drawn_most_of_them_without_keywords():
    random = Random(0)
    kinds = Counter(kind(draw_sentence(VOCABULARY, random)) for _ in range(1000))
    assert 550 < kinds["others"] < 650
    assert 200 < kinds["keywords"] < 300
    assert 100 < kinds["mixed"] < 200
