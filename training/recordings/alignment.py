"""Where the words of a transcribed recording lie, by forced alignment.

Method: the states of the words' phones, from a dictionary, are fitted to the sound by the Viterbi
search of CMU PocketSphinx (https://github.com/cmusphinx/pocketsphinx) with its bundled US English
model. It is about 65 times faster than real time.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.errors import InputError

FRAME = 0.01
"""Seconds of a frame of the model, to which times are rounded."""

_PACKAGE = "pocketsphinx"


@dataclass(frozen=True)
class AlignedWord:
    """A word and when it is said, in seconds from the start of the recording."""

    word: str
    start: float
    end: float


class Aligner:
    """A dictionary and acoustic model of US English.

    Raises:
        InputError: the package pocketsphinx is missing.

    """

    def __init__(self) -> None:
        try:
            from pocketsphinx import Decoder
        except ModuleNotFoundError:
            message = (
                f"the Python package {_PACKAGE} is missing, and words have to be found in "
                f"transcribed recordings: pip install 'digit-listen[train]' brings it"
            )
            raise InputError(message) from None
        self._decoder = Decoder(samprate=SAMPLE_RATE, lm=None, loglevel="FATAL")
        self.version = f"{_PACKAGE} {version(_PACKAGE)}"

    def pronunciations(self, word: str) -> frozenset[str]:
        """Return all pronunciations of a word, phones with spaces between; none if unknown."""
        alternatives = (f"{word}({number})" for number in itertools.count(2))
        names = itertools.chain([word], alternatives)
        return frozenset(itertools.takewhile(bool, map(self._decoder.lookup_word, names)))

    def align(self, samples: NDArray[np.int16], text: str) -> tuple[AlignedWord, ...]:
        """Return the words of a text in the order in which they are said.

        Args:
            samples: int16 [samples], mono at 16 kHz.
            text: words in lower case with spaces between them.

        Returns:
            Nothing where a word is not in the dictionary or the text does not fit the sound.

        """
        words = text.split()
        if not words or not len(samples) or not all(map(self.pronunciations, words)):
            return ()
        decoder = self._decoder
        decoder.set_align_text(" ".join(words))
        decoder.start_utt()
        decoder.process_raw(samples.tobytes(), full_utt=True)
        decoder.end_utt()
        segments = decoder.seg() if decoder.hyp() else []
        found = [(s.word.partition("(")[0], s.start_frame, s.end_frame + 1) for s in segments]
        # Silences are named <sil> and the like.
        return tuple(
            AlignedWord(word, round(first * FRAME, 2), round(last * FRAME, 2))
            for word, first, last in found
            if not word.startswith("<")
        )
