"""Titles from the clip's own words."""

import pytest

from clipforge_desktop.moments import titles

FILLERS = frozenset({"so", "um", "and", "well"})


def test_the_strongest_sentence_that_fits_is_the_title() -> None:
    sentences = [
        ("This one is weak.", 0.1),
        ("So, um, nobody saw it coming.", 0.9),
        ("Right in the middle.", 0.4),
    ]
    assert titles.title_of(sentences, FILLERS) == "Nobody saw it coming"


@pytest.mark.parametrize(
    "text",
    [
        "And this is a sentence that goes on and on, for much longer than any title may ever be.",
        "word " * 40,
        "x" * 200,
    ],
)
def test_a_long_sentence_is_shortened_without_a_trailing_comma(text: str) -> None:
    title = titles.title_of([(text, 1.0)], FILLERS)
    assert 0 < len(title) <= titles.MAX_CHARACTERS
    assert title[-1] not in ",;: "


def test_stutters_are_said_once_and_questions_keep_their_mark() -> None:
    assert titles.title_of([("What what is is the company at?", 1.0)], FILLERS) == (
        "What is the company at?"
    )


def test_no_words_give_no_title_and_a_number_stands_in() -> None:
    assert titles.title_of([("", 0.0)], FILLERS) == ""
    assert titles.numbered_title(3, 760.4) == "Clip 3, 12:40"
    assert titles.numbered_title(1, 4360.0) == "Clip 1, 1:12:40"
