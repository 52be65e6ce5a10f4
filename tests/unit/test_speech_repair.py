"""Every pathology seen in recorded Whisper output, in made-up text of the same shape."""

import math

import pytest

from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Word
from clipforge_desktop.speech.loops import drop_loops, is_crowded
from clipforge_desktop.speech.repair import repair


def words(*items: tuple[str, float, float]) -> list[Word]:
    return [Word(start_s, end_s, text) for text, start_s, end_s in items]


def even(text: str, start_s: float, step_s: float) -> list[Word]:
    return [
        Word(start_s + n * step_s, start_s + (n + 1) * step_s, word)
        for n, word in enumerate(text.split())
    ]


def texts(result: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in result)


def assert_sound(result: tuple[Word, ...], speech: list[SpeechRange], duration_s: float) -> None:
    last_s = 0.0
    for word in result:
        assert last_s <= word.start_s < word.end_s <= duration_s
        assert word.end_s - word.start_s <= 2.0
        assert any(
            r.start_s - 0.002 <= word.start_s and word.end_s <= r.end_s + 0.002 for r in speech
        )
        last_s = word.end_s


def test_a_word_that_begins_in_the_silence_before_its_speech_is_moved_onto_it() -> None:
    speech = [SpeechRange(0.5, 2.0), SpeechRange(6.0, 8.0)]
    heard = words(("first", 0.5, 1.0), ("part.", 1.0, 2.0), ("Then", 2.0, 6.3), ("more", 6.3, 6.8))
    result = repair(heard, speech, 9.0)
    assert (result[2].text, result[2].start_s, result[2].end_s) == ("Then", 6.0, 6.3)
    assert_sound(result, speech, 9.0)


def test_whole_words_in_the_silence_before_their_speech_are_moved_onto_it() -> None:
    speech = [SpeechRange(0.5, 2.0), SpeechRange(6.0, 8.0)]
    heard = words(("Yes.", 0.5, 1.0), ("And", 3.4, 3.7), ("then", 3.7, 4.0), ("we", 6.4, 6.6))
    result = repair(heard, speech, 9.0)
    assert texts(result) == "Yes. And then we"
    assert result[1].start_s >= 6.0
    assert result[2].end_s <= 6.4
    assert min(word.end_s - word.start_s for word in result) >= 0.1


def test_a_word_that_ends_a_phrase_stays_before_the_pause() -> None:
    speech = [SpeechRange(0.0, 2.0), SpeechRange(5.0, 7.0)]
    result = repair(words(("over.", 1.5, 5.4), ("Next", 5.5, 6.0)), speech, 8.0)
    assert result[0].end_s <= 2.0
    assert_sound(result, speech, 8.0)


def test_a_word_over_a_pause_that_ends_no_phrase_belongs_behind_it() -> None:
    speech = [SpeechRange(0.0, 2.0), SpeechRange(5.0, 7.0)]
    (only,) = repair(words(("So", 1.5, 5.5)), speech, 8.0)
    assert (only.start_s, only.end_s) == (5.0, 5.5)


def test_a_loop_at_a_human_pace_is_dropped_too() -> None:
    speech = [SpeechRange(0.0, 29.0)]
    result = repair(even("we will be right back " * 15, 0.0, 0.38), speech, 30.0)
    assert texts(result) == "we will be right back"


def test_words_past_the_end_of_the_audio_are_clamped_or_dropped() -> None:
    speech = [SpeechRange(0.2, 9.5)]
    heard = words(("almost", 8.0, 8.5), ("done", 8.5, 33.0), ("thanks", 33.0, 34.0))
    result = repair(heard, speech, 10.0)
    assert texts(result) == "almost done"
    assert_sound(result, speech, 10.0)


def test_a_file_without_speech_has_no_words() -> None:
    assert repair(even("Thanks for watching " * 19, 0.0, 0.3), [], 30.0) == ()


def test_invented_words_far_from_any_speech_are_dropped() -> None:
    speech = [SpeechRange(10.0, 12.0)]
    heard = [*even("Subscribe now.", 1.0, 0.4), *even("Real words here.", 10.1, 0.5)]
    heard += even("Thank you.", 20.0, 0.4)
    assert texts(repair(heard, speech, 30.0)) == "Real words here."


def test_more_words_than_a_mouth_can_say_are_dropped() -> None:
    spoken = " ".join(f"word{n}" for n in range(58))
    assert repair(even(spoken, 0.0, 0.01), [SpeechRange(0.0, 1.0)], 30.0) == ()
    assert not is_crowded(even("six words in a single second", 0.0, 0.16), 1.0)


def test_a_phrase_in_a_loop_is_said_once() -> None:
    loop = even("and so it goes on " * 99 + "and", 1.0, 0.05)
    heard = [*even("Here we begin.", 0.0, 0.3), *loop, *even("The end.", 26.0, 0.3)]
    assert len(loop) == 496
    result = drop_loops(heard)
    assert texts(result) == "Here we begin. and so it goes on The end."


def test_a_single_word_in_a_loop_is_said_once_and_joined_letters_too() -> None:
    assert texts(drop_loops(even("go " * 200, 0.0, 0.1))) == "go"
    laugh = [Word(n * 0.1, n * 0.1 + 0.1, "\u30cf", joined=True) for n in range(40)]
    assert len(drop_loops(laugh)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "no no no no no",
        "yes we can yes we can yes we can yes we can",
        "ha ha ha",
        "it is what it is",
    ],
)
def test_what_people_really_repeat_is_kept(said: str) -> None:
    assert texts(drop_loops(even(said, 0.0, 0.35))) == said


def test_words_of_20_ms_are_spread_over_the_free_time() -> None:
    speech = [SpeechRange(0.0, 12.0)]
    crowd = even(" ".join(f"word{n}" for n in range(30)), 2.0, 0.02)
    heard = [*even("Before it", 1.0, 0.5), *crowd, *words(("after", 11.0, 11.5))]
    result = repair(heard, speech, 12.0)
    assert len(result) == len(heard)
    assert min(word.end_s - word.start_s for word in result) > 0.15
    assert_sound(result, speech, 12.0)


def test_words_without_room_take_it_from_their_longer_neighbour() -> None:
    speech = [SpeechRange(0.0, 3.0)]
    heard = words(("a", 0.0, 1.4), ("quick", 1.4, 1.42), ("one", 1.42, 1.44), ("went", 1.44, 2.9))
    result = repair(heard, speech, 3.0)
    assert texts(result) == "a quick one went"
    assert min(word.end_s - word.start_s for word in result) > 0.1
    assert_sound(result, speech, 3.0)


def test_words_of_over_two_seconds_are_shortened_to_their_letters() -> None:
    speech = [SpeechRange(0.0, 20.0)]
    result = repair(words(("I", 0.0, 7.0), ("stopped.", 8.0, 14.0)), speech, 20.0)
    assert result[0].end_s == 7.0  # a start is what Whisper gets wrong
    assert result[1].start_s == 8.0  # but a phrase ends before the pause
    assert_sound(result, speech, 20.0)


def test_times_that_are_no_numbers_and_empty_words_are_dropped() -> None:
    heard = words(
        ("one", 0.0, 0.5), ("two", math.nan, 1.0), (" ", 1.0, 1.2), ("three", 1.2, math.inf)
    )
    assert texts(repair(heard, [SpeechRange(0.0, 3.0)], 3.0)) == "one"


def test_overlapping_and_backward_words_come_out_in_order() -> None:
    speech = [SpeechRange(0.0, 5.0)]
    heard = words(("a", 0.0, 2.0), ("b", 1.0, 3.0), ("c", 0.5, 0.9), ("d", 4.9, 4.2))
    result = repair(heard, speech, 5.0)
    assert texts(result) == "a b c d"
    assert_sound(result, speech, 5.0)


def test_good_words_are_left_as_they_are() -> None:
    speech = [SpeechRange(0.0, 4.0)]
    heard = even("nothing is wrong with these", 0.5, 0.4)
    result = repair(heard, speech, 4.0)
    assert texts(result) == "nothing is wrong with these"
    assert [w.start_s for w in result] == pytest.approx([w.start_s for w in heard], abs=0.001)
    assert [w.end_s for w in result] == pytest.approx([w.end_s for w in heard], abs=0.001)
