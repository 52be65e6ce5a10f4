"""What a talk of hours takes in memory: little for a word, nothing for a run of thoughts."""

import tracemalloc
from collections.abc import Callable

import numpy as np

from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from clipforge_desktop.domain.wire import decode, encode
from clipforge_desktop.moments.boundaries import Thought, candidates
from clipforge_desktop.moments.hooks import Meaning

WORDS = 5_000
THOUGHTS = 1_500  # of two hours


def peak_bytes(act: Callable[[], object]) -> int:
    """The most that `act` holds at once."""
    tracemalloc.start()
    try:
        kept = act()
        peak = tracemalloc.get_traced_memory()[1]
        del kept
    finally:
        tracemalloc.stop()
    return peak


def test_a_word_from_the_database_takes_at_most_250_bytes() -> None:
    words = tuple(Word(n * 0.4, n * 0.4 + 0.3, f"word{n}", 0.9) for n in range(WORDS))
    text = encode(Transcript("en", "whisper", "x", words, (Sentence(0, WORDS),)))
    decode(Transcript, text)  # what is learned of a type at its first reading stays
    assert peak_bytes(lambda: decode(Transcript, text)) < 250 * WORDS


def test_runs_of_thoughts_are_listed_and_compared_without_holding_their_meanings() -> None:
    thoughts = [Thought(n * 5.0, n * 5.0 + 5.0, n, n + 1, True) for n in range(THOUGHTS)]
    vectors = np.ones((THOUGHTS, 384), np.float32)
    meaning = Meaning(vectors, np.ones(THOUGHTS))
    found = candidates(thoughts, 15.0, 60.0)
    middle = (found.first + found.last + 1) // 2
    assert peak_bytes(lambda: candidates(thoughts, 15.0, 60.0)) < 100 * len(found)
    peak = peak_bytes(lambda: meaning.likeness(found.first, middle, found.last + 1))
    assert peak < 300 * len(found)  # one meaning alone has 3,072 bytes
