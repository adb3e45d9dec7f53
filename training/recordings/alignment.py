"""Where the words of a transcribed recording lie, and their phones, by forced alignment.

Method: the states of the words' phones, from a dictionary, are fitted to the sound by the Viterbi
search of CMU PocketSphinx (https://github.com/cmusphinx/pocketsphinx) with its bundled US English
model. It is about 65 times faster than real time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.errors import InputError

if TYPE_CHECKING:
    from pocketsphinx import Decoder

FRAME = 0.01
"""Seconds of a frame of the model, to which times are rounded."""

_VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
_CONSONANTS = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"
PHONES = tuple(sorted(f"{_VOWELS} {_CONSONANTS}".split()))
"""The phones of the CMU Pronouncing Dictionary, without stress."""

_PACKAGE = "pocketsphinx"


@dataclass(frozen=True)
class Aligned:
    """A word or a phone, and when it is said, in seconds from the start of the recording."""

    name: str
    start: float
    end: float


Alignment = tuple[Aligned, ...]


class Aligner:
    """A dictionary and acoustic model of US English.

    Raises:
        InputError: the package pocketsphinx is missing.

    """

    def __init__(self) -> None:
        self._decoder = _decoder_class()(samprate=SAMPLE_RATE, lm=None, loglevel="FATAL")
        self.version = _version()

    def pronunciations(self, word: str) -> frozenset[str]:
        """Return all pronunciations of a word, phones with spaces between; none if unknown."""
        alternatives = (f"{word}({number})" for number in itertools.count(2))
        names = itertools.chain([word], alternatives)
        return frozenset(itertools.takewhile(bool, map(self._decoder.lookup_word, names)))

    def knows(self, text: str) -> bool:
        """Say whether all words of a text are in the dictionary."""
        return all(map(self.pronunciations, text.split()))

    def words(self) -> list[str]:
        """Return all words of the dictionary, in order, that are nothing but letters."""
        path = Path(str(self._decoder.config["dict"]))
        entries = path.read_text(encoding="utf-8").splitlines()
        names = (entry.partition(" ")[0] for entry in entries)
        return sorted({name for name in names if name.isascii() and name.isalpha()})

    def align(self, samples: NDArray[np.int16], text: str) -> Alignment:
        """Return the words of a text in the order in which they are said.

        Args:
            samples: int16 [samples], mono at 16 kHz.
            text: words in lower case with spaces between them.

        Returns:
            Nothing where a word is not in the dictionary or the text does not fit the sound.

        """
        variants = self._align_variants(samples, text)
        return tuple(Aligned(_word(item.name), item.start, item.end) for item in variants)

    def align_phones(self, samples: NDArray[np.int16], text: str) -> Alignment:
        """Return the phones of a text, names of PHONES, in the order in which they are said.

        Args:
            samples: int16 [samples], mono at 16 kHz.
            text: words in lower case with spaces between them.

        Returns:
            Nothing where a word is not in the dictionary or the text does not fit the sound.

        """
        variants = self._align_variants(samples, text)
        phones = [self._decoder.lookup_word(item.name) for item in variants]
        # The package's own search for phones inside aligned words gives up on many recordings.
        return tuple(_fit(self._phone_decoder, samples, " ".join(phones))) if phones else ()

    def _align_variants(self, samples: NDArray[np.int16], text: str) -> list[Aligned]:
        """Return the words under the names of the pronunciations that fit best: "four(2)"."""
        words = text.split()
        if not words or not len(samples) or not self.knows(text):
            return []
        return list(_fit(self._decoder, samples, " ".join(words)))

    @cached_property
    def _phone_decoder(self) -> Decoder:
        """A decoder to which every phone is a word of its own."""
        make = _decoder_class()
        with TemporaryDirectory() as folder:
            dictionary = Path(folder) / "phones.dict"
            dictionary.write_text("".join(f"{name} {name}\n" for name in PHONES), encoding="ascii")
            return make(samprate=SAMPLE_RATE, lm=None, dict=str(dictionary), loglevel="FATAL")


class Transcriber:
    """A recognizer of read US English: dictionary, acoustic model and language model.

    It is about six times faster than real time, and wrong about every third word.

    Raises:
        InputError: the package pocketsphinx is missing.

    """

    def __init__(self) -> None:
        self._decoder = _decoder_class()(samprate=SAMPLE_RATE, loglevel="FATAL")
        self.version = _version()

    def transcribe(self, samples: NDArray[np.int16]) -> Alignment:
        """Return the words that it hears in int16 [samples], mono at 16 kHz, in order."""
        found = _search(self._decoder, samples)
        return tuple(Aligned(_word(item.name), item.start, item.end) for item in found)


def _decoder_class() -> type[Decoder]:
    try:
        from pocketsphinx import Decoder
    except ModuleNotFoundError:
        message = (
            f"the Python package {_PACKAGE} is missing, and words have to be found in recordings "
            f"of running speech: pip install 'digit-listen[train]' brings it"
        )
        raise InputError(message) from None
    decoder: type[Decoder] = Decoder
    return decoder


def _version() -> str:
    return f"{_PACKAGE} {version(_PACKAGE)}"


def _fit(decoder: Decoder, samples: NDArray[np.int16], text: str) -> Iterator[Aligned]:
    """Yield what a decoder finds of a text."""
    decoder.set_align_text(text)
    return _search(decoder, samples)


def _search(decoder: Decoder, samples: NDArray[np.int16]) -> Iterator[Aligned]:
    """Yield what a decoder finds; <sil>, [NOISE] and the like, which are no words, are left out."""
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    for found in decoder.seg() if decoder.hyp() else []:
        if not found.word.startswith(("<", "[")):
            first, last = found.start_frame, found.end_frame + 1
            yield Aligned(found.word, round(first * FRAME, 2), round(last * FRAME, 2))


def _word(variant: str) -> str:
    return variant.partition("(")[0]
