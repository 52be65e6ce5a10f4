"""`clipforge render`: the same frames and the same sound again, from the recipe beside a file."""

import hashlib
import json
from pathlib import Path

import pytest

from clipforge_desktop.domain.job import Queue
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests import logos, media_maker, program

CUT = ("--aspect", "144x256", "--count", "1", "--min-seconds", "3", "--max-seconds", "8")


def frames(video: Path) -> str:
    """A hash over every decoded picture and sample."""
    out = video.with_suffix(".hash")
    media_maker.ffmpeg("-i", video, "-f", "hash", "-hash", "md5", out)
    return out.read_text()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path, Path]:
    """(a home, its video, a finished clip with captions, a logo, pauses cut out and music)."""
    folder = tmp_path_factory.mktemp("exported")
    home = Home(folder / "home").create()
    video = media_maker.talk(folder / "talk.mp4", 20, fps=30)
    video.with_suffix(".srt").write_text(media_maker.TALK_CUES)
    music = folder / "tune.wav"
    media_maker.ffmpeg(*media_maker.lavfi("sine=frequency=220:duration=3"), music)
    logo = logos.drawn(folder / "logo.png")
    options = (*CUT, "--pace", "fast", "--music", music, "--logo", logo, "--headline", "auto")
    done = program.run(home, "process", video, "--out", folder / "clips", "--json", *options)
    assert done.code == 0, done.errors
    [clip] = done.of("clip")
    return home, video, Path(clip["files"]["video"])


def test_the_same_frames_again_in_another_folder(
    exported: tuple[Home, Path, Path], tmp_path: Path
) -> None:
    home, _, clip = exported
    given = ("render", clip.with_suffix(".json"), "--out", tmp_path / "again", "--json")
    done = program.run(home, *given)
    assert done.code == 0, done.errors
    [event] = done.of("clip")
    again = Path(event["files"]["video"])
    assert again == tmp_path / "again" / clip.name
    assert frames(again) == frames(clip)
    assert again.with_suffix(".srt").read_text() == clip.with_suffix(".srt").read_text()
    recipes = [json.loads(file.with_suffix(".json").read_text()) for file in (clip, again)]
    assert recipes[0]["ingredients"] == recipes[1]["ingredients"]
    assert recipes[0]["key"] == recipes[1]["key"]
    assert done.of("summary") == [{"event": "summary", "sources": 1, "clips": 1, "failed": 0}]
    stages = {event["stage"] for event in done.of("job")}
    assert stages == {"import", "export"}, "nothing is looked for and nothing recognised"
    with Store.open(home) as store:
        shelf = store.library.clips_of_source(1)
        assert [clip.rank for clip in shelf if clip.found.is_on_shelf] == [1]
        assert store.library.latest_order_id(1) == 1, "retrying the video finds clips, as before"
        [card] = store.library.cards_of([1])
        assert card.is_searched
    made = hashlib.sha256(again.read_bytes()).digest()
    assert program.run(home, *given).code == 0
    assert sorted(file.name for file in again.parent.glob("*.mp4")) == [clip.name]
    assert hashlib.sha256(again.read_bytes()).digest() == made


def test_on_another_machine_with_the_video_elsewhere(
    exported: tuple[Home, Path, Path], home: Home, tmp_path: Path
) -> None:
    _, video, clip = exported
    moved = tmp_path / "moved $(touch x); talk.mov"
    moved.write_bytes(video.read_bytes())
    recipe = tmp_path / "a.json"
    told = json.loads(clip.with_suffix(".json").read_text()) | {"source_path": "/nowhere/talk.mp4"}
    recipe.write_text(json.dumps(told))
    refused = program.run(home, "render", recipe, "--out", tmp_path / "out", "--json")
    assert (refused.code, refused.of("error")[0]["code"]) == (2, "recipe_source_missing")
    given = ("render", recipe, "--out", tmp_path / "out", "--source", moved, "--json")
    done = program.run(home, *given)
    assert done.code == 0, done.errors
    assert frames(tmp_path / "out" / "a.mp4") == frames(clip)
    with Store.open(home) as store:
        assert store.jobs.of_order(1, Queue.TRANSCRIPTION) == []
        [alone] = store.library.clips_of_source(1)
        assert not alone.found.is_on_shelf


def test_another_video_is_refused_before_any_work(
    exported: tuple[Home, Path, Path], home: Home, tmp_path: Path
) -> None:
    _, video, clip = exported
    data = bytearray(video.read_bytes())
    data[-1] ^= 255
    other = tmp_path / "other.mp4"
    other.write_bytes(bytes(data))
    given = ("render", clip.with_suffix(".json"), "--out", tmp_path / "out", "--source", other)
    done = program.run(home, *given, "--json")
    assert done.code == 2
    assert [event["code"] for event in done.of("error")] == ["recipe_other_source"]
    assert {event["stage"] for event in done.of("job")} == {"import"}
    assert not (tmp_path / "out").exists()
