"""JSON as the Whisper programs write it, in each of its shapes."""

import json
from pathlib import Path

import pytest

from tests.unit.transcript_files import read, text


def test_openai_whisper_json_without_words_is_placed_by_letters(tmp_path: Path) -> None:
    document = {
        "text": " I am here.",
        "segments": [{"id": 0, "start": 1.0, "end": 4.0, "text": " I understand it."}],
        "language": "en",
    }
    result = read(tmp_path, "talk.json", json.dumps(document))
    assert text(result) == "I understand it."
    lengths = [word.end_s - word.start_s for word in result.words]
    assert lengths[1] > 2 * lengths[0]
    assert result.language == "en"


def test_whisper_json_with_words_keeps_their_times_and_confidence(tmp_path: Path) -> None:
    words = [
        {"word": " Hello", "start": 1.0, "end": 1.5, "probability": 0.9},
        {"word": " there.", "start": 1.6, "end": 2.0, "probability": 0.8},
    ]
    document = {
        "language": "English",
        "segments": [{"start": 1.0, "end": 2.0, "text": " Hello there.", "words": words}],
    }
    result = read(tmp_path, "talk.json", json.dumps(document))
    assert [(w.text, w.start_s, w.end_s, w.confidence) for w in result.words] == [
        ("Hello", 1.0, 1.5, 0.9),
        ("there.", 1.6, 2.0, 0.8),
    ]


def whisper_json(language: str, lines: list[tuple[float, float, str]]) -> str:
    segments = [{"start": low, "end": high, "text": said} for low, high, said in lines]
    return json.dumps({"language": language, "segments": segments})


def test_whisper_json_loses_its_loop_of_496_words(tmp_path: Path) -> None:
    loop = [(1.0 + n * 0.05, 1.05 + n * 0.05, " and so on") for n in range(165)]
    lines = [(0.0, 1.0, " We begin."), *loop, (9.25, 9.3, " and"), (9.4, 9.9, " The end.")]
    assert sum(len(said.split()) for _, _, said in loop) + 1 == 496
    result = read(tmp_path, "talk.json", whisper_json("en", lines))
    assert text(result) == "We begin. and so on The end."


def test_japanese_whisper_json_is_cut_into_pieces_and_its_language_is_known(
    tmp_path: Path,
) -> None:
    said = (
        "\u4eca\u65e5\u306f\u6674\u308c\u3067\u3059\u3002\u660e\u65e5\u306f\u96e8\u3067\u3059\u3002"
    )
    result = read(tmp_path, "talk.json", whisper_json("Japanese", [(1.0, 35.0, said)]))
    assert result.language == "ja"
    assert "".join(word.text for word in result.words) == said
    assert len(result.words) > 4
    assert result.words[-1].end_s <= 10.0  # although the segment ends 25 s past the video
    assert not result.words[0].joined
    assert all(word.joined for word in result.words[1:])


def test_whisperx_words_without_times_go_between_their_neighbours(tmp_path: Path) -> None:
    words = [
        {"word": "It", "start": 1.0, "end": 1.2, "score": 0.7},
        {"word": "costs", "start": 1.2, "end": 1.6, "score": 0.7},
        {"word": "$50"},
        {"word": "now.", "start": 2.4, "end": 3.0, "score": 0.7},
    ]
    segment = {
        "start": 1.0,
        "end": 3.0,
        "text": "It costs $50 now.",
        "words": words,
        "speaker": "A",
    }
    document = {"segments": [segment], "word_segments": words}
    result = read(tmp_path, "talk.json", json.dumps(document))
    assert text(result) == "It costs $50 now."
    assert 1.6 <= result.words[2].start_s < result.words[2].end_s <= 2.4
    assert result.words[0].speaker == "A"


def test_whisper_timestamped_and_whisper_cpp_shapes_are_read(tmp_path: Path) -> None:
    words = [{"text": "Good", "start": 1.0, "end": 1.4, "confidence": 0.5}]
    stamped = {"segments": [{"start": 1.0, "end": 1.4, "text": "Good", "words": words}]}
    assert read(tmp_path, "a.json", json.dumps(stamped)).words[0].confidence == 0.5
    cpp = {
        "result": {"language": "de"},
        "transcription": [{"offsets": {"from": 500, "to": 1500}, "text": " Gut so."}],
    }
    result = read(tmp_path, "b.json", json.dumps(cpp))
    assert (result.language, text(result)) == ("de", "Gut so.")
    assert result.words[-1].end_s == pytest.approx(1.5, abs=0.01)
