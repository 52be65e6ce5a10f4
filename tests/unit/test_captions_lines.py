"""What captions say and when: tokens, lines and times."""

import math
import random
from itertools import pairwise

import pytest

from clipforge_desktop.captions.lines import FRAME_S, CaptionTrack, build_track
from clipforge_desktop.captions.subtitles import caption_text
from clipforge_desktop.captions.tokens import clean, graphemes, make_tokens
from clipforge_desktop.domain.caption_style import (
    CaptionStyle,
    EmojiRule,
    FontSpec,
    LineRules,
    TextRules,
)
from clipforge_desktop.domain.clip import Piece, TimeMap
from clipforge_desktop.domain.transcript import Word

PLAIN = CaptionStyle(name="plain")


def spoken(
    text: str, word_s: float = 0.3, gap_s: float = 0.05, start_s: float = 0.5
) -> tuple[Word, ...]:
    words: list[Word] = []
    for part in text.split():
        words.append(Word(start_s, start_s + word_s, part))
        start_s += word_s + gap_s
    return tuple(words)


def track_of(
    words: tuple[Word, ...], rules: LineRules, style: CaptionStyle = PLAIN, duration_s: float = 1e6
) -> CaptionTrack:
    tokens = make_tokens(words, style)
    return build_track(tokens, rules, lambda token: 0.55 * len(token.text), 0.3, 100, duration_s)


def texts(track: CaptionTrack) -> list[str]:
    return [caption_text(track, caption) for caption in track.captions]


def test_captions_end_with_sentences_before_anything_else() -> None:
    words = spoken("It was late. Nobody called me back, so I left the building alone.")
    shown = texts(track_of(words, LineRules(max_words=6, max_chars=22, max_lines=2)))
    assert shown[0] == "It was late."
    assert shown[1].replace("\n", " ") == "Nobody called me back,"


def test_a_pause_ends_a_caption() -> None:
    words = spoken("one two") + spoken("three four", start_s=3.0)
    shown = texts(track_of(words, LineRules(pause_s=0.7)))
    assert shown == ["one two", "three four"]


def test_another_speaker_gets_another_caption() -> None:
    words = (Word(0, 0.3, "yes", speaker="A"), Word(0.3, 0.6, "no", speaker="B"))
    assert texts(track_of(words, LineRules())) == ["yes", "no"]


def test_the_last_line_never_holds_a_lone_word_when_that_can_be_avoided() -> None:
    rules = LineRules(max_words=8, max_chars=20, max_lines=2)
    for text in ("the lens was really very expensive", "people say cameras matter a lot here"):
        for shown in texts(track_of(spoken(text), rules)):
            lines = shown.split("\n")
            assert len(lines) == 1 or len(lines[-1].split()) > 1


def test_a_lone_last_word_is_worse_than_uneven_lines() -> None:
    rules = LineRules(max_words=3, max_chars=12, max_lines=2)
    assert texts(track_of(spoken("TIME THE BUSINESS"), rules)) == ["TIME\nTHE BUSINESS"]
    chooser = random.Random(11)
    vocabulary = ["time", "the", "business", "people", "a", "camera", "is", "good"]
    rules = LineRules(max_words=6, max_chars=18, max_lines=2)
    for shown in texts(track_of(spoken(" ".join(chooser.choices(vocabulary, k=2000))), rules)):
        *before, last = shown.split("\n")
        if before and " " in before[0] and " " not in last:
            moved = before[0].split(" ")[-1]
            assert len(f"{moved} {last}") > 18, shown


def test_words_faster_than_frames_come_in_time_and_none_is_gone_before_it_began() -> None:
    chooser = random.Random(5)
    start_s, words = 0.0, []
    for _ in range(600):
        length_s = chooser.uniform(0.02, 0.12)
        words.append(Word(start_s, start_s + length_s, chooser.choice(("so", "I", "was", "here"))))
        start_s += length_s
    for max_words in (1, 2, 5):
        track = track_of(tuple(words), LineRules(max_words=max_words, max_chars=40))
        assert sum(caption.end - caption.first for caption in track.captions) == len(words)
        for caption in track.captions:
            assert caption.start_s - track.tokens[caption.first].start_s <= 0.01
            assert caption.end_s >= track.tokens[caption.end - 1].start_s
    tight = track_of(tuple(words), LineRules(max_words=1, max_chars=4, max_lines=1))
    for caption in tight.captions:
        assert caption.end_s >= tight.tokens[caption.end - 1].start_s


def test_no_line_is_longer_than_the_style_allows() -> None:
    chooser = random.Random(7)
    vocabulary = [
        "a",
        "to",
        "the",
        "lens",
        "because",
        "nobody",
        "expensive",
        "something",
        "extraordinary",
    ]
    words = spoken(" ".join(chooser.choices(vocabulary, k=300)))
    rules = LineRules(max_words=7, max_chars=18, max_lines=2)
    for shown in texts(track_of(words, rules)):
        lines = shown.split("\n")
        assert len(lines) <= 2
        assert len(shown.split()) <= 7
        assert all(len(line) <= 18 for line in lines)


def test_every_word_is_shown_once_and_in_order() -> None:
    words = spoken("Nobody ever shared a video because the lens was expensive.")
    shown = " ".join(texts(track_of(words, LineRules(max_words=3)))).replace("\n", " ")
    assert shown == "Nobody ever shared a video because the lens was expensive."


def test_two_captions_are_never_on_screen_at_once_and_at_least_a_frame_apart() -> None:
    chooser = random.Random(3)
    start_s, words = 0.0, []
    for _ in range(400):
        length_s = chooser.choice((0.02, 0.1, 0.4, 2.0))
        words.append(Word(start_s, start_s + length_s, chooser.choice(("so", "because", "end."))))
        start_s += length_s + chooser.choice((0.0, 0.0, 0.3, 1.0))
    captions = track_of(tuple(words), LineRules(max_words=2)).captions
    for before, after in pairwise(captions):
        assert before.start_s < before.end_s
        assert after.start_s - before.end_s >= FRAME_S - 1e-9


def test_a_caption_is_never_shown_before_its_word_nor_later_than_a_frame() -> None:
    track = track_of(spoken("one two three four five six seven eight"), LineRules(max_words=2))
    for caption in track.captions:
        early_s = track.tokens[caption.first].start_s - caption.start_s
        assert -FRAME_S <= early_s <= 0.08


def test_words_too_short_to_be_seen_share_a_caption_and_nothing_comes_late() -> None:
    words = tuple(Word(0.01 * n, 0.01 * n + 0.01, "word") for n in range(60))
    track = track_of(words, LineRules(max_words=1, max_chars=60))
    for caption in track.captions:
        assert caption.start_s - track.tokens[caption.first].start_s <= FRAME_S


def test_in_very_fast_speech_captions_come_up_to_80_ms_early_so_that_none_comes_late() -> None:
    chooser = random.Random(293)
    at_s, words = 0.5, []
    for _ in range(400):
        at_s += chooser.uniform(0.06, 0.2)
        text = chooser.choice(("so", "because", "extraordinary", "and", "understanding."))
        words.append(Word(at_s, at_s + 0.05, text))
    track = track_of(tuple(words), LineRules(max_words=1, max_chars=14, max_lines=1))
    early_s = [track.tokens[shown.first].start_s - shown.start_s for shown in track.captions]
    assert min(early_s) >= -FRAME_S
    assert 0 < max(early_s) <= 0.08 + 1e-9
    for before, after in pairwise(track.captions):
        assert after.start_s - before.end_s >= FRAME_S - 1e-9


def test_short_gaps_are_bridged_and_long_ones_are_not() -> None:
    words = spoken("one two.", gap_s=0) + spoken("three.", start_s=1.4) + spoken("four.", start_s=9)
    rules = LineRules(min_s=0.1, gap_to_bridge_s=0.5, pause_s=0.2)
    first, second, _ = track_of(words, rules).captions
    assert first.end_s == pytest.approx(second.start_s - FRAME_S)
    assert second.end_s == pytest.approx(1.7, abs=0.2)


def test_a_caption_stays_long_enough_to_read_where_there_is_room() -> None:
    words = (Word(0, 0.2, "extraordinarily"), Word(5, 5.2, "late"))
    rules = LineRules(min_s=0.5, chars_per_second=10, pause_s=1)
    first = track_of(words, rules).captions[0]
    assert first.end_s - first.start_s == pytest.approx(1.5)


def test_nothing_is_shown_after_the_end_of_the_clip() -> None:
    track = track_of(spoken("one two three four"), LineRules(max_words=1), duration_s=1.0)
    assert all(caption.end_s <= 1.0 for caption in track.captions)
    assert len(track.captions) == 2


def test_words_that_are_cut_out_of_the_clip_are_cut_out_of_its_captions() -> None:
    words = spoken("keep this not that but this", word_s=0.5, gap_s=0)
    clip = TimeMap((Piece(0.5, 1.5), Piece(2.5, 3.5)))
    shown = texts(track_of(clip.words(words), LineRules()))
    assert " ".join(shown) == "keep this but this"


@pytest.mark.parametrize(
    "text", ["昂贵的相机\uff0c并不能讲出好故事。", "กล้องราคาแพงไม่ได้ทำให้เรื่องดีขึ้น"]
)
def test_scripts_without_spaces_break_inside_words_and_keep_their_text(text: str) -> None:
    track = track_of((Word(0, 4, text),), LineRules(max_chars=8, max_lines=2))
    assert len(track.captions) >= 2 or "\n" in texts(track)[0]
    assert "".join(texts(track)).replace("\n", "") == text
    assert not any(line[0] in "\uff0c。" for shown in texts(track) for line in shown.split("\n"))
    times = [token.start_s for token in track.tokens]
    assert times == sorted(times)
    assert len(set(times)) == len(times)


def test_emoji_sequences_and_letters_with_marks_stay_whole() -> None:
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    assert graphemes(family + "e\u0301") == [family, "e\u0301"]


@pytest.mark.parametrize(
    ("hostile", "expected"),
    [
        (r"{\an8}x", r"{\an8}x"),
        ("<b>&amp;", "<b>&amp;"),
        ("a\nb\tc\x00d", "a b c d"),
        ("\u200b\u200b", ""),
        ("\u202e", ""),
        ("Z" + "\u0321" * 500, "Z" + "\u0321" * 3),
    ],
)
def test_hostile_text_is_taken_literally(hostile: str, expected: str) -> None:
    assert clean(hostile) == expected


def test_a_word_of_a_hundred_thousand_letters_is_bounded() -> None:
    cut = clean("x" * 100_000)
    assert len(cut) == 200
    assert cut.endswith("…")


def test_words_without_a_time_are_left_out() -> None:
    words = (Word(math.nan, 1, "no"), Word(0, math.inf, "nor"), Word(0, 1, "yes"))
    assert [token.text for token in make_tokens(words, PLAIN)] == ["yes"]


def test_words_that_go_back_in_time_do_not_overlap() -> None:
    words = (Word(2, 3, "later"), Word(1, 1.5, "earlier"))
    first, second = make_tokens(words, PLAIN)
    assert second.start_s >= first.start_s
    assert second.end_s >= second.start_s


def test_text_rules_are_applied() -> None:
    style = CaptionStyle(
        name="rules",
        font=FontSpec(case="upper"),
        text=TextRules(
            punctuation="drop_stops",
            censored=("damn",),
            emoji=(EmojiRule(word="fire", emoji="\U0001f525"),),
        ),
    )
    tokens = make_tokens(spoken("Damn, that fire. Really?"), style)
    assert [token.text for token in tokens] == ["D***", "THAT", "FIRE", "\U0001f525", "REALLY?"]


def test_labels_and_sounds_are_marked() -> None:
    style = CaptionStyle(name="deaf", text=TextRules(speaker_labels="inline"))
    words = (
        Word(0, 0.5, "Hello", speaker="Mira"),
        Word(0.5, 1, "[door", speaker="Mira"),
        Word(1, 1.5, "slams]", speaker="Mira"),
        Word(1.5, 2, "again", speaker="Mira"),
    )
    tokens = make_tokens(words, style)
    assert [token.text for token in tokens] == ["Mira:", "Hello", "[door", "slams]", "again"]
    assert [token.is_sound for token in tokens] == [False, False, True, True, False]
    assert tokens[0].is_label
    hidden = style.model_copy(update={"text": TextRules(sounds="hide")})
    assert [token.text for token in make_tokens(words, hidden)] == ["Hello", "again"]


def test_a_sound_between_notes_ends_with_its_note_and_stands_alone() -> None:
    said = "♪ music playing ♪ A last sentence that"
    words = spoken(said, gap_s=0.1)
    marks = [token.is_sound for token in make_tokens(words, PLAIN)]
    assert marks == [True] * 4 + [False] * 4
    shown = texts(track_of(words, LineRules(max_words=16, max_chars=42, max_lines=2)))
    assert shown == ["♪ music playing ♪", "A last sentence that"]
    alone = make_tokens(spoken("♪ Nobody said that to me in all those years"), PLAIN)
    assert [token.is_sound for token in alone] == [True] + [False] * 9


def test_a_caption_never_mixes_two_scripts_but_latin_words_may_stand_in_any() -> None:
    rules = LineRules(max_words=16, max_chars=42, max_lines=2)
    assert texts(track_of(spoken("مرحبا بكم שלום לכולם"), rules)) == ["مرحبا بكم", "שלום לכולם"]
    for mixed in ("Мы купили iPhone вчера", "угол \u03b1 равен", "日本 カタカナ ひらがな 한국"):
        assert len(texts(track_of(spoken(mixed), rules))) == 1
