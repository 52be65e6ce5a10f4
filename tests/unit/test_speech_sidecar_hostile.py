"""Transcript files that nobody wrote in good faith: read or refused, in bounded time."""

import json
from pathlib import Path

import pytest

from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.speech.sidecar import read_sidecar

ASS_HEAD = """[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
NASTY = ["{\\k1", "{\\k", "{", '{"', "<b ", "<v ", "<c.a ", "<00:00:01.0", "-->", "\\{", "<t1"]


@pytest.mark.parametrize("ending", ["srt", "vtt", "ass"])
@pytest.mark.parametrize("piece", NASTY)
def test_a_line_of_half_open_marks_is_read_or_refused_in_bounded_time(
    tmp_path: Path, ending: str, piece: str
) -> None:
    """Marks that backtracking would count again and again: hours, were it quadratic or worse."""
    text = piece * (38_000 // len(piece))
    head = "WEBVTT\n\n" if ending == "vtt" else "1\n"
    cue = "00:00:01,000 --> 00:00:03,000\n" if ending == "srt" else "00:01.000 --> 00:03.000\n"
    if ending == "ass":
        head = ASS_HEAD
        cue = "Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,"
    file = tmp_path / f"talk.{ending}"
    file.write_text(f"{head}{cue}{text}\n\n", "utf-8")
    try:
        words = read_sidecar(file, 10.0).words
    except InputError:
        words = ()
    assert len(words) <= 10_000


def test_lines_longer_than_any_speech_are_refused_by_their_number(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    good = "1\n00:00:01,000 --> 00:00:02,000\nGood.\n\n2\n00:00:03,000 --> 00:00:04,000\n"
    file.write_text(f"{good}{'<b ' * 100_000}\n", "utf-8")
    heard = read_sidecar(file, 10.0)
    assert [word.text for word in heard.words] == ["Good."]
    assert "line 7" in heard.notices[0]


def test_a_segment_of_countless_words_is_refused_by_its_number(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    words = [{"word": " a", "start": 1.0, "end": 1.1}] * 100_000
    file.write_text(json.dumps({"segments": [{"start": 1, "end": 2, "text": "a", "words": words}]}))
    with pytest.raises(InputError, match="more than 4,000 words"):
        read_sidecar(file, 10.0)


def test_text_that_is_no_text_is_no_transcript(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    file.write_text('{"segments": [{"start": 1, "end": 2, "text": "\\ud800"}]}')
    with pytest.raises(InputError, match="no text"):
        read_sidecar(file, 10.0)
