"""The one map between source time and clip time."""

import pytest

from clipforge_desktop.domain.clip import FoundClip, Piece, ScorePart, TimeMap
from clipforge_desktop.domain.order import decode, encode
from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word


def test_both_clocks_agree_across_pieces() -> None:
    time_map = TimeMap((Piece(10.0, 12.0), Piece(20.0, 23.0)))
    assert time_map.duration_s == 5.0
    for clip_s in (0.0, 1.5, 2.0, 4.9):
        assert time_map.to_clip_s(time_map.to_source_s(clip_s)) == pytest.approx(clip_s)
    assert time_map.to_source_s(2.0) == 20.0
    assert time_map.cuts_s() == (2.0,)


def test_time_that_is_cut_out_is_nowhere_in_the_clip() -> None:
    time_map = TimeMap((Piece(10.0, 12.0), Piece(20.0, 23.0)))
    assert time_map.to_clip_s(15.0) is None
    assert time_map.to_clip_s(9.99) is None
    assert time_map.to_clip_s(23.0) == 5.0


def test_pieces_that_are_cut_out_take_their_words_with_them() -> None:
    words = (
        Word(10.2, 10.6, "kept"),
        Word(14.0, 14.5, "gone"),
        Word(19.8, 20.4, "clamped"),
        Word(22.0, 22.5, "last"),
    )
    heard = TimeMap((Piece(10.0, 12.0), Piece(20.0, 23.0))).words(words)
    assert [word.text for word in heard] == ["kept", "clamped", "last"]
    assert heard[1].start_s == 2.0
    assert heard[2].start_s == pytest.approx(4.0)


def test_a_clip_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="positive length"):
        TimeMap((Piece(3.0, 3.0),))


def test_equal_cuts_have_equal_keys_and_survive_the_database() -> None:
    clip = FoundClip(
        (Piece(1.0, 16.0),), 90, "story", (ScorePart("Hook", 0.5),), "Why.", "Title", True
    )
    again = decode(FoundClip, encode(clip))
    assert again == clip
    assert again.key == clip.key
    assert FoundClip((Piece(1.0, 16.5),), 90, "story", (), "", "", True).key != clip.key


def test_speech_is_where_it_is_heard_in_the_clip() -> None:
    clip = TimeMap((Piece(10.0, 12.0), Piece(20.0, 23.0), Piece(5.0, 6.0)))
    said = (SpeechRange(11.0, 20.5), SpeechRange(22.0, 30.0), SpeechRange(0.0, 5.25))
    assert clip.speech(said) == (Piece(1.0, 2.5), Piece(4.0, 5.25))
    assert TimeMap((Piece(40.0, 41.0),)).speech(said) == ()
