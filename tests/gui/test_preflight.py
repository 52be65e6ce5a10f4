"""What is said of an export before it is rendered, and that each remedy puts it right."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from clipforge_desktop import presets
from clipforge_desktop.app import commands
from clipforge_desktop.app.preflight import preflight
from clipforge_desktop.app.process import process
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.cli.reports import JsonReporter, TerminalReporter
from clipforge_desktop.domain.clip import TimeMap
from clipforge_desktop.domain.delivery import Delivery, MusicBed
from clipforge_desktop.domain.edit import ClipEdit
from clipforge_desktop.domain.framing import Rect
from clipforge_desktop.domain.job import JobState
from clipforge_desktop.domain.order import ExportedFile, ExportOptions, Order, encode
from clipforge_desktop.domain.pipeline import export_job
from clipforge_desktop.domain.transcript import Correction
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests import logos, media_maker
from tests.gui import furnishing as f
from tests.gui.preflighted import LONG_S, SIZE, applied, codes, library, only, studied

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def options(tmp_path: Path) -> ExportOptions:
    """Nothing to find fault with: 16:9 of a 16:9 source."""
    return ExportOptions(str(tmp_path / "clips"), aspects=("16:9",))


def test_nothing_is_said_of_an_export_that_is_fine(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0), (60.0, 90.0))
    options = replace(options, style=load_style("clean"))
    assert preflight(store, ids, options) == ()


def test_a_clip_too_long_for_a_platform_ends_at_the_last_sentence_that_fits(
    home: Home, store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 100.0), (100.0, 350.0))
    options = replace(options, deliveries=presets.chosen(home, ["shorts", "x", "archive"]))
    findings = preflight(store, ids, options)
    assert [(one.code, one.clip_ids) for one in findings] == [
        ("too_long", (ids[1],)),
        ("too_long", (ids[1],)),
    ]
    assert "4:10" in findings[0].message
    assert "YouTube Shorts takes 3:00" in findings[0].message
    assert "X takes 2:20" in findings[1].message
    remedy = findings[1].remedy
    assert remedy is not None
    [(clip_id, edit)] = remedy.edits
    assert edit.end_s == pytest.approx(239.9)  # the sentence ends at 239.8, the next starts at 240
    assert applied(store, remedy, ids, options) == []
    assert store.library.clip(clip_id).title == f.TITLES[1]


def test_what_pauses_and_cuts_take_out_counts_for_the_length(
    home: Home, store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    [clip_id] = library(store, tmp_path, (0.0, 190.0))
    options = replace(options, deliveries=presets.chosen(home, ["shorts"]))
    assert codes(preflight(store, [clip_id], options)) == ["too_long"]
    cut = f.found(0, [(20.0, 40.0)]).pieces
    commands.edit_clip(store, clip_id, ClipEdit(cuts=cut))
    assert preflight(store, [clip_id], options) == ()


def test_where_nobody_speaks_a_long_clip_ends_at_the_limit(
    home: Home, store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    media = f.plain_media("silent", LONG_S, SIZE)
    source_id, order_id = f.add_source(store, tmp_path / "silent.mp4", "silent.mp4", media)
    ids = f.add_clips(store, source_id, order_id, [f.found(0, [(50.0, 250.0)])])
    options = replace(options, deliveries=presets.chosen(home, ["x"]))
    _, remedy = only(preflight(store, ids, options), "too_long")
    assert remedy.edits[0][1].end_s == 190.0
    assert applied(store, remedy, ids, options) == []


def test_a_clip_out_of_order_is_left_out_where_no_end_would_shorten_it(
    home: Home, store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    source_id, order_id = f.add_source(
        store, tmp_path / "talk.mp4", "talk.mp4", f.plain_media("key", LONG_S, SIZE)
    )
    teaser = f.found(0, [(300.0, 310.0), (0.0, 180.0)])
    ids = f.add_clips(store, source_id, order_id, [teaser])
    options = replace(options, deliveries=presets.chosen(home, ["x"]))
    _, remedy = only(preflight(store, ids, options), "too_long")
    assert (remedy.edits, remedy.without) == ((), tuple(ids))


def test_a_folder_that_cannot_be_written_blocks_and_names_another(
    store: Store, tmp_path: Path, options: ExportOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    (tmp_path / "file").write_text("no folder")
    usual = tmp_path / "Videos" / "ClipForge"
    monkeypatch.setattr("clipforge_desktop.app.preflight.limits.default_exports", lambda: usual)
    options = replace(options, out_dir=str(tmp_path / "file" / "clips"))
    finding, remedy = only(preflight(store, ids, options), "output_not_writable")
    assert finding.is_blocking
    assert remedy.options == replace(options, out_dir=str(usual))
    assert applied(store, remedy, ids, options) == []


def test_music_that_is_none_blocks_and_can_be_left_out(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    (tmp_path / "folder.mp3").mkdir()
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "words.mp3").write_text("a song, they say", encoding="utf-8")
    (tmp_path / "noise.mp3").write_bytes(random.Random(7).randbytes(50_000))
    logos.drawn(tmp_path / "logo.png").rename(tmp_path / "picture.mp3")
    media_maker.picture_only(tmp_path / "mute.mp4", 1.0)
    for name, code in (
        ("gone.mp3", "music_missing"),
        ("folder.mp3", "music_missing"),
        ("empty.mp3", "music_unreadable"),
        ("words.mp3", "music_unreadable"),
        ("noise.mp3", "music_unreadable"),
        ("picture.mp3", "music_unreadable"),
        ("mute.mp4", "music_silent"),
    ):
        wanted = replace(options, music=MusicBed(str(tmp_path / name)))
        finding, remedy = only(preflight(store, ids, wanted), code)
        assert finding.is_blocking
        assert name in finding.message
        assert applied(store, remedy, ids, wanted) == []
    song = media_maker.sound_only(tmp_path / "gone.mp3", 1.0)
    assert preflight(store, ids, replace(options, music=MusicBed(str(song)))) == ()


def test_a_full_disk_is_foreseen(
    store: Store, tmp_path: Path, options: ExportOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = library(store, tmp_path, (0.0, 60.0), (60.0, 120.0))
    usage = type("Usage", (), {"free": 100_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    [finding] = preflight(store, ids, options)
    assert (finding.code, finding.clip_ids) == ("disk_full", tuple(ids))
    assert "100 MB are free" in finding.message
    assert not finding.is_blocking


def test_a_file_larger_than_a_platform_takes_is_made_smaller(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 20.0), (30.0, 90.0))
    small = Delivery("club", "Club", aspect="16:9", largest_bytes=60_000_000)
    options = replace(options, deliveries=(small,))
    finding, remedy = only(preflight(store, ids, options), "file_too_large")
    assert finding.clip_ids == (ids[1],)
    assert "Club takes 60 MB" in finding.message
    assert applied(store, remedy, ids, options) == []


# -- what was exported before ------------------------------------------------------------


def exported(store: Store, clip_id: int, options: ExportOptions, folder: Path) -> None:
    """As the workshop leaves it: a job that is done, a file and its recipe."""
    folder.mkdir(exist_ok=True)
    clip = store.library.clip(clip_id)
    transcript = store.library.transcript("key")
    assert transcript is not None
    words = store.library.corrected("key", transcript).words
    new = export_job(
        clip.source_id, "talk", clip.order_id, clip.id, 1, clip.title, options, clip.edit
    )
    job_id = f.move_job(store, store.jobs.add(new), JobState.DONE)
    for aspect in options.aspects:
        video = folder / f"{clip_id}-{aspect.replace(':', 'x')}.mp4"
        video.write_bytes(b"a clip")
        recipe = video.with_suffix(".json")
        heard = json.loads(encode(TimeMap(clip.pieces).words(words)))
        recipe.write_text(json.dumps({"ingredients": {"words": heard, "aspect": aspect}}))
        file = ExportedFile(aspect, str(video), None, str(recipe), 6, 30.0, -14.0)
        store.library.save_export(job_id, clip_id, file)


def test_a_moment_that_was_exported_like_this_can_be_left_out(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0), (60.0, 90.0))
    exported(store, ids[0], options, tmp_path / "clips")
    finding, remedy = only(preflight(store, ids, options), "already_exported")
    assert finding.clip_ids == remedy.without == (ids[0],)
    assert f.TITLES[0] in finding.message
    assert applied(store, remedy, ids, options) == []


def test_what_would_become_another_file_is_not_called_exported(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    [clip_id] = library(store, tmp_path, (0.0, 30.0))
    exported(store, clip_id, options, tmp_path / "clips")
    assert codes(preflight(store, [clip_id], options)) == ["already_exported"]
    assert preflight(store, [clip_id], replace(options, quality="best")) == ()
    assert preflight(store, [clip_id], replace(options, style=load_style("clean"))) == ()
    commands.edit_clip(store, clip_id, ClipEdit(end_s=28.0))
    assert preflight(store, [clip_id], options) == ()


def test_words_that_were_corrected_since_make_another_file(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    [clip_id] = library(store, tmp_path, (0.0, 30.0))
    exported(store, clip_id, options, tmp_path / "clips")
    transcript = store.library.transcript("key")
    assert transcript is not None
    commands.correct_words(store, "key", transcript, [Correction(1, "smallest")])
    assert preflight(store, [clip_id], options) == ()


def test_a_file_that_was_deleted_is_not_exported(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    [clip_id] = library(store, tmp_path, (0.0, 30.0))
    exported(store, clip_id, options, tmp_path / "clips")
    for video in (tmp_path / "clips").glob("*.mp4"):
        video.unlink()
    assert preflight(store, [clip_id], options) == ()


def test_nearly_the_same_moment_as_an_exported_one_is_said(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0), (3.0, 32.0), (20.0, 60.0))
    exported(store, ids[0], options, tmp_path / "clips")
    finding, remedy = only(preflight(store, ids[1:], options), "same_moment")
    assert finding.clip_ids == remedy.without == (ids[1],)
    assert f.TITLES[0] in finding.message


def test_where_mending_leaves_out_every_clip_the_end_says_why_and_what_to_do(
    home: Home, store: Store, tmp_path: Path, options: ExportOptions,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    video = tmp_path / "talk.mp4"
    video.write_bytes(b"a talk")
    asked = Order(export=options, is_offline=True)
    finding = replace(asked, export=None, is_previewed=True)
    [added] = commands.add_videos(store, [video], finding)
    assert added.source_id is not None
    assert added.order_id is not None
    media = replace(f.plain_media("key", LONG_S, SIZE), poster=None, thumbnails=None)
    store.library.set_media(added.source_id, media)
    store.library.save_transcript("key", "{}", f.transcript_of(f.spoken(LONG_S)))
    found = [f.found(0, [(0.0, 30.0)], is_on_shelf=False), f.found(1, [(2.0, 31.0)])]
    ids = f.add_clips(store, added.source_id, added.order_id, found)
    seen = studied(Rect(800, 500, 380, 500), seconds=29.0, start_s=2.0)
    store.library.save_studies(ids[1], seen)  # or a worker would look at "a talk"
    exported(store, ids[0], options, tmp_path / "clips")
    assert process(home, [video], asked, JsonReporter(), mends=True) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (summary["event"], summary["clips"]) == ("summary", 0)
    assert summary["message"].startswith("Nothing was exported: --fix left out the only clip. “")
    assert "nearly the same moment" in summary["message"]
    assert summary["message"].endswith("Run this without --fix to export it anyway.")
    with TerminalReporter() as reporter:
        assert process(home, [video], asked, reporter, mends=True) == 0
    assert capsys.readouterr().err.splitlines()[-1] == f"1 video, 0 clips. {summary['message']}"


# -- the picture -------------------------------------------------------------------------


def test_a_small_picture_is_exported_smaller_or_whole(
    home: Home, store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0))
    tall = replace(options, aspects=("9:16",))
    finding, remedy = only(preflight(store, ids, tall), "enlarged")
    assert "1.8 times" in finding.message
    assert remedy.label == "Export at 900p"
    assert applied(store, remedy, ids, tall) == []
    archive = replace(options, aspects=(), deliveries=presets.chosen(home, ["archive"]))
    assert preflight(store, ids, archive) == ()


def test_a_picture_of_720p_is_exported_at_540p_and_keeps_its_framing(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0), size=(1280, 720))
    tall = replace(options, aspects=("9:16",))
    _, remedy = only(preflight(store, ids, tall), "enlarged")
    assert remedy.options is not None
    assert remedy.options.deliveries[0].short_side_px == 540
    assert applied(store, remedy, ids, tall) == []


def test_a_tiny_picture_is_shown_whole(
    store: Store, tmp_path: Path, options: ExportOptions
) -> None:
    ids = library(store, tmp_path, (0.0, 30.0), size=(640, 360))
    tall = replace(options, aspects=("9:16",))
    finding, remedy = only(preflight(store, ids, tall), "enlarged")
    assert "5.3 times" in finding.message
    assert remedy.options == replace(tall, framing="fit")


def test_preflight_loads_no_engine(home: Home, tmp_path: Path) -> None:
    with Store.open(home) as store:
        ids = library(store, tmp_path, (0.0, 30.0))
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from clipforge_desktop.app.preflight import preflight\n"
        "from clipforge_desktop.captions.shelf import load_style\n"
        "from clipforge_desktop.domain.order import ExportOptions\n"
        "from clipforge_desktop.paths import Home\nfrom clipforge_desktop.store import Store\n"
        "assert 'PySide6' not in sys.modules\n"
        f"with Store.open(Home(Path({str(home.root)!r}))) as store:\n"
        f"    options = ExportOptions({str(tmp_path)!r}, style=load_style('clean'))\n"
        f"    preflight(store, {ids}, options)\n"
        "print(sorted({'cv2', 'av', 'onnxruntime', 'faster_whisper', 'ctranslate2'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
