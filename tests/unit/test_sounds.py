"""What is a sound and what was said, however it is written: one rule for captions and sentences."""

import pytest

from clipforge_desktop.captions.tokens import make_tokens
from clipforge_desktop.domain.caption_style import CaptionStyle, TextRules
from clipforge_desktop.domain.sounds import is_sound_line, sounds_in
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.speech.sentences import find_sentences

HIDING = CaptionStyle(name="hiding", text=TextRules(sounds="hide"))


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("So (laughs) we went (loud laughter) home.", "So we went home."),
        ("It was late. (Door slams) Nobody came.", "It was late. Nobody came."),
        ("(Tür knallt) Es war spät. (lacht)", "Es war spät."),
        ("Well [door slams], *coughs* yes. ♪ la la ♪", "Well yes."),
        ("Нет. (смех) Да. (笑) （拍手）", "Нет. Да."),  # noqa: RUF001
        ("He left (as I said before) and came back.", None),
        ("It is late. (As I said before) Nobody came.", None),
        ("It is late. (Not even close.) Nobody came.", None),
        ("It is late. (We laughed.) Nobody came.", None),
        ("the (only) reason (my brother) saw in *** 5 * 3 * 2", None),
        ("He said (and never closed the bracket of his aside.", None),
        ("( ) () (", None),
        ("The firm (Music Inc) sells, and (Apple Music) as well.", None),
        ("I like it (the silence) a lot, but (The music industry) is tired.", None),
        ("He heard (my cries for help) and (lots of cheers) then.", None),
        ("We met fans (classical music) and editors (music industry) there.", None),
        ("So (music playing) we (crowd cheering) left (laughs loudly) early.", "So we left early."),
        ("It ends. (Applause.) He goes. ((laughs)) Fine. (Laughter!)", "It ends. He goes. Fine."),
        ("He goes ((door slams)); home.", "He goes home."),
        ("Please call. (555) 123-4567 is open. (2023) Yes. (c) 2024 Us. (Room 12) No.", None),
        ("We need two. (A) Time. (B) Money. (ii) Luck. (Eastern Time) Now.", None),
        ("It was hard. (Really) Nobody came. (Of course) He did. (All right) Go.", None),
        ("Then *door slams* he *sighs heavily* left. *laughs*", "Then he left."),
        ("It is *really* good, I love *music* and *the silence*, she *laughs* at it.", None),
        ("**Never** do *that thing*. [T]he dog [barks]", "**Never** do *that thing*. [T]he dog"),
    ],
)
def test_sounds_are_told_from_asides(text: str, speech: str | None) -> None:
    texts = text.split()
    spoken = [said for said, sounds in zip(texts, sounds_in(texts), strict=True) if not sounds]
    assert " ".join(spoken) == (text if speech is None else speech)
    words = tuple(Word(number, number + 0.9, said) for number, said in enumerate(texts))
    assert [token.text for token in make_tokens(words, HIDING)] == spoken


@pytest.mark.parametrize(
    ("line", "is_sound"),
    [
        ("[the audience goes on laughing for a very long time]", True),
        ("[laughs] and goes [sighs]", False),
        ("(He laughs)", True),
        ("(She sighs deeply.)", True),
        ("*applause*", True),
        ("(2023)", False),
        ("(my cries for help)", False),
        ("*really*", False),
    ],
)
def test_a_line_all_in_one_bracket_is_a_sound_line(line: str, is_sound: bool) -> None:
    assert is_sound_line(line.split()) is is_sound


def test_a_line_in_brackets_parts_sentences_only_when_it_is_a_sound() -> None:
    for line, is_sound in (("(loud laughter)", True), ("(as I said)", False), ("♪ la la la", True)):
        assert is_sound_line(line.split()) is is_sound
        text = f"It ends. We said {line} No more. Really."
        words = tuple(Word(n * 0.3, n * 0.3 + 0.3, said) for n, said in enumerate(text.split()))
        behind = 4 + len(line.split())
        firsts = [sentence.first for sentence in find_sentences(words, (0, 2, 4, behind))]
        assert (4 in firsts) is is_sound
    assert not is_sound_line([])
