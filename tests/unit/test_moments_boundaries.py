"""Where clips may begin and end."""

import random
from itertools import pairwise

import numpy as np
import pytest

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from clipforge_desktop.moments import boundaries
from clipforge_desktop.moments.boundaries import Thought

OPENERS = frozenset({"but", "because", "and", "so"})


def spoken(text: str, start_s: float = 0.0, word_s: float = 0.4, gap_s: float = 0.0) -> list[Word]:
    """The words of `text`; "|" is a pause of one second."""
    words: list[Word] = []
    at_s = start_s
    for token in text.split():
        if token == "|":
            at_s += 1.0
            continue
        words.append(Word(at_s, at_s + word_s, token))
        at_s += word_s + gap_s
    return words


def transcript(words: list[Word], sentences: tuple[Sentence, ...] = ()) -> Transcript:
    return Transcript("en", "sidecar", "test", tuple(words), sentences)


def thoughts_of(words: list[Word], max_s: float = 60.0) -> tuple[Thought, ...]:
    return boundaries.thoughts_of_words(transcript(words), OPENERS, max_s)


def test_punctuated_words_become_their_sentences() -> None:
    words = spoken("This is the first one. Is this the second one? It is indeed so!")
    said = [transcript(words).text(t.first, t.end) for t in thoughts_of(words)]
    assert said == ["This is the first one.", "Is this the second one?", "It is indeed so!"]


def test_every_word_is_in_exactly_one_thought_whatever_the_text() -> None:
    chance = random.Random(3)
    for _ in range(60):
        count = chance.randint(1, 120)
        words, at_s = [], 0.0
        for _ in range(count):
            at_s += chance.choice([0.0, 0.0, 0.1, 0.6, 3.0])
            end_s = at_s + chance.choice([0.0, 0.02, 0.3, 2.0])
            words.append(Word(at_s, end_s, chance.choice(["so", "yes.", "because", "why?", "a"])))
            at_s = end_s
        cuts = sorted(chance.sample(range(1, count), min(3, count - 1))) if count > 1 else []
        sentences = tuple(Sentence(a, b) for a, b in zip([0, *cuts], [*cuts, count], strict=True))
        found = boundaries.thoughts_of_words(transcript(words, sentences), OPENERS, 30.0)
        assert [i for t in found for i in range(t.first, t.end)] == list(range(count))


def test_text_without_marks_is_cut_at_its_pauses() -> None:
    words = spoken(" | ".join(["we went there and saw nothing at all that day again"] * 12))
    found = thoughts_of(words)
    assert len(found) > 3
    for before, after in pairwise(found):
        assert after.start_s - before.end_s >= 0.9


def test_sentences_the_transcript_is_sure_of_are_thoughts_also_without_marks_or_pauses() -> None:
    words = spoken("we built a boat at home nobody thought that it would float")
    sure, cut = Sentence(0, 6), Sentence(0, 6, is_cut=True)
    firsts = []
    for sentence in (sure, cut):
        script = transcript(words, (sentence, Sentence(6, 12)))
        firsts.append([t.first for t in boundaries.thoughts_of_words(script, OPENERS, 60.0)])
    assert firsts == [[0, 6], [0]]


def test_text_with_neither_marks_nor_pauses_is_cut_before_a_clause() -> None:
    words = spoken(" ".join(["but we went there to see the house of my friend again"] * 12))
    found = thoughts_of(words)
    assert len(found) > 2
    assert {words[thought.first].text for thought in found} == {"but"}
    assert max(thought.duration_s for thought in found) <= boundaries.UNMARKED_MAX_S


def test_a_sentence_longer_than_a_clip_may_be_is_split_at_a_pause() -> None:
    words = spoken("a " * 60 + "| " + "b " * 60 + "end.")
    found = thoughts_of(words, max_s=30.0)
    assert words[found[1].first].text == "b"


def test_a_one_word_answer_is_joined_to_its_neighbour() -> None:
    words = spoken("Did he come back home? Yes. | | He came back on the very next day.")
    said = [transcript(words).text(t.first, t.end) for t in thoughts_of(words)]
    assert said[0] == "Did he come back home? Yes."


def test_candidates_are_whole_thoughts_of_a_fitting_length() -> None:
    found = thoughts_of(spoken("one two three four five six seven eight nine ten. " * 30))
    rows = boundaries.candidates(found, 15.0, 60.0)
    lengths = rows.end_s - rows.start_s
    assert len(rows) > 100
    assert lengths.min() >= 15.0
    assert lengths.max() <= 60.0
    assert set(rows.start_s) <= {thought.start_s for thought in found}
    assert set(rows.end_s) <= {thought.end_s for thought in found}


def test_a_source_shorter_than_a_clip_is_one_clip() -> None:
    rows = boundaries.candidates(thoughts_of(spoken("Only this. And that is all.")), 15.0, 60.0)
    assert len(rows) == 1
    assert (rows.start_s[0], rows.end_s[0]) == (0.0, pytest.approx(2.4))


@pytest.mark.parametrize(("sentences", "count"), [(7, 1), (9, 1), (14, 6)])
def test_a_source_too_short_for_two_clips_is_one_clip_the_whole_of_it(
    sentences: int, count: int
) -> None:
    words = spoken("one two three four five six seven eight. " * sentences)  # 3.2 s each
    rows = boundaries.candidates(thoughts_of(words), 15.0, 60.0)
    assert (len(rows) == 1) == (count == 1)
    assert len(rows) >= count
    assert (rows.start_s.min(), rows.end_s.max()) == (0.0, pytest.approx(words[-1].end_s))


def test_a_flood_of_tiny_cues_does_not_make_a_flood_of_candidates() -> None:
    words = [Word(i * 0.01, i * 0.01 + 0.005, "x.") for i in range(60_000)]  # ten minutes
    rows = boundaries.candidates(thoughts_of(words), 15.0, 60.0)
    assert 0 < len(rows) < 60_000


@pytest.mark.parametrize(("before_s", "after_s"), [(9.9, 30.1), (9.0, 32.0), (10.0, 30.0)])
def test_lead_in_and_lead_out_stay_within_the_silence(before_s: float, after_s: float) -> None:
    start_s, end_s = boundaries.padded(10.0, 30.0, before_s, after_s, 60.0)
    assert before_s <= start_s <= 10.0
    assert 30.0 <= end_s <= after_s
    assert 10.0 - start_s <= boundaries.LEAD_IN_S + 1e-9
    assert end_s - 30.0 <= boundaries.LEAD_OUT_S + 1e-9


def test_lead_in_and_lead_out_never_make_a_clip_too_long() -> None:
    start_s, end_s = boundaries.padded(10.0, 69.9, 0.0, 100.0, 60.0)
    assert end_s - start_s <= 60.0 + 1e-9


def test_without_words_clips_follow_what_is_spoken() -> None:
    speech = (SpeechRange(1.0, 5.0), SpeechRange(8.0, 12.0), SpeechRange(20.0, 26.0))
    found = boundaries.thoughts_without_words(speech, (), None, 30.0, 60.0)
    assert [(t.start_s, t.end_s) for t in found] == [(1.0, 5.0), (8.0, 12.0), (20.0, 26.0)]


def test_without_speech_clips_follow_the_picture_cuts() -> None:
    cuts_s = (7.0, 15.5, 24.0, 31.0)
    found = boundaries.thoughts_without_words((), cuts_s, None, 40.0, 60.0)
    assert set(cuts_s) <= {thought.start_s for thought in found}


def test_without_cuts_clips_follow_the_quiet_moments() -> None:
    loudness = np.full(400, -20, dtype=np.int8)
    loudness[80], loudness[190] = -50, -50
    found = boundaries.thoughts_without_words((), (), loudness, 40.0, 60.0)
    starts = [thought.start_s for thought in found]
    assert any(abs(start - 8.05) < 0.1 for start in starts)
    assert any(abs(start - 19.05) < 0.1 for start in starts)


def test_nothing_gives_nothing() -> None:
    assert boundaries.thoughts_without_words((), (), None, 0.0, 60.0) == ()
    assert len(boundaries.candidates((), 15.0, 60.0)) == 0
