"""Presets, styles and preflight on the command line: the real program on real files."""

import subprocess
from pathlib import Path

import pytest

from clipforge_desktop.media.probe import probe
from clipforge_desktop.paths import Home
from tests import media_maker, program

FIND = ("--min-seconds", "8", "--max-seconds", "20", "--count", "1")
CLUB = """
[platforms.club]
name = "Club TV"
short_side_px = 240
max_s = 5
[platforms.wall]
aspect = "1:1"
short_side_px = 240
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    video = media_maker.talk(tmp_path / "my talk.mp4", 22)
    video.with_suffix(".srt").write_text(media_maker.TALK_CUES, "utf-8")
    return video


def notices(done: program.Finished) -> list[tuple[str, bool]]:
    return [(event["code"], event["is_mended"]) for event in done.of("notice") if "code" in event]


def test_every_preset_gives_a_file_of_its_shape_and_size(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    (home.root / "platforms.toml").write_text(CLUB)
    done = program.run(
        home, "process", talk, "--out", tmp_path / "clips", "--preset", "club", "--preset", "wall",
        "--quality", "draft", "--style", "none", "--json", *FIND,
    )  # fmt: skip
    assert done.code == 0, done.errors
    clips = {clip["platform"]: clip for clip in done.of("clip")}
    assert {name: clip["aspect"] for name, clip in clips.items()} == {"club": "9:16", "wall": "1:1"}
    sizes = {}
    for name, clip in clips.items():
        video = probe(Path(clip["files"]["video"])).video
        assert video is not None
        sizes[name] = video.display_size_px
    assert sizes == {"club": (240, 428), "wall": (240, 240)}
    assert ("too_long", False) in notices(done)
    [told] = [event for event in done.of("notice") if event.get("code") == "too_long"]
    assert told["clips"] == [1]
    assert "Club TV takes 0:05" in told["message"]


def test_with_fix_a_clip_ends_where_the_platform_does(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    (home.root / "platforms.toml").write_text(CLUB)
    arguments = (
        "process", talk, "--out", tmp_path / "clips", "--preset", "club", "--fix",
        "--quality", "draft", "--style", "none", "--json", *FIND,
    )  # fmt: skip
    done = program.run(home, *arguments)
    assert done.code == 0, done.errors
    assert notices(done) == [("too_long", True)]
    [clip] = done.of("clip")
    assert 1 < clip["end_s"] - clip["start_s"] <= 5
    assert probe(Path(clip["files"]["video"])).duration_s <= 5.1
    again = program.run(home, *arguments)
    assert again.code == 0, again.errors
    assert again.of("clip") == done.of("clip")
    Path(clip["files"]["video"]).unlink()  # it was posted
    other = program.run(home, *arguments, "--out", tmp_path / "wall", "--aspect", "1:1")
    found = program.run(home, "process", talk, "--find-only", "--json", *FIND)
    assert (other.code, found.code) == (0, 0), other.errors
    [whole] = found.of("clip")
    assert whole["end_s"] - whole["start_s"] > 5, "what was mended was that export"
    assert [Path(one["files"]["video"]).parent.name for one in other.of("clip")] == ["wall"]
    assert not list((tmp_path / "clips").glob("*.mp4")), "nobody asked for that one again"


def test_presets_are_listed_and_shown(home: Home) -> None:
    (home.root / "platforms.toml").write_text(CLUB)
    listed = program.run(home, "presets", "--json").events
    assert [row["preset"] for row in listed][-2:] == ["club", "wall"]
    assert [row["is_own"] for row in listed] == [False] * 8 + [True] * 2
    [shown] = program.run(home, "presets", "show", "TikTok", "--json").events
    assert (shown["max_s"], shown["max_bytes"]) == (3600, 287_000_000)
    plain = subprocess.run(
        program.command(home, "presets"), capture_output=True, text=True, check=True
    )
    assert "Club TV" in plain.stdout
    assert "platforms.toml" in plain.stderr


def test_a_broken_file_of_presets_is_refused_naming_the_field(home: Home) -> None:
    (home.root / "platforms.toml").write_text("[platforms.x]\nmax_s = nan\n")
    for verb in (("presets",), ("process", "a.mp4", "--preset", "x")):
        done = program.run(home, *verb, "--json")
        assert done.code == 2
        [error] = done.of("error")
        assert error["code"] == "presets_invalid"
        assert "platforms.x.max_s must be a number, 0 to 43200" in error["message"]
    assert program.run(home, "process", "a.mp4", "--json").of("error")[0]["code"] == "not_found"
