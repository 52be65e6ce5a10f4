"""What the judge is asked, and what is made of its answers."""

import json
from itertools import pairwise
from string import Template

import pytest

from clipforge_desktop.domain.errors import InputError, TransientError
from clipforge_desktop.moments import judge
from clipforge_desktop.moments.boundaries import Thought
from clipforge_desktop.moments.judge import Judgement, Question, Window
from clipforge_desktop.moments.judge_server import parse_address
from clipforge_desktop.paths import resources

WHOLE = Window(0, 40)
GOOD = {"first": 3, "last": 7, "category": "Story", "strength": 4, "why": "It ends well."}
QUESTION = Question(
    Template((resources() / "judge_prompt.txt").read_text(encoding="utf-8")), 15.0, 60.0, 150.0
)


def talk(sentences: int) -> tuple[list[Thought], list[str]]:
    thoughts = [Thought(i * 5.0, i * 5.0 + 5.0, i, i + 1, True) for i in range(sentences)]
    return thoughts, [f"This is what sentence {i + 1} of the talk says." for i in range(sentences)]


@pytest.mark.parametrize(
    "wrapping",
    [
        "%s",
        "```json\n%s\n```",
        "Sure! Here are the moments:\n%s\nI hope this helps.",
        '<think>[{"first": 1, "last": 2}] or not?</think>%s',
        '{"moments": %s}',
        '{"clips": %s, "note": "done"}',
    ],
)
def test_a_list_is_read_however_the_model_wraps_it(wrapping: str) -> None:
    found = judge.read_answer(wrapping % json.dumps([GOOD]), WHOLE)
    assert found == [Judgement(2, 6, "story", 4, "It ends well.")]


def test_a_list_that_was_cut_off_keeps_its_whole_entries() -> None:
    text = json.dumps([GOOD, {**GOOD, "first": 20, "last": 24}])[:-30]
    assert [one.first for one in judge.read_answer(text, WHOLE)] == [2]


@pytest.mark.parametrize(
    "entry",
    [
        {**GOOD, "first": 0},
        {**GOOD, "last": 41},
        {**GOOD, "first": 9},
        {**GOOD, "first": "one"},
        {**GOOD, "first": 1e400},
        {**GOOD, "first": True},
        {"category": "story"},
        "3-7",
        None,
    ],
)
def test_an_entry_that_names_no_sentences_of_its_window_is_dropped(entry: object) -> None:
    assert judge.read_answer(json.dumps([GOOD, entry]), WHOLE) == [
        Judgement(2, 6, "story", 4, "It ends well.")
    ]


@pytest.mark.parametrize(
    "answer", ["", "I cannot do that.", "{", "[" * 100_000, '{"error": "no"}', "[1, 2]", "null"]
)
def test_an_answer_without_a_list_is_no_answer(answer: str) -> None:
    with pytest.raises(TransientError) as caught:
        judge.read_answer(answer, WHOLE)
    assert caught.value.failure.code == "judge-unusable"


def test_an_empty_list_is_an_answer() -> None:
    assert judge.read_answer("[]", WHOLE) == []


def test_what_the_model_writes_is_bounded_and_on_one_line() -> None:
    entry = {**GOOD, "why": "a\nb\x00c\u202e " + "d" * 5000, "category": "x" * 500, "strength": 99}
    found = judge.read_answer(json.dumps([entry]), WHOLE)[0]
    assert len(found.why) <= judge.WHY_CHARACTERS
    assert len(found.category) <= judge.CATEGORY_CHARACTERS
    assert found.why.isprintable()
    assert found.strength == 5


def test_windows_cover_every_sentence_and_overlap() -> None:
    _, texts = talk(2000)
    parts = judge.windows(texts)
    assert (parts[0].first, parts[-1].end) == (0, 2000)
    assert len(parts) > 5
    for before, after in pairwise(parts):
        assert before.first < after.first < before.end


def test_one_endless_sentence_is_a_window_of_its_own() -> None:
    assert judge.windows(["x" * 50_000, "y"]) == (Window(0, 1), Window(1, 2))


def test_the_prompt_numbers_sentences_through_the_whole_talk() -> None:
    thoughts, texts = talk(30)
    prompt = judge.prompt_for(Window(10, 20), thoughts, texts, QUESTION)
    assert "11 [0:50] This is what sentence 11 of the talk says." in prompt
    assert "\n10 [" not in prompt
    assert "between 15 and 60 seconds" in prompt
    assert "a part of the talk" in prompt
    assert "$" not in prompt


def test_a_dollar_in_the_talk_does_not_break_the_prompt() -> None:
    thoughts, texts = talk(2)
    texts[0] = "It costs $count or ${min_s} or $5."
    assert texts[0] in judge.prompt_for(Window(0, 2), thoughts, texts, QUESTION)


def test_a_moment_named_in_two_windows_is_kept_once_at_its_strongest() -> None:
    thoughts, texts = talk(400)
    strengths = iter([2, 5, 3, 3, 3, 3, 3, 3])
    seam = judge.windows(texts)[1].first + 1

    def ask(prompt: str) -> str:
        entry = {"first": seam, "last": seam + 3, "strength": next(strengths)}
        return json.dumps([entry])

    found = judge.read_talk(thoughts, texts, QUESTION, ask, lambda read, of: None)
    assert found == (Judgement(seam - 1, seam + 2, "moment", 5, ""),)


def test_a_window_is_asked_twice_before_the_judge_is_given_up() -> None:
    thoughts, texts = talk(10)
    answers = iter(["rubbish", json.dumps([GOOD])])
    found = judge.read_talk(
        thoughts, texts, QUESTION, lambda prompt: next(answers), lambda read, of: None
    )
    assert len(found) == 1
    with pytest.raises(TransientError):
        judge.read_talk(thoughts, texts, QUESTION, lambda prompt: "rubbish", lambda read, of: None)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.5:11434",
        "http://example.com/v1",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:11434",
        "http://2130706433",
        "http://[::ffff:8.8.8.8]",
        "10.0.0.1:80",
    ],
)
def test_a_judge_on_another_machine_is_refused(url: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_address(url)
    assert caught.value.failure.code == "judge-not-local"


@pytest.mark.parametrize(
    "url",
    ["", "https://127.0.0.1", "file:///etc/passwd", "http://", "http://u:p@127.0.0.1", "http://[",
     "http://127.0.0.1:99999"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_address(url)
    assert caught.value.failure.code == "judge-address"


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://127.0.0.1:11434", "/v1"),
        ("localhost:1234/v1", "/v1"),
        ("http://localhost:8080/v1/chat/completions", "/v1"),
        ("http://[::1]:8080/api/", "/api"),
    ],
)
def test_common_ways_to_write_a_local_judge_are_taken(url: str, base: str) -> None:
    assert parse_address(url).base == base
