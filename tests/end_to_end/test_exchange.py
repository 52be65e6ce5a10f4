"""`clipforge exchange` on a real video: the right clips, and files of others kept."""

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import opentimelineio as otio
import pytest

from clipforge_desktop import cli
from clipforge_desktop.app import commands
from clipforge_desktop.app.exchanging import send
from clipforge_desktop.domain.clip import FoundClip, Piece, ScorePart
from clipforge_desktop.domain.edit import ClipEdit
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import Order
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests import media_maker, program
from tests.gui.furnishing import plain_media

REASONS = (ScorePart("Hook", 0.8), ScorePart("Energy", 0.25))


def found(start_s: float, end_s: float, title: str, on_shelf: bool = True) -> FoundClip:
    piece = Piece(start_s, end_s)
    return FoundClip((piece,), 80, "story", REASONS, "A clean end.", title, on_shelf)


@pytest.fixture
def talk(home: Home, tmp_path: Path) -> Path:
    """A video in the library: three clips on the shelf, the third rejected, and one beside it."""
    video = tmp_path / "my talk 100%.mp4"
    video.touch()
    with Store.open(home) as store:
        source_id = store.library.add_source(str(video), video.name, 0, 1)
        store.library.set_media(source_id, plain_media("key", 60.0))
        order_id = store.library.add_order(source_id, Order())
        clips = [found(n * 10.0 + 1, n * 10.0 + 9, f"Clip {n}", n < 3) for n in range(4)]
        ids = store.library.save_clips(source_id, order_id, clips)
        commands.edit_clip(store, ids[1], ClipEdit(cuts=(Piece(13.0, 15.0),), title="Cut"))
        commands.judge_clip(store, ids[2], "rejected")
        store.library.add_source(str(tmp_path / "later.mp4"), "later.mp4", 0, 2)
    return video


def sent(
    home: Home, capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> list[dict[str, str]]:
    given = ["--home", str(home.root), "exchange", *map(str, arguments), "--json"]
    assert cli.run(given) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_shelf_is_sent_as_it_is_cut_and_rejected_clips_are_not(
    home: Home, talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], handlers: None
) -> None:
    out = tmp_path / "new" / "folder"
    [event] = sent(home, capsys, talk, "--format", "fcpxml", "--out", out)
    assert event == {
        "event": "exchange", "source": str(talk), "format": "fcpxml", "clips": 2,
        "file": str(out / "my talk 100%-clips.fcpxml"),
    }  # fmt: skip
    root = ElementTree.parse(event["file"]).getroot()
    assert [project.get("name") for project in root.iter("project")] == ["Clip 0", "Cut"]
    cut = root.findall("library/event/project")[1]
    assert len(list(cut.iter("asset-clip"))) == 2
    [marker] = cut.iter("marker")
    assert marker.get("note") == "Score 80, story. Hook 80 %, Energy 25 %. A clean end."


def test_single_clips_are_sent_by_their_numbers_and_each_has_its_file(
    home: Home, talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], handlers: None
) -> None:
    given = ("1", "--clip", "4", "--clip", "2", "--format", "otio", "--out", tmp_path)
    files = [event["file"] for event in sent(home, capsys, *given)]
    assert [Path(file).name for file in files] == [
        "my talk 100%-04-Clip 3.otio", "my talk 100%-02-Cut.otio",
    ]  # fmt: skip
    timeline = otio.adapters.read_from_file(files[1])
    assert [clip.source_range.duration.to_seconds() for clip in timeline.tracks[0]] == [2, 4]


def test_a_taken_name_gets_a_number_and_the_same_text_is_not_written_twice(
    home: Home, talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], handlers: None
) -> None:
    given = ("1", "--format", "premiere", "--out", tmp_path)
    [first] = sent(home, capsys, *given)
    [again] = sent(home, capsys, *given)
    assert again["file"] == first["file"]
    Path(first["file"]).write_text("mine")
    (tmp_path / "my talk 100%-clips (2).xml").symlink_to(tmp_path / "nowhere")
    [third] = sent(home, capsys, *given)
    assert Path(third["file"]).name == "my talk 100%-clips (3).xml"
    assert Path(first["file"]).read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert not list(tmp_path.glob(".clipforge-*"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.mp4", "--format", "edl", "--out", "a"], "video_unknown"),
        (["1", "--clip", "7", "--format", "edl", "--out", "a"], "clip_unknown"),
        (["1", "--format", "avid", "--out", "a"], "wrong_usage"),
        (["2", "--format", "edl", "--out", "a"], "no_clips"),
        (["1", "--format", "edl", "--out", "file"], "output_not_a_folder"),
        (["1", "--format", "edl", "--out", "file/below"], "output_not_writable"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(
    home: Home, talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], handlers: None, arguments: Sequence[str], code: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine")
    assert cli.run(["--home", str(home.root), "exchange", *arguments, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == code
    assert Path("file").read_text() == "mine"


def test_a_video_that_is_not_imported_yet_is_refused(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    with Store.open(home) as store:
        later = store.library.source(2)
        clips = store.library.clips_of_source(1)
    with pytest.raises(InputError) as refused:
        send(later, clips, "edl", tmp_path)
    assert refused.value.failure.code == "not_imported"


def test_the_camera_and_its_timecode_come_from_the_real_file(home: Home, tmp_path: Path) -> None:
    options = ("-r", "30000/1001", "-timecode", "01:00:00;02")
    video = media_maker.talk(tmp_path / "a.mov", 6, fps=30, options=options)
    video.with_suffix(".srt").write_text(media_maker.TALK_CUES)
    short = ("--min-seconds", "3", "--max-seconds", "5", "--count", "1")
    assert program.run(home, "process", video, "--find-only", *short).code == 0
    ran = program.run(home, "exchange", video, "--format", "edl", "--out", tmp_path, "--json")
    [event] = ran.of("exchange")
    lines = Path(event["file"]).read_text().splitlines()
    assert lines[1] == "FCM: DROP FRAME"
    assert lines[3].split()[2] == "B"
    assert lines[3].split()[4].startswith("01:00:0")
