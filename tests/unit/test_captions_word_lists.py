"""The user's lists of words: what they name in captions, in every script."""

import pytest

from clipforge_desktop.captions.keywords import marked
from clipforge_desktop.captions.tokens import make_tokens
from clipforge_desktop.domain.caption_style import CaptionStyle, EmojiRule, Keywords, TextRules
from clipforge_desktop.domain.transcript import Word

PAUSE_S = 0.7


def spoken(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(n * 0.5, n * 0.5 + 0.4, text) for n, text in enumerate(texts))


def censored(entry: str, *texts: str) -> str:
    style = CaptionStyle(name="x", text=TextRules(censored=(entry,)))
    tokens = make_tokens(spoken(*texts), style)
    return "".join(("" if token.is_joined else " ") + token.text for token in tokens).strip()


@pytest.mark.parametrize(
    ("entry", "text", "shown"),
    [
        ("傻瓜", "你是傻瓜吗", "你是傻*吗"),
        ("傻瓜", "傻瓜。", "傻*。"),
        ("傻瓜", "傻子", "傻子"),
        ("damn", "*damn*", "d***"),
        ("damn", "damn's", "d****"),
        ("damn", "Damn\u2019s", "D****"),
        ("damn", "damnation", "damnation"),
        ("machine learning", "Machine learning and machine", "M****** l******* and machine"),
    ],
)
def test_what_is_listed_is_censored_and_nothing_else(entry: str, text: str, shown: str) -> None:
    assert censored(entry, *text.split()) == shown


def keywords(rules: Keywords, *texts: str, text: TextRules | None = None) -> list[str]:
    style = CaptionStyle(name="x", text=text or TextRules())
    tokens = marked(make_tokens(spoken(*texts), style), rules, PAUSE_S)
    return [token.text for token in tokens if token.keyword]


@pytest.mark.parametrize(
    ("entry", "texts", "found"),
    [
        ("你好", ("大家你好\uff0c世界",), ["你", "好\uff0c"]),
        ("你好", ("你", "好"), ["你", "好"]),
        ("London's", ("London\u2019s", "London"), ["London\u2019s"]),
        ("London\u2019s", ("LONDON'S",), ["LONDON'S"]),
        ("machine learning", ("machine", "and", "Machine", "learning."), ["Machine", "learning."]),
        ("un*", ("Unfair,", "fun", "un"), ["Unfair,", "un"]),
        ("*%", ("40%", "percent", "7%!"), ["40%", "7%!"]),
        ("*o*o*", ("foot", "photo", "Tomorrow", "no"), ["foot", "photo", "Tomorrow"]),
        ("a*a", ("a", "aa", "Anna"), ["aa", "Anna"]),
    ],
)
def test_keywords_are_found_across_pieces_and_words(
    entry: str, texts: tuple[str, ...], found: list[str]
) -> None:
    assert keywords(Keywords(first_words=(entry,)), *texts) == found


def test_an_emoji_between_does_not_part_the_words_of_an_entry() -> None:
    rules = TextRules(emoji=(EmojiRule(word="machine", emoji="\U0001f916"),))
    found = keywords(Keywords(first_words=("machine learning",)), "machine", "learning", text=rules)
    assert found == ["machine", "learning"]


def test_the_first_list_is_before_the_second() -> None:
    style = CaptionStyle(name="x")
    rules = Keywords(first_words=("fire",), second_words=("fire", "water"))
    tokens = marked(make_tokens(spoken("fire", "water"), style), rules, PAUSE_S)
    assert [token.keyword for token in tokens] == [1, 2]


def placed(rules: Keywords) -> list[tuple[str, int]]:
    """What stands out of two sentences, the second with a pause inside."""
    said = (
        Word(0.0, 0.3, "Nobody"),
        Word(0.3, 0.6, "came."),
        Word(0.7, 0.9, "Then"),
        Word(2.0, 2.3, "everybody"),
        Word(2.3, 2.6, "did!"),
    )
    tokens = marked(make_tokens(said, CaptionStyle(name="x")), rules, PAUSE_S)
    return [(token.text, token.keyword) for token in tokens if token.keyword]


def test_words_stand_out_by_their_place_in_a_sentence() -> None:
    assert placed(Keywords(openings="first")) == [("Nobody", 1), ("Then", 1)]
    assert placed(Keywords(closings="second")) == [("came.", 2), ("did!", 2)]


def test_the_word_after_a_pause_stands_out() -> None:
    assert placed(Keywords(pauses="first")) == [("everybody", 1)]


def test_what_the_user_listed_goes_before_its_place() -> None:
    rules = Keywords(second_words=("nobody",), openings="first", pauses="first")
    assert placed(rules) == [("Nobody", 2), ("Then", 1), ("everybody", 1)]
