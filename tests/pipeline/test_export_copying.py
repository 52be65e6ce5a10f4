"""A clip that is nothing but a cut between keyframes keeps the source's own pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from clipforge_desktop.domain.delivery import Delivery
from clipforge_desktop.domain.order import ExportedFile, ExportRequest
from clipforge_desktop.stages import exporting
from clipforge_desktop.stages.export import copying
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

SIZE = "320x180"


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def video(path: Path, *options: str, rate: int = 25, source: str = "testsrc2") -> Path:
    """Six seconds with a keyframe every second, B-frames between them, tagged BT.709."""
    media_maker.ffmpeg(
        *media_maker.lavfi(f"{source}=size={SIZE}:rate={rate}:duration=6"),
        *media_maker.lavfi("sine=frequency=440:sample_rate=48000:duration=6"),
        "-c:v", "libx264", "-preset", "medium", "-crf", "8", "-pix_fmt", "yuv420p",
        "-g", str(rate), "-keyint_min", str(rate), "-sc_threshold", "0", "-bf", "3",
        "-vf", "scale=out_color_matrix=bt709:out_range=tv",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        *options, *media_maker.AAC, path,
    )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return video(tmp_path_factory.mktemp("media") / "plain.mp4")


def cut(path: Path, folder: Path, start_s: float, end_s: float, **options: object) -> ExportRequest:
    request = maker.request(
        path, folder, pieces=[(start_s, end_s)], aspects=(SIZE,), words=[(2.1, 2.9, "Hello")]
    )
    return replace(request, options=replace(request.options, **options))  # type: ignore[arg-type]  # tests


def is_copied(file: ExportedFile) -> bool:
    ingredients = maker.recipe_of(file)["ingredients"]
    assert isinstance(ingredients, dict)
    return bool(ingredients["encoder"] == "copy")


def test_a_cut_between_keyframes_has_the_very_pictures_of_the_source(
    plain: Path, tmp_path: Path, context: RecordingContext
) -> None:
    (file,) = exporting.run(cut(plain, tmp_path / "out", 2.0, 4.0), context).files
    assert is_copied(file)
    assert not any("libx264" in line for line in context.logged)
    assert np.array_equal(maker.decoded(file.video), maker.decoded(plain)[50:100])
    assert maker.loudness(file.video)[0] == pytest.approx(-14.0, abs=0.5)
    context.logged.clear()
    assert exporting.run(cut(plain, tmp_path / "out", 2.0, 4.0), context).files == (file,)


def test_picture_and_sound_of_a_copy_keep_step(tmp_path: Path, context: RecordingContext) -> None:
    flash = video(
        tmp_path / "flash.mp4",
        "-af", "volume=0:enable='not(between(t,3,3.2))'",
        "-filter:v", "scale=out_color_matrix=bt709:out_range=tv,"
        "drawbox=color=black:t=fill:enable='not(between(t,3,3.2))'",
    )  # fmt: skip
    (file,) = exporting.run(cut(flash, tmp_path / "out", 2.03, 5.0), context).files
    assert is_copied(file)
    lit = maker.decoded(file.video).mean(axis=(1, 2, 3)) > 30
    loud = np.abs(maker.samples(file.video).astype(int)).max(axis=1) > 500
    seen_s, heard_s = int(np.argmax(lit)) / 25, int(np.argmax(loud)) / 48_000
    assert abs(seen_s - heard_s) <= 1 / 25 + 0.01


def test_the_rest_of_a_file_is_copied_from_a_keyframe_on(
    plain: Path, tmp_path: Path, context: RecordingContext
) -> None:
    (file,) = exporting.run(cut(plain, tmp_path / "out", 4.0, 6.0), context).files
    assert is_copied(file)
    assert np.array_equal(maker.decoded(file.video), maker.decoded(plain)[100:])


@pytest.mark.parametrize(
    "change",
    ["start", "end", "pieces", "captions", "shape", "framing", "size"],
)
def test_whatever_changes_the_picture_is_encoded(
    plain: Path, tmp_path: Path, context: RecordingContext, change: str
) -> None:
    request = cut(plain, tmp_path / "out", 2.0, 4.0)
    options = request.options
    piece = request.pieces[0]
    changed = {
        "start": lambda: replace(request, pieces=(replace(piece, start_s=2.2),)),
        "end": lambda: replace(request, pieces=(replace(piece, end_s=3.7),)),
        "pieces": lambda: replace(
            request, pieces=(replace(piece, end_s=3.0), replace(piece, start_s=4.0, end_s=5.0))
        ),
        "captions": lambda: maker.with_style(request, maker.PLAIN),
        "shape": lambda: replace(request, options=replace(options, aspects=("180x320",))),
        "framing": lambda: replace(request, options=replace(options, framing="screen")),
        "size": lambda: replace(
            request, options=replace(options, deliveries=(Delivery(largest_bytes=200_000),))
        ),
    }[change]()
    (file,) = exporting.run(changed, context).files
    assert not is_copied(file)
    assert change != "size" or file.size_bytes <= 200_000


def combs(frames: npt.NDArray[np.uint8]) -> float:
    """How far each line is from those above and below it."""
    lines = frames.astype(int).mean(axis=3)
    return float(np.abs(2 * lines[:, 1:-1] - lines[:, :-2] - lines[:, 2:]).mean())


def test_a_cut_of_interlaced_pictures_is_encoded_without_combs(
    tmp_path: Path, context: RecordingContext
) -> None:
    fields = (
        "scroll=horizontal=0.02,tinterlace=interleave_top,scale=out_color_matrix=bt709:out_range=tv"
    )
    options = ("-filter:v", fields, "-flags", "+ildct+ilme", "-g", "25")
    source = video(tmp_path / "fields.mp4", *options, rate=50, source="smptebars")
    (file,) = exporting.run(cut(source, tmp_path / "out", 2.0, 4.0), context).files
    assert not is_copied(file)
    assert combs(maker.decoded(file.video)) < 0.5 * combs(maker.decoded(source)[50:100])


@pytest.mark.parametrize(
    "options",
    [
        ("-pix_fmt", "yuv444p"),
        ("-colorspace", "smpte170m"),
        ("-color_range", "pc"),
        ("-x264-params", "open-gop=1"),
        ("-vf", "setsar=4/3"),
    ],
)
def test_other_colours_and_groups_that_lean_on_each_other_are_encoded(
    tmp_path: Path, context: RecordingContext, options: tuple[str, ...]
) -> None:
    source = video(tmp_path / "source.mp4", *options)
    (file,) = exporting.run(cut(source, tmp_path / "out", 2.0, 4.0), context).files
    assert not is_copied(file)
    assert len(maker.decoded(file.video)) == 50


def test_a_copy_that_does_not_come_out_is_encoded_instead(
    plain: Path, tmp_path: Path, context: RecordingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = copying.find_cut

    def wrong(*arguments: object) -> copying.Cut | None:
        cut_found = found(*arguments)  # type: ignore[arg-type]  # passed on as they came
        return None if cut_found is None else replace(cut_found, start_s=1.0)

    monkeypatch.setattr(copying, "find_cut", wrong)
    result = exporting.run(cut(plain, tmp_path / "out", 2.0, 4.0), context)
    (file,) = result.files
    assert not is_copied(file)
    assert len(maker.decoded(file.video)) == 50
    assert result.notices == ()
