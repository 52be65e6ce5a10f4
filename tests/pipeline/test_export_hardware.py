"""Encoders of graphics chips: believed only when they encode, and left when they fail.

A script stands in for ffmpeg where a chip is needed: it does with x264 what the chip would do.
"""

import json
import os
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import pytest

from clipforge_desktop.domain.delivery import Delivery
from clipforge_desktop.domain.order import ExportRequest
from clipforge_desktop.media import encoders, ffmpeg
from clipforge_desktop.stages import exporting
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script cannot be a program")

NVENC = encoders.ENCODERS[1]
SCRIPT = """\
#!{python}
import contextlib, os, subprocess, sys
real, folder, arguments = {real!r}, {folder!r}, sys.argv[1:]
if "h264_nvenc" not in arguments:
    os.execv(real, [real, *arguments])
is_probe = "null" in arguments
with open(os.path.join(folder, "calls"), "a") as calls:
    calls.write("probe\\n" if is_probe else "render\\n")
mode = open(os.path.join(folder, "mode")).read()
if is_probe and mode == "absent":
    sys.exit("[h264_nvenc @ 0x1] [error] Cannot load libcuda.so.1")
kept, skipped = [], ("-rc", "-cq", "-b:v", "-spatial-aq")
words = iter(arguments)
for word in words:
    if word in skipped:
        next(words)
    elif word == "-preset":
        next(words)
        kept += ["-preset", "ultrafast"]
    else:
        kept.append("libx264" if word == "h264_nvenc" else word)
if mode == "short" and not is_probe:
    kept[-1:-1] = ["-frames:v", "5"]
if mode != "dies" or is_probe:
    os.execv(real, [real, *kept])
child = subprocess.Popen([real, *kept])
out = next(word for word in arguments if word.endswith(".part"))[len("file:"):]
while not os.path.exists(out) and child.poll() is None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(0.01)
child.kill()
child.wait()
sys.exit("[h264_nvenc @ 0x1] [error] EncodePicture failed!: device lost (8)")
"""


class Chip:
    """The stand-in: `mode` is what it does, `calls` what it was asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.program = folder / "ffmpeg"
        real = imageio_ffmpeg.get_ffmpeg_exe()
        text = SCRIPT.format(python=sys.executable, real=real, folder=str(folder))
        self.program.write_text(textwrap.dedent(text), encoding="utf-8")
        self.program.chmod(0o755)
        self.does("works")

    def does(self, mode: str) -> None:
        (self._folder / "mode").write_text(mode, encoding="utf-8")
        (self._folder / "calls").write_text("", encoding="utf-8")

    @property
    def calls(self) -> list[str]:
        return (self._folder / "calls").read_text(encoding="utf-8").split()


@pytest.fixture
def chip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chip:
    (tmp_path / "chip").mkdir()
    chip = Chip(tmp_path / "chip")
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(chip.program))
    monkeypatch.setattr(encoders, "ENCODERS", (replace(NVENC, systems=(sys.platform,)),))
    monkeypatch.setattr(
        ffmpeg,
        "capabilities",
        lambda: ffmpeg.Capabilities("test", frozenset({"h264_nvenc"}), frozenset()),
    )
    return chip


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return media_maker.talk(tmp_path_factory.mktemp("media") / "talk.mp4", 3.0)


def hardware(path: Path, folder: Path, *, stem: str = "clip", **options: object) -> ExportRequest:
    request = maker.request(path, folder, words=[(0.2, 1.0, "Hello")], stem=stem)
    wished = replace(request.options, encoder="hardware", **options)  # type: ignore[arg-type]  # tests
    return replace(request, options=wished)


def encoder_of(recipe: dict[str, object]) -> object:
    ingredients = recipe["ingredients"]
    assert isinstance(ingredients, dict)
    return ingredients["encoder"]


def test_a_listed_encoder_with_a_wrong_device_is_not_believed(
    context: RecordingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    vaapi = encoders.named("h264_vaapi")
    assert vaapi is not None
    wrong = replace(vaapi, device=("-vaapi_device", "/nowhere/renderD1"), systems=(sys.platform,))
    monkeypatch.setattr(encoders, "ENCODERS", (wrong,))
    if wrong.codec not in ffmpeg.capabilities().encoders:
        pytest.skip("this ffmpeg has no VA-API at all")
    assert encoders.working(context) is None
    assert "does not encode here" in "\n".join(context.logged)


def test_an_encoder_that_cannot_encode_a_picture_is_not_used(
    chip: Chip, context: RecordingContext
) -> None:
    chip.does("absent")
    assert encoders.working(context) is None
    assert encoders.working(context) is None
    assert chip.calls == ["probe"], "the verdict is kept"


def test_where_no_chip_encodes_the_processor_does_it_and_that_is_said(
    chip: Chip, talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    chip.does("absent")
    result = exporting.run(hardware(talk, tmp_path / "out"), context)
    assert encoder_of(maker.recipe_of(result.files[0])) == "libx264"
    assert any("processor does the work" in notice for notice in result.notices)


def test_a_verdict_holds_for_one_ffmpeg_and_a_failure_for_a_day(
    chip: Chip, context: RecordingContext
) -> None:
    assert encoders.working(context) == encoders.ENCODERS[0]
    assert encoders.working(context) == encoders.ENCODERS[0]
    assert chip.calls == ["probe"]
    chip.does("absent")
    os.utime(chip.program, (1, 1))
    assert encoders.working(context) is None
    cache = context.machine_dir / encoders.CACHE_FILE
    kept = json.loads(cache.read_text(encoding="utf-8"))
    kept["encoders"]["h264_nvenc"]["at_s"] = time.time() - 25 * 3600
    cache.write_text(json.dumps(kept), encoding="utf-8")
    chip.does("works")
    assert encoders.working(context) == encoders.ENCODERS[0]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"machine": 1, "encoders": 2}', "\x00"])
def test_a_damaged_cache_is_made_again(chip: Chip, context: RecordingContext, text: str) -> None:
    (context.machine_dir / encoders.CACHE_FILE).write_text(text, encoding="utf-8")
    assert encoders.working(context) == encoders.ENCODERS[0]


def test_an_encoder_that_works_makes_the_file_and_the_recipe_says_so(
    chip: Chip, talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    result = exporting.run(hardware(talk, tmp_path / "out"), context)
    (file,) = result.files
    assert encoder_of(maker.recipe_of(file)) == "h264_nvenc"
    assert len(maker.decoded(file.video)) == 50
    assert chip.calls == ["probe", "render"]
    assert not any("processor" in notice for notice in result.notices)


@pytest.mark.parametrize("mode", ["dies", "short"])
def test_one_that_fails_in_the_middle_gives_way_to_x264_in_the_same_job(
    chip: Chip, talk: Path, tmp_path: Path, context: RecordingContext, mode: str
) -> None:
    chip.does(mode)
    aspects = (maker.SMALL, "256x256")
    result = exporting.run(hardware(talk, tmp_path / "out", aspects=aspects), context)
    assert chip.calls == ["probe", "render"]
    for file in result.files:
        assert encoder_of(maker.recipe_of(file)) == "libx264"
        assert len(maker.decoded(file.video)) == 50
    assert any("NVIDIA NVENC" in notice and "processor" in notice for notice in result.notices)
    assert [path.name for path in (tmp_path / "out").iterdir() if "part" in path.name] == []
    chip.does("works")
    later = exporting.run(hardware(talk, tmp_path / "out", stem="next"), context)
    assert chip.calls == [], "later clips of the batch do not try it again"
    assert encoder_of(maker.recipe_of(later.files[0])) == "libx264"


def test_a_chip_that_makes_too_large_a_file_gives_way_but_is_not_blamed(
    chip: Chip, tmp_path: Path, context: RecordingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "ENCODERS", (replace(encoders.ENCODERS[0], has_cap=False),))
    noise = tmp_path / "noise.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=gray:size=320x180:rate=25:duration=2,noise=alls=80:allf=t"),
        *media_maker.lavfi("sine=frequency=440:duration=2"),
        *media_maker.H264, *media_maker.AAC, noise,
    )  # fmt: skip
    small = Delivery("small", "Small", largest_bytes=400_000)
    result = exporting.run(hardware(noise, tmp_path / "out", deliveries=(small,)), context)
    (file,) = result.files
    assert file.size_bytes <= 400_000
    assert encoder_of(maker.recipe_of(file)) == "libx264"
    assert any("larger than the platform takes" in notice for notice in result.notices)
    assert encoders.working(context) == encoders.ENCODERS[0]


def test_every_encoder_has_settings_for_every_quality() -> None:
    for encoder in encoders.ENCODERS:
        made = [encoder.settings(quality, 1_000_000) for quality in ("draft", "standard", "best")]
        assert all(settings["vcodec"] == encoder.codec for settings in made)
        assert ("maxrate" in made[0]) == encoder.has_cap
