"""`clipforge process`, as a user and a script run it: the real program on real files."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from clipforge_desktop import cli
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests import media_maker, program

SHORT = ("--min-seconds", "3", "--max-seconds", "8", "--count", "2")
SMALL = ("--aspect", "144x256", *SHORT)

CUES = (
    media_maker.TALK_CUES
    + """
5
00:00:17,400 --> 00:00:21,000
So start with the phone in your pocket and one honest sentence.
"""
)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A 22 s video with a subtitle file beside it."""
    video = media_maker.talk(tmp_path / "my talk.mp4", 22)
    video.with_suffix(".srt").write_text(CUES, "utf-8")
    return video


def test_a_video_becomes_clips_and_running_again_makes_only_what_is_gone(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    out, shape = tmp_path / "clips", ("--aspect", "216x384")
    arguments = ("process", talk, "--out", out, "--json", *shape, *SHORT)
    first = program.run(home, *arguments)
    assert_captioned_clips(first, talk)
    assert program.processes_of(home) == []

    files = {file: file.stat().st_mtime_ns for file in out.iterdir()}
    again = program.run(home, *arguments)
    assert again.code == 0
    assert sorted(map(str, again.of("clip"))) == sorted(map(str, first.of("clip")))
    assert {file: file.stat().st_mtime_ns for file in out.iterdir()} == files
    assert not [event for event in again.of("job") if event["state"] == "running"]
    told = [[event for event in run.events if "remedy" in event] for run in (first, again)]
    assert (bool(told[0]), told[1]) == (True, [])  # with nothing to render nothing is looked at

    video = Path(first.of("clip")[0]["files"]["video"])
    video.unlink()
    shutil.rmtree(home.cache)
    refilled = program.run(home, *arguments)
    assert refilled.code == 0, refilled.errors
    assert video.is_file()
    assert sorted(map(str, refilled.of("clip"))) == sorted(map(str, first.of("clip")))
    assert refilled.of("summary")[0]["clips"] == 2


def assert_captioned_clips(done: program.Finished, talk: Path) -> None:
    """Two clips of a first run, each with a title, its reasons and its files."""
    assert done.code == 0, done.errors
    clips = done.of("clip")
    assert [clip["index"] for clip in sorted(clips, key=lambda clip: clip["index"])] == [1, 2]
    for clip in clips:
        assert clip["source"] == str(talk)
        assert 3 <= clip["end_s"] - clip["start_s"] <= 8.7
        assert clip["title"]
        assert clip["reasons"]
        for file in clip["files"].values():
            assert Path(file).stat().st_size > 0
        assert "-->" in Path(clip["files"]["subtitles"]).read_text("utf-8")
    stages = {event["stage"] for event in done.of("job") if event["state"] == "done"}
    assert stages == {"import", "transcription", "clip_detection", "export"}
    assert done.of("summary") == [{"event": "summary", "sources": 1, "clips": 2, "failed": 0}]


def test_what_is_known_starts_no_worker_and_what_changed_does(home: Home, talk: Path) -> None:
    def run(*more: str) -> tuple[list[tuple[float, float]], set[str]]:
        """Where the clips lie, and the queues whose worker was started."""
        for log in home.logs.glob("worker-*.log"):
            log.unlink()
        done = program.run(home, "process", talk, "--find-only", "--json", *SHORT, *more)
        assert done.code == 0, done.errors
        stages = {event["stage"] for event in done.of("job") if event["state"] == "done"}
        assert stages == {"import", "transcription", "clip_detection"}
        started = {log.stem.removeprefix("worker-") for log in home.logs.glob("worker-*.log")}
        return sorted((clip["start_s"], clip["end_s"]) for clip in done.of("clip")), started

    everything = {"import", "transcription", "clip_detection"}
    clips, started = run()
    assert (len(clips), started) == (2, everything)
    assert run("--offline") == (clips, set())
    os.utime(talk.with_suffix(".srt"), (1e9, 1e9))
    shorter, started = run("--max-seconds", "7")
    assert (shorter != clips, started) == (True, {"transcription", "clip_detection"})
    next(home.cache.glob("*/audio.s16")).unlink()
    assert run("--max-seconds", "7", "--offline") == (shorter, {"import"})
    with talk.open("ab") as video:
        video.write(b"\0\0\0\x08free")
    assert run("--offline") == (clips, everything)


def test_a_deleted_clip_is_made_again_and_edited_words_give_the_new_clips_only(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    arguments = ("process", talk, "--out", tmp_path / "clips", "--json", *SMALL)
    first = program.run(home, *arguments)
    video = Path(first.of("clip")[0]["files"]["video"])
    video.unlink()
    again = program.run(home, *arguments)
    assert again.code == 0, again.errors
    assert video.is_file()
    written = talk.with_suffix(".srt")
    written.write_text(CUES.replace("00:00:0", "00:00:1").replace("winter", "summer"), "utf-8")
    os.utime(written, (2e9, 2e9))
    again = program.run(home, *arguments)
    assert again.code == 0, again.errors
    assert sorted(clip["index"] for clip in again.of("clip")) == [1, 2]
    assert again.of("summary")[0]["clips"] == 2


def test_find_only_gives_clips_without_files(home: Home, talk: Path, tmp_path: Path) -> None:
    done = program.run(home, "process", talk, "--find-only", "--json", *SHORT)
    assert done.code == 0, done.errors
    assert len(done.of("clip")) == 2
    assert all("files" not in clip for clip in done.of("clip"))
    assert not (tmp_path / "clips").exists()


def test_found_clips_are_exported_one_by_one(home: Home, talk: Path, tmp_path: Path) -> None:
    out, small = tmp_path / "clips", ("--aspect", "144x256", "--json")
    program.run(home, "process", talk, "--find-only", "--json", *SHORT)
    done = program.run(home, "export", talk, "--clip", "2", "--out", out, *small)
    assert done.code == 0, done.errors
    assert {event["stage"] for event in done.of("job")} == {"export"}
    [clip] = done.of("clip")
    assert clip["index"] == 2
    assert [file for file in out.iterdir() if file.suffix == ".mp4"] == [
        Path(clip["files"]["video"])
    ]
    rest = program.run(home, "export", talk, "--out", out, "--style", "none", *small, "--fix")
    assert rest.code == 0, rest.errors
    stages = [event["stage"] for event in rest.of("job") if event["state"] in ("running", "done")]
    begun = stages.index("export")
    assert set(stages[:begun]) == {"framing"}, "--fix has to know where faces are"
    assert (stages.count("framing") >= 2, "framing" in stages[begun:]) == (True, False)
    assert sorted(clip["index"] for clip in rest.of("clip")) == [1, 2]
    assert all(Path(clip["files"]["video"]).is_file() for clip in rest.of("clip"))
    missing = program.run(home, "export", talk, "--clip", "7", "--out", out, *small)
    assert (missing.code, missing.of("error")[0]["code"]) == (2, "clip_unknown")


def test_a_missing_file_is_named_and_exits_2(home: Home, tmp_path: Path) -> None:
    done = program.run(home, "process", tmp_path / "none.mp4", "--out", tmp_path, "--json")
    assert done.code == 2
    [error] = done.of("error")
    assert error["code"] == "not_found"
    assert "none.mp4" in error["message"]
    assert error["next_step"]


def test_good_files_are_done_beside_a_bad_one(home: Home, talk: Path, tmp_path: Path) -> None:
    bad = tmp_path / "notes.mp4"
    bad.write_text("these are my notes, not a video\n" * 40)
    done = program.run(home, "process", bad, talk, "--find-only", "--json", *SHORT)
    assert done.code == 1
    assert [error["source"] for error in done.of("error")] == [str(bad)]
    assert len(done.of("clip")) == 2
    assert done.of("summary")[0]["failed"] == 1


def test_only_bad_files_exit_2(home: Home, tmp_path: Path) -> None:
    bad = tmp_path / "empty.mp4"
    bad.touch()
    done = program.run(home, "process", bad, "--out", tmp_path / "clips", "--json")
    assert done.code == 2
    assert len(done.of("error")) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("process",),
        ("process", "a.mp4", "--aspect", "wide"),
        ("process", "a.mp4", "--min-seconds", "50", "--max-seconds", "20"),
        ("process", "a.mp4", "--style", "no such style"),
        ("process", "a.mp4", "--preset", "vine"),
        ("process", "a.mp4", "--preset", "tiktok", "--find-only"),
        ("process", "a.mp4", "--fix", "--find-only"),
        ("process", "a.mp4", "--aspect", "1:1", "--find-only"),
        ("process", "a.mp4", "--out", "x" * 300),
        ("process", "a.mp4", "--transcript", "x" * 300 + ".srt"),
        ("process", "a.mp4", "--music", "no-such.mp3"),
        ("process", "a.mp4", "--music-level", "-6"),
        ("process", "a.mp4", "--music", __file__, "--music-duck", "99"),
        ("process", "a.mp4", "--logo", __file__),
        ("process", "a.mp4", "--logo-corner", "middle"),
        ("process", "a.mp4", "--headline", "auto", "--find-only"),
        ("process", "a.mp4", "--name", "{nobody}"),
        ("process", "a.mp4", "--encoder", "abacus"),
        ("process", "a.mp4", "--quality", "perfect"),
        ("process", "a.mp4", "--aspect", "99:1"),
        ("presets", "show", "vine"),
        ("process", "a.mp4", "--transcript", "no-such.srt"),
        ("process", "a.mp4", "--framing", "diagonal"),
        ("process", "a.mp4", "--out", __file__),
        ("process", "a.mp4", "--language", "klingon"),
        ("process", "a.mp4", "--min-seconds", "nan"),
        ("process", "a.mp4", "--max-seconds", "inf"),
        ("process", "a.mp4", "--min-seconds=-3"),
        ("process", "a.mp4", "--transcript", __file__),
        ("process", "a.mp4", "--model", "/"),
        ("process", "a.mp4", "--no-such-option"),
        ("jobs", "show", "12345"),
    ],
)
def test_wrong_usage_exits_2_with_a_sentence(
    home: Home,
    arguments: tuple[str, ...],
    handlers: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = program.run(home, *arguments)
    assert done.code == 2
    assert done.errors.strip()
    assert "Traceback" not in done.errors
    assert cli.run(["--home", str(home.root), *arguments, "--json"]) == 2
    [error] = map(json.loads, capsys.readouterr().out.splitlines())
    assert error["event"] == "error"
    assert error["code"]
    assert error["message"]
    assert error["next_step"]
    with Store.open(home) as store:
        assert store.library.sources() == []


def test_a_home_that_cannot_be_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = program.run(Home(tmp_path / "file"), "library", "--json")
    assert done.code == 2
    assert done.events[0]["code"] == "home_not_writable"


def test_names_that_look_like_markup_are_shown_as_they_are(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    (tmp_path / "br[").mkdir()
    odd = talk.rename(tmp_path / "br[" / "y] [x].mp4")
    program.run(home, "process", odd, "--find-only", "--json", *SHORT)
    for verb in ("library", "jobs"):
        shown = program.start(home, verb)
        out, errors = shown.communicate(timeout=program.LONG_ENOUGH_S)
        assert shown.returncode == 0, errors
        assert "[x]" in out


def test_killed_at_any_moment_the_next_run_ends_with_the_same_clips(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    arguments = ("process", talk, "--out", tmp_path / "clips", "--json", *SMALL)
    reference = program.run(
        Home(tmp_path / "other home"), *arguments[:3], tmp_path / "expected", *arguments[4:]
    )
    for stage in ("import", "clip_detection", "export"):
        running = program.start(home, *arguments)
        _read_until(running, f'"stage": "{stage}"')
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    done = program.run(home, *arguments)
    assert done.code == 0, done.errors
    cuts = [
        sorted((clip["index"], clip["start_s"], clip["end_s"]) for clip in run.of("clip"))
        for run in (done, reference)
    ]
    assert cuts[0] == cuts[1]
    names = [
        sorted(file.name for file in (tmp_path / folder).iterdir())
        for folder in ("clips", "expected")
    ]
    assert names[0] == names[1]


def test_an_interrupt_exits_130_and_leaves_no_process(
    home: Home, talk: Path, tmp_path: Path
) -> None:
    running = program.start(home, "process", talk, "--out", tmp_path / "clips", "--json", *SMALL)
    _read_until(running, '"running"')
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=program.LONG_ENOUGH_S)
    assert running.returncode == 130
    assert program.processes_of(home) == []


def test_the_library_remembers_and_finds_words(home: Home, talk: Path) -> None:
    program.run(home, "process", talk, "--find-only", "--json", *SHORT)
    [video] = program.run(home, "library", "--json").events
    assert video["source"] == str(talk)
    assert video["duration_s"] == pytest.approx(22, abs=0.2)
    [hit] = program.run(home, "search", "three", "hundred", "--json").events
    assert hit["source"] == str(talk)
    assert 12 <= hit["start_s"] <= 15
    [listing] = program.run(home, "jobs", "--json").events
    assert listing["queues"]["import"]["completed"] == 1
    assert {job["state"] for job in listing["jobs"]} == {"done"}
    assert program.run(home, "jobs", "clear", "--json").events == [{"cleared": 3}]
    cleared = program.run(home, "process", talk, "--find-only", "--json", *SHORT)
    assert cleared.of("summary")[0]["clips"] == 2


def test_the_doctor_finds_everything_in_place(home: Home) -> None:
    done = program.run(home, "doctor", "--json")
    checks = {check["check"]: check for check in done.events}
    assert done.code == 0, done.errors
    assert checks["ffmpeg"]["state"] == "ok"
    assert {check["state"] for check in done.events} <= {"ok", "warn"}
    assert all(check["next_step"] for check in done.events if check["state"] != "ok")


def test_the_doctor_names_a_missing_ffmpeg(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nowhere"))
    done = program.run(home, "doctor", "--json")
    assert done.code == 1
    [ffmpeg] = [check for check in done.events if check["check"] == "ffmpeg"]
    assert ffmpeg["state"] == "bad"
    assert ffmpeg["next_step"]


def _read_until(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"the program ended without saying {text}")
