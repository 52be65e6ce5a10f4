"""How readings become a list."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from clipforge_desktop.domain.clip import ScorePart
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.moments import boundaries, completeness, hooks, ranking
from clipforge_desktop.moments.boundaries import Thought
from clipforge_desktop.moments.hooks import HookReading, Meaning
from clipforge_desktop.moments.judge import Judgement
from clipforge_desktop.moments.ranking import Edges, Readings, Spread
from clipforge_desktop.moments.settings import load_language, load_ranking
from clipforge_desktop.paths import resources

RANKING = load_ranking(resources())
THOUGHTS = tuple(Thought(i * 8.0, i * 8.0 + 8.0, i * 5, i * 5 + 5, True) for i in range(120))
FOUND = boundaries.candidates(THOUGHTS, 15.0, 60.0)
WIDE = Spread(0.5, 60.0)
AS_THEY_ARE = Edges(0.0, 0.0)


def readings(peaks: dict[int, float], vectors: np.ndarray | None = None) -> Readings:
    """Readings whose hook is 0 but at `peaks` (thought: value)."""
    value = np.zeros(len(THOUGHTS))
    for row, worth in peaks.items():
        value[row] = worth
    flat = np.ones(len(THOUGHTS))
    meaning = None if vectors is None else Meaning(vectors, flat)
    hook = HookReading(value, value, value[:, None], ("story",), meaning)
    return Readings(flat * 8, hook, None, None, flat, flat)


def chosen_spans(reading: Readings, count: int) -> list[tuple[float, float]]:
    scored = ranking.score(FOUND, reading, RANKING)
    rows = ranking.choose(FOUND, scored, count, WIDE, AS_THEY_ARE, lambda: None)
    return [(float(FOUND.start_s[row]), float(FOUND.end_s[row])) for row in rows]


def test_the_best_hook_comes_first() -> None:
    first, second = chosen_spans(readings({20: 5.0, 80: 9.0}), 2)
    assert first[0] <= 80 * 8 < first[1]
    assert second[0] <= 20 * 8 < second[1]


def test_chosen_clips_never_overlap_and_are_as_many_as_asked() -> None:
    spans = sorted(chosen_spans(readings({i: float(i % 7) for i in range(120)}), 12))
    assert len(spans) == 12
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_more_than_there_is_room_for_gives_what_fits() -> None:
    spans = chosen_spans(readings({}), 10_000)
    assert 16 <= len(spans) <= 64


def test_a_clip_that_says_the_same_as_a_better_one_waits_behind_others() -> None:
    vectors = np.eye(len(THOUGHTS), dtype=np.float32)
    peaks = {10: 9.0, 60: 8.5, 100: 8.0}
    apart = chosen_spans(readings(peaks, vectors.copy()), 2)
    vectors[50:70] = vectors[1]
    vectors[0:20] = vectors[1]
    alike = chosen_spans(readings(peaks, vectors), 2)
    assert apart[1][0] <= 60 * 8 < apart[1][1]
    assert not alike[1][0] <= 60 * 8 < alike[1][1]


def test_what_the_judge_chose_comes_first_in_the_order_of_its_strength() -> None:
    scored = ranking.score(FOUND, readings({20: 9.0}), RANKING)
    judgements = [Judgement(40, 44, "story", 5, "a."), Judgement(70, 73, "humour", 3, "b.")]
    spans_s = [(320.0, 360.0), (560.0, 592.0)]
    judged = ranking.put_judged_first(FOUND, scored, judgements, spans_s)
    rows = ranking.choose(FOUND, judged, 3, WIDE, AS_THEY_ARE, lambda: None)
    assert [(FOUND.start_s[row], FOUND.end_s[row]) for row in rows[:2]] == spans_s
    shown = ranking.shown_scores(judged, rows)
    assert shown == sorted(shown, reverse=True)
    assert shown[0] == 100


def test_a_judgement_much_longer_than_a_clip_lifts_one_clip_inside_it() -> None:
    scored = ranking.score(FOUND, readings({}), RANKING)
    judged = ranking.put_judged_first(
        FOUND, scored, [Judgement(0, 60, "story", 5, "")], [(0.0, 488.0)]
    )
    assert len(judged.judged) == 1


def test_scores_fall_from_the_best_and_stay_within_0_and_100() -> None:
    scored = ranking.score(FOUND, readings({i: float(i % 11) for i in range(120)}), RANKING)
    rows = ranking.choose(FOUND, scored, 30, WIDE, AS_THEY_ARE, lambda: None)
    shown = ranking.shown_scores(scored, rows)
    assert all(0 <= value <= 100 for value in shown)
    assert shown[0] == max(shown) >= 85
    assert shown[len(shown) // 2] >= 50


def test_a_score_rises_with_its_parts() -> None:
    reading = readings({i: float(i % 11) for i in range(120)})
    scored = ranking.score(FOUND, reading, RANKING)
    rows = ranking.choose(FOUND, scored, 5, WIDE, AS_THEY_ARE, lambda: None)
    poor = ranking.score(FOUND, replace(reading, opens=reading.opens * 0.2), RANKING)
    before, after = ranking.shown_scores(scored, rows), ranking.shown_scores(poor, rows)
    assert all(low < high for low, high in zip(after, before, strict=True))


def test_the_ends_of_a_chosen_clip_are_moved_to_cleaner_ones_close_by() -> None:
    reading = readings({20: 5.0, 80: 9.0})
    plain = chosen_spans(reading, 2)
    first, end = round(plain[0][0] / 8), round(plain[0][1] / 8)
    opens, closes = reading.opens.copy(), reading.closes.copy()
    opens[first], closes[end - 1] = 0.3, 0.1
    unclean = replace(reading, opens=opens, closes=closes)
    scored = ranking.score(FOUND, unclean, RANKING)
    rows = ranking.choose(FOUND, scored, 2, WIDE, Edges(2.0, 8.0), lambda: None)
    moved_s = (FOUND.start_s[rows[0]], FOUND.end_s[rows[0]])
    assert moved_s[0] != plain[0][0]
    assert moved_s[1] != plain[0][1]
    assert max(abs(moved_s[0] - plain[0][0]), abs(moved_s[1] - plain[0][1])) <= 8.0


def test_moved_ends_never_reach_into_another_chosen_clip() -> None:
    chance = np.random.default_rng(5)
    reading = readings({i: float(chance.random()) for i in range(120)})
    reading = replace(reading, opens=chance.random(120), closes=chance.random(120))
    scored = ranking.score(FOUND, reading, RANKING)
    rows = ranking.choose(FOUND, scored, 40, WIDE, Edges(3.0, 16.0), lambda: None)
    spans = sorted((FOUND.start_s[row], FOUND.end_s[row]) for row in rows)
    assert len(spans) > 12
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_what_the_judge_chose_keeps_its_ends() -> None:
    reading = readings({})
    reading = replace(reading, opens=np.where(np.arange(120) == 40, 0.1, 1.0))
    scored = ranking.score(FOUND, reading, RANKING)
    judged = ranking.put_judged_first(
        FOUND, scored, [Judgement(40, 44, "story", 5, "")], [(320.0, 360.0)]
    )
    rows = ranking.choose(FOUND, judged, 1, WIDE, Edges(9.0, 20.0), lambda: None)
    assert (FOUND.start_s[rows[0]], FOUND.end_s[rows[0]]) == (320.0, 360.0)


def test_parts_that_nothing_is_known_of_are_left_out() -> None:
    scored = ranking.score(FOUND, readings({20: 1.0}), RANKING)
    assert [part.name for part in ranking.parts_of(scored, 0)] == ["Hook", "Complete thought"]


def test_advice_says_why_and_what_would_raise_it() -> None:
    parts = (ScorePart("Hook", 0.9), ScorePart("Energy", 0.2))
    advice = ranking.advice_of(parts, "insight", None)
    assert advice == (
        "Here because it sounds like an insight; "
        "a livelier stretch, or cutting its pauses, would raise it."
    )
    judged = ranking.advice_of(parts, "story", Judgement(0, 1, "story", 5, "It ends well."))
    assert judged.startswith('Here because your language model chose it ("It ends well");')
    assert "transcript" in ranking.advice_of((), "moment", None)
    assert "little left" in ranking.advice_of((ScorePart("Hook", 0.95),), "story", None)


def test_word_lists_prefer_a_story_to_an_announcement() -> None:
    texts = [
        "The homework is on the website and the meeting is on Monday, next slide please.",
        "And then one night my father told me the truth, and I was afraid and I cried.",
    ]
    thoughts = (Thought(0, 60, 0, 15, True), Thought(60, 120, 15, 31, True))
    english = load_language(resources(), "en")
    assert english is not None
    reading = hooks.read_by_words(thoughts, texts, english, RANKING.hooks)
    assert reading.value[1] > reading.value[0]


def test_a_passage_value_is_shared_by_the_thoughts_it_covers() -> None:
    values = hooks.spread(np.array([1.0, 4.0]), np.array([0, 1]), np.array([2, 2]))
    assert values.tolist() == [1.0, 2.5]


def opens_and_closes(text: str) -> tuple[list[float], list[float]]:
    words = [
        Word(i * 0.4, i * 0.4 + 0.4, token) for i, token in enumerate(text.replace("/", "").split())
    ]
    thoughts, first = [], 0
    for sentence in text.split("/"):
        end = first + len(sentence.split())
        marked = sentence.strip()[-1] in ".?!"
        thoughts.append(Thought(first * 0.4, end * 0.4, first, end, marked))
        first = end
    english = load_language(resources(), "en")
    assert english is not None
    opens = completeness.opening_values(thoughts, words, english.openings)
    closes = completeness.closing_values(thoughts, words, english.openings)
    return opens.tolist(), closes.tolist()


def test_a_clip_should_not_open_with_what_points_back() -> None:
    opens, _ = opens_and_closes(
        "The door was open. / They had left it. / Nobody knew why. / Yes. / Rain fell all day."
    )
    assert opens[0] == 1.0
    assert opens[1] < opens[2] == 1.0
    assert opens[3] < 0.5
    assert opens[4] == 1.0


def test_a_clip_should_not_open_with_an_answer_whose_question_is_missing() -> None:
    opens, closes = opens_and_closes("Where did you live? / Somewhere in the north. / Good.")
    assert opens[1] < 0.5
    assert closes[0] < closes[1]


def test_a_clip_should_not_end_on_an_open_clause() -> None:
    _, closes = opens_and_closes("we went there because / there was a house in it")
    assert closes[0] < closes[1]


def test_a_clip_should_not_open_on_a_conjunction_and_a_word_that_points_back() -> None:
    opens, _ = opens_and_closes(
        "It rained. / And that's why it flooded. / So they left the town. / But rain is rare."
    )
    assert opens[1] <= 0.3
    assert opens[2] <= 0.3
    assert opens[1] < opens[3] < 1.0


def test_a_clip_should_not_end_on_an_announcement_whose_answer_follows() -> None:
    _, closes = opens_and_closes(
        "Nobody came home. / So here is what happened. / The river had risen. / Let me tell you: "
        "/ Nobody was hurt. / Here is my advice."
    )
    assert closes[1] == closes[3] == 0.1
    assert min(closes[0], closes[2], closes[4]) >= 0.6
    assert closes[5] > 0.1  # nothing follows that would answer it


def test_a_clip_should_not_end_on_a_question_that_is_answered_at_once() -> None:
    _, closes = opens_and_closes("We left. / And what did it cost? / Nothing. / Who would do it?")
    assert closes[1] == 0.1
    assert closes[3] > 0.5


def test_a_clip_should_end_before_a_new_thought_rather_than_one_that_points_back() -> None:
    _, closes = opens_and_closes(
        "The river rose at night. / It took the bridge. / Bridges cost money."
    )
    assert closes[0] < closes[1] < closes[2] == 1.0


def test_in_a_text_with_marks_a_clip_should_not_end_without_one() -> None:
    _, closes = opens_and_closes("We left. / The river was high / and we swam. / It was cold.")
    assert closes[1] < closes[0]
