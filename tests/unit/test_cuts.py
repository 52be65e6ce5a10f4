"""Words, pauses and fillers are cut through the silence around them, and nothing else is lost."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.cuts import (
    AIR_S,
    LONGEST_PAUSE_S,
    FillerList,
    Pace,
    fillers,
    snapped,
    tight_pieces,
    tightened,
    with_cut,
    without_cut,
    word_cut,
    words_in,
)
from clipforge_desktop.domain.edit import ClipEdit, pieces_of
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.fillers import fillers_of
from clipforge_desktop.paths import resources

ENGLISH = FillerList(("um", "uh"), ("you know", "like"))
LANGUAGES = sorted(file.stem for file in (resources() / "fillers").glob("*.toml"))


def said(text: str, pauses_s: Sequence[float] = (), word_s: float = 0.3) -> tuple[Word, ...]:
    """Words one after another from 10 s on, `pauses_s[n]` of silence before word n (0 else)."""
    words = []
    at_s = 10.0
    for number, part in enumerate(text.split()):
        at_s += pauses_s[number] if number < len(pauses_s) else 0.0
        words.append(Word(at_s, at_s + word_s, part))
        at_s += word_s
    return tuple(words)


def whole(words: Sequence[Word]) -> Piece:
    return Piece(words[0].start_s - 0.1, words[-1].end_s + 0.1)


def texts(words: tuple[Word, ...], cuts: Sequence[Piece]) -> str:
    pieces = pieces_of([whole(words)], ClipEdit(cuts=tuple(cuts)))
    return " ".join(word.text for word in TimeMap(pieces).words(words))


def pauses_left(words: tuple[Word, ...], cuts: Sequence[Piece]) -> list[float]:
    heard = TimeMap(pieces_of([whole(words)], ClipEdit(cuts=tuple(cuts)))).words(words)
    return [round(after.start_s - before.end_s, 3) for before, after in pairwise(heard)]


def test_a_cut_runs_from_the_middle_of_one_gap_to_the_middle_of_the_other() -> None:
    words = said("one two three four", (0, 0.2, 0.1, 0.4))
    cut = word_cut(words, 1, 3)
    assert cut.start_s == pytest.approx(words[0].end_s + 0.1)
    assert cut.end_s == pytest.approx(words[3].start_s - 0.2)
    assert texts(words, [cut]) == "one four"


def test_a_cut_never_reaches_into_a_neighbour() -> None:
    tight = said("one two three")
    assert word_cut(tight, 1, 2) == Piece(tight[0].end_s, tight[2].start_s)
    over = (Word(0, 1.0, "one"), Word(0.9, 1.5, "two"), Word(1.4, 2.0, "three"))
    assert word_cut(over, 1, 2) == Piece(1.0, 1.4)
    buried = (Word(0, 1.4, "one"), Word(0.9, 1.5, "two"), Word(1.45, 2.0, "three"))
    assert words_in(buried, [word_cut(buried, 1, 2)]) == {1}


def test_every_word_can_be_struck_and_restored_by_itself() -> None:
    words = said("one two three four five", (0, 0.1, 0, 0.5, 0.02))
    for number in range(len(words)):
        cut = word_cut(words, number, number + 1)
        assert words_in(words, [cut]) == {number}
    all_gone = with_cut(*[[word_cut(words, 1, 4)]], word_cut(words, 3, 5))
    assert words_in(words, all_gone) == {1, 2, 3, 4}
    back = without_cut(all_gone, word_cut(words, 2, 3))
    assert words_in(words, back) == {1, 3, 4}
    assert without_cut(back, whole(words)) == ()


@pytest.mark.parametrize("pace", ["natural", "fast", "extra-fast"])
def test_a_pace_shortens_the_pauses_above_its_limit_and_no_other(pace: Pace) -> None:
    given = (0, 0.1, 0.3, 0.5, 0.59, 0.61, 2.0)
    words = said("one two three four five six seven", given)
    left = pauses_left(words, tightened(words, (), whole(words), pace))
    for before_s, after_s in zip(given[1:], left, strict=True):
        expected = 2 * AIR_S[pace] if before_s > LONGEST_PAUSE_S[pace] else before_s
        assert after_s == pytest.approx(expected, abs=1e-6)


def test_no_pace_cuts_nothing() -> None:
    words = said("one two", (0, 5.0))
    assert tightened(words, (), whole(words)) == ()


def test_speech_without_recognised_words_is_no_pause() -> None:
    words = said("one two", (0, 4.0))
    murmur = SpeechRange(words[0].end_s + 1.5, words[0].end_s + 2.5)
    cuts = tightened(words, (SpeechRange(9.9, 10.4), murmur), whole(words), "natural")
    assert len(cuts) == 2
    assert all(cut.end_s <= murmur.start_s or cut.start_s >= murmur.end_s for cut in cuts)


def test_without_any_words_the_speech_ranges_tell_the_pauses() -> None:
    speech = (SpeechRange(0, 4.0), SpeechRange(5.0, 8.0), SpeechRange(8.2, 9.0))
    cuts = tightened((), speech, Piece(1.0, 9.0), "natural")
    assert cuts == (Piece(4.0 + AIR_S["natural"], 5.0 - AIR_S["natural"]),)


def test_a_filler_and_its_pauses_leave_one_short_pause() -> None:
    words = said("so um we", (0, 0.5, 0.5))
    struck = {1}
    assert texts(words, tightened(words, (), whole(words), "spoken", struck)) == "so we"
    cuts = tightened(words, (), whole(words), "fast", struck)
    assert pauses_left(words, cuts) == [pytest.approx(2 * AIR_S["fast"], abs=1e-6)]


def test_sounds_are_fillers_wherever_they_stand() -> None:
    words = said("So, Ummm, we umbrella uh went Uh-huh")
    assert fillers(words, ENGLISH) == ((1, 2), (4, 5))


def test_words_are_fillers_only_between_pauses_or_marks() -> None:
    assert fillers(said("as you know it works"), ENGLISH) == ()
    assert fillers(said("it was, you know, late"), ENGLISH) == ((2, 4),)
    assert fillers(said("it was you know late", (0, 0, 0.3, 0, 0.3)), ENGLISH) == ((2, 4),)
    assert fillers(said("it was um you know, like, late"), ENGLISH) == ((2, 3), (3, 5), (5, 6))
    assert fillers(said("well, you know it works"), ENGLISH) == ()
    assert fillers(said("I like it"), ENGLISH) == ()
    assert fillers(said("You know, it works"), ENGLISH) == ((0, 2),)


def test_fillers_leave_no_part_of_other_words() -> None:
    words = said("and um so, you know, it went uh well", (0, 0.1, 0.2, 0, 0.05, 0, 0.1))
    pieces = tight_pieces([whole(words)], words, (), "extra-fast", ENGLISH)
    heard = TimeMap(pieces).words(words)
    assert [word.text for word in heard] == ["and", "so,", "it", "went", "well"]
    assert all(word.end_s - word.start_s == pytest.approx(0.3) for word in heard)


def test_a_clip_of_nothing_but_fillers_stays() -> None:
    words = said("um uh")
    piece = Piece(words[0].start_s, words[-1].end_s)
    with pytest.raises(InputError):
        pieces_of([piece], ClipEdit(cuts=(word_cut(words, 0, 2),)))
    assert tight_pieces([piece], words, (), "spoken", ENGLISH) == (piece,)


def test_cuts_stay_inside_their_piece() -> None:
    words = said("one two three four", (0, 2.0, 2.0, 2.0))
    piece = Piece(words[1].start_s - 0.2, words[2].end_s + 0.2)
    cuts = tightened(words, (), piece, "fast", {1, 3})
    assert all(piece.start_s <= cut.start_s < cut.end_s <= piece.end_s for cut in cuts)


def test_an_end_snaps_to_the_nearest_word_with_a_little_air() -> None:
    words = said("one two three", (0, 0.0, 0.6))
    start = words[2].start_s
    assert snapped(words, start + 0.12) == pytest.approx(start - 0.1)
    assert snapped(words, words[1].end_s - 0.1) == pytest.approx(words[1].end_s + 0.1)
    assert snapped(words, words[1].start_s + 0.02) == words[1].start_s, "no gap, no air"
    assert snapped(words, words[2].end_s + 0.31) == words[2].end_s + 0.31
    assert snapped((), 5.0) == 5.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_of_fillers_is_sound(language: str) -> None:
    known = fillers_of(language)
    assert known.always
    assert known.between_pauses
    sounds = " ".join(known.always)
    assert len(fillers(said(sounds), known)) == len(known.always)


def test_a_language_without_a_list_has_no_fillers() -> None:
    assert fillers_of("xx") == fillers_of("") == fillers_of("../en") == FillerList()
