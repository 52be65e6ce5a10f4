"""Sentences, pieces of running text, languages, and units of speech: pure rules."""

import textwrap
from itertools import pairwise

import pytest

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.speech.languages import LANGUAGES, language_code, language_name
from clipforge_desktop.speech.ranges import MAX_PAUSE_S, pack
from clipforge_desktop.speech.script import split_text
from clipforge_desktop.speech.sentences import find_sentences


def said(text: str, step_s: float = 0.3) -> list[Word]:
    return [
        Word(n * step_s, n * step_s + 0.25, word, joined=joined)
        for n, (word, joined) in enumerate(split_text(text))
    ]


def sentences(words: list[Word]) -> list[str]:
    found = find_sentences(words)
    assert [s.first for s in found] == [0, *(s.end for s in found[:-1])]
    assert not found or found[-1].end == len(words)
    parts: list[str] = []
    for sentence in found:
        text = ""
        for word in words[sentence.first : sentence.end]:
            text += word.text if word.joined or not text else f" {word.text}"
        parts.append(text)
    return parts


@pytest.mark.parametrize(
    "expected",
    [
        ["I met Dr. Shaw at 5 p.m. today.", "She paid $3.50 for it."],
        ["J. K. Rowling wrote it.", "The U.S. Army did not."],
        ["He lives in the U.S.", "She does not."],
        ["Wait...", "What?", "No!"],
        ["Well... maybe not."],
        ['"Stop!" she said.', '"Why?" he asked.', "Nobody knew."],
        ["We need sugar, milk, etc. for this.", "Then we bake."],
        ["He runs Acme Inc.", "They sell rockets."],
        ["Version 2.1 is out.", "No. 5 is alive."],
        ["Is it?", "No."],
        ["\u00bfQu\u00e9 pasa?", "Nada."],
        ["\u4eca\u65e5\u306f\u6674\u308c\u3067\u3059\u3002", "\u660e\u65e5\u306f\uff1f"],
    ],
)
def test_punctuated_text_is_cut_where_sentences_end(expected: list[str]) -> None:
    assert sentences(said(" ".join(expected))) == expected


def test_text_without_punctuation_is_cut_at_pauses() -> None:
    words = said("so this is one thing and this is another")
    later = [
        Word(w.start_s + (2.0 if n >= 5 else 0.0), w.end_s + (2.0 if n >= 5 else 0.0), w.text)
        for n, w in enumerate(words)
    ]
    assert sentences(later) == ["so this is one thing", "and this is another"]


LINES = (
    "we built a boat in the garden",
    "nobody believed that it would float",
    "it did",
    "my brother took it out on the lake one windy morning in may",
    "he came back three days later",
    "with a cat",
    "the cat still lives with us",
    "she hates water",
)


def in_lines(lines: list[str], gap_s: float = 0.0) -> tuple[list[Word], list[int]]:
    """Words of 0.3 s that touch, `gap_s` between lines; and the first word of each line."""
    words: list[Word] = []
    firsts: list[int] = []
    at_s = 0.0
    for line in lines:
        firsts.append(len(words))
        for text in line.split():
            words.append(Word(at_s, at_s + 0.3, text))
            at_s += 0.3
        at_s += gap_s
    return words, firsts


def test_unpunctuated_lines_that_were_broken_by_sense_are_sentences() -> None:
    words, firsts = in_lines(list(LINES))
    assert [s.first for s in find_sentences(words, firsts)] == firsts
    assert not any(s.is_cut for s in find_sentences(words, firsts))


@pytest.mark.parametrize("width", [24, 32, 42])
def test_unpunctuated_lines_that_were_broken_where_they_were_full_are_not(width: int) -> None:
    words, firsts = in_lines(textwrap.wrap(" ".join(LINES), width))
    assert len(firsts) >= 4
    assert find_sentences(words, firsts) == find_sentences(words)


def test_unpunctuated_lines_of_a_fixed_count_of_words_are_not_sentences() -> None:
    tokens = " ".join(LINES).split()
    lines = [" ".join(tokens[n : n + 6]) for n in range(0, len(tokens), 6)]
    words, firsts = in_lines(lines)
    assert find_sentences(words, firsts) == find_sentences(words)


def test_a_short_pause_between_two_unpunctuated_lines_ends_a_sentence() -> None:
    words, firsts = in_lines(textwrap.wrap(" ".join(LINES), 42), gap_s=0.25)
    assert [s.first for s in find_sentences(words, firsts)] == firsts
    assert [s.first for s in find_sentences(words)] != firsts


def test_lines_of_punctuated_text_say_nothing_about_its_sentences() -> None:
    words, firsts = in_lines(["I met her. She", "had a cat.", "It hated", "water. So", "did she."])
    assert find_sentences(words, firsts) == find_sentences(words)


@pytest.mark.parametrize(
    ("lines", "gap_s", "expected"),
    [
        (["Now listen.", "♪ music playing ♪", "A last one.", "It ends."], 0.5, [0, 2, 6, 9]),
        (["It ends.", "We said", "(loud laughter)", "No more. Really."], 0, [0, 2, 4, 6, 8]),
        (["It ends.", "We thought that", "[coughs]", "it was over."], 0, [0, 2]),
        (["It ends.", "We wait", "And then it goes."], 1.2, [0, 2, 4]),
        (["It ends.", "We wait", "and then it goes."], 1.2, [0, 2]),
        (["It ends.", "We wait,", "Anna and I."], 1.2, [0, 2]),
        (["It ends.", "مرحبا بكم", "שלום לכולם."], 0.1, [0, 2, 4]),
    ],
)
def test_punctuated_lines_are_parted_by_sounds_long_pauses_and_other_scripts(
    lines: list[str], gap_s: float, expected: list[int]
) -> None:
    words, firsts = in_lines(lines, gap_s)
    assert [s.first for s in find_sentences(words, firsts)] == expected


def test_a_sentence_that_never_ends_is_cut_at_its_longest_pauses() -> None:
    endless = said("word " * 300)
    found = find_sentences(endless)
    assert max(s.end - s.first for s in found) <= 30
    assert min(s.end - s.first for s in found) >= 5
    assert [s.is_cut for s in found] == [True] * (len(found) - 1) + [False]
    assert find_sentences(()) == ()


def test_chinese_and_japanese_are_split_for_captions_and_english_is_not() -> None:
    assert [p for p, _ in split_text("I don't know (really) 3.5")] == [
        "I",
        "don't",
        "know",
        "(really)",
        "3.5",
    ]
    pieces = list(split_text("\u98f2\u307f\u307e\u3057\u305f\u3002\u597d\u4e0d\u597d\uff1f"))
    assert (
        "".join(piece for piece, _ in pieces)
        == "\u98f2\u307f\u307e\u3057\u305f\u3002\u597d\u4e0d\u597d\uff1f"
    )
    assert all(joined for _, joined in pieces[1:])
    assert max(len(piece) for piece, _ in pieces) <= 6
    assert all(any(c.isalnum() for c in piece) for piece, _ in pieces)
    assert [j for _, j in split_text("\uc548\ub155 \uc5ec\ub7ec\ubd84")] == [False, False]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Japanese", "ja"),
        ("ja", "ja"),
        ("en-US", "en"),
        ("zh_Hans", "zh"),
        ("Haitian Creole", "ht"),
        (" GERMAN ", "de"),
        ("eng", "en"),
        ("castilian", "es"),
        ("klingon", ""),
        ("", ""),
    ],
)
def test_languages_are_understood_however_they_are_written(written: str, code: str) -> None:
    assert language_code(written) == code


def test_every_language_of_whisper_has_a_name() -> None:
    assert len(LANGUAGES) == 100
    assert language_name("ja") == "Japanese"
    assert language_name("xx") == "Xx"


def test_units_cover_all_speech_and_are_cut_at_the_longest_pause() -> None:
    speech = [SpeechRange(n * 5.0, n * 5.0 + 4.5) for n in range(20)]
    speech[4] = SpeechRange(20.0, 22.5)  # the longest pause within the first 20 to 30 s
    units = pack(speech, 100.0, 30.0)
    assert all(unit.duration_s <= 30.0 for unit in units)
    assert all(a.end_s <= b.start_s for a, b in pairwise(units))
    assert 22.5 < units[0].end_s < 25.0
    for spoken in speech:
        assert any(u.start_s <= spoken.start_s and spoken.end_s <= u.end_s for u in units)


def test_a_long_silence_is_left_out() -> None:
    speech = [SpeechRange(1.0, 3.0), SpeechRange(3.0 + MAX_PAUSE_S + 1, 12.0)]
    first, second = pack(speech, 12.0, 30.0)
    assert first.end_s < 3.5
    assert second.start_s > 7.5
    assert second.end_s == 12.0


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    asked: list[tuple[float, float]] = []

    def quietest(low_s: float, high_s: float) -> float:
        asked.append((low_s, high_s))
        return low_s + 1.0

    units = pack([SpeechRange(0.0, 95.0)], 95.0, 30.0, quietest)
    assert all(unit.duration_s <= 30.0 for unit in units)
    assert units[0].start_s == 0.0
    assert units[-1].end_s == 95.0
    assert len(units) == len(asked) + 1
    assert pack([], 10.0, 30.0) == ()
