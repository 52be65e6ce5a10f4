"""Many files of one clip in one job: shapes, styles and deliveries, for the price of one decode."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.caption_style import CaptionStyle, Fill
from clipforge_desktop.domain.delivery import ANYWHERE, Covered, Delivery
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import ExportedFile, ExportOptions, ExportRequest
from clipforge_desktop.domain.outputs import file_names, outputs
from clipforge_desktop.stages import exporting
from clipforge_desktop.stages.export import groups
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext

RED = CaptionStyle(name="Red", fill=Fill(colors=("#FF0000",)))
WORDS = [(0.2, 1.8, "Hello")]
FREE = Covered()


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return media_maker.talk(tmp_path_factory.mktemp("media") / "talk.mp4", 3.0, fps=50)


@pytest.fixture(scope="module")
def dark(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("media") / "dark.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=black:size=320x180:rate=25:duration=2"),
        *media_maker.lavfi("sine=frequency=440:duration=2"),
        *media_maker.H264, *media_maker.AAC, path,
    )  # fmt: skip
    return path


def asked(path: Path, folder: Path, **options: object) -> ExportRequest:
    request = maker.request(path, folder, words=WORDS, style=maker.PLAIN)
    wished: ExportOptions = replace(request.options, **options)  # type: ignore[arg-type]  # tests
    names = file_names("{title}", "talk", 1, "A title", outputs(wished))
    return replace(request, options=wished, names=names)


def renders(context: RecordingContext) -> list[str]:
    return [line for line in context.logged if "libx264" in line]


def by_name(files: tuple[ExportedFile, ...]) -> dict[str, ExportedFile]:
    return {Path(file.video).stem: file for file in files}


def test_all_styles_and_deliveries_come_from_one_process_with_one_decode(
    dark: Path, tmp_path: Path, context: RecordingContext
) -> None:
    loud = Delivery("loud", "Loud", lufs=-11.0, covered=FREE)
    request = asked(
        dark,
        tmp_path / "out",
        further_styles=(RED, None),
        deliveries=(ANYWHERE, loud),
    )
    files = exporting.run(request, context).files
    (command,) = renders(context)
    assert command.count(str(dark)) == 1
    assert command.count("pipe:0") == 1
    sounds = [line for line in context.logged if "-acodec aac" in line]
    assert len(sounds) == len(set(sounds)), "no sound is made twice"
    assert len(sounds) >= 2
    assert len(by_name(files)) == 6
    assert [file.platform for file in files][:4] == ["", "loud", "", "loud"]
    assert [file.style for file in files] == ["test", "test", "Red", "Red", "", ""]
    for file in files:
        frame = maker.decoded(file.video)[30].astype(int)
        reds = (frame[..., 0] > 150) & (frame[..., 1:].max(axis=-1) < 90)
        whites = frame.min(axis=-1) > 225
        assert (reds.sum() > 60) == (file.style == "Red"), file.video
        assert whites.sum() > 60 or file.style != "test", file.video
        lufs, _ = maker.loudness(file.video)
        assert lufs == pytest.approx(-11.0 if file.platform else -14.0, abs=0.6)


def test_a_delivery_decides_size_and_rate_and_never_raises_them(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    small = Delivery("small", "Small", short_side_px=240, most_fps=30)
    slow_source = media_maker.talk(tmp_path / "slow.mp4", 2.0, fps=24)
    (file,) = exporting.run(
        asked(talk, tmp_path / "a", aspects=("9:16",), deliveries=(small,)), context
    ).files
    assert "240x428" in maker.streams(file.video)
    assert "25 fps" in maker.streams(file.video)
    assert len(maker.decoded(file.video)) == 50
    (file,) = exporting.run(
        asked(slow_source, tmp_path / "b", aspects=("9:16",), deliveries=(small,)), context
    ).files
    assert "24 fps" in maker.streams(file.video)


def test_a_slower_file_shows_every_second_frame_of_the_faster_one(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    slow = Delivery("slow", "Slow", most_fps=30)
    request = asked(talk, tmp_path / "out", deliveries=(ANYWHERE, slow))
    request = replace(request, options=replace(request.options, quality="best"))
    fast_frames, slow_frames = (
        maker.decoded(file.video).astype(int) for file in exporting.run(request, context).files
    )
    assert len(renders(context)) == 1
    assert (len(fast_frames), len(slow_frames)) == (100, 50)
    for number in (0, 5, 24, 49):
        differences = [
            np.abs(slow_frames[number] - fast_frames[near]).mean()
            for near in range(max(0, 2 * number - 2), min(100, 2 * number + 3))
        ]
        nearest = max(0, 2 * number - 2) + int(np.argmin(differences))
        assert nearest == 2 * number


def test_captions_keep_out_of_what_the_platform_covers(
    dark: Path, tmp_path: Path, context: RecordingContext
) -> None:
    free = Delivery("free", "Free", covered=FREE)
    low = Delivery("low", "Low", covered=Covered(bottom=0.4))
    request = asked(dark, tmp_path / "out", deliveries=(free, low))
    lowest = []
    for file in exporting.run(request, context).files:
        lit = maker.decoded(file.video)[25].max(axis=(1, 2)) > 120
        lowest.append(int(np.flatnonzero(lit)[-1]) / len(lit))
    assert lowest[0] > 0.62
    assert lowest[1] <= 0.6


def test_what_two_platforms_take_alike_is_encoded_once_and_each_has_a_file(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    twins = tuple(Delivery(name, name, covered=FREE) for name in ("one", "two"))
    first, second = exporting.run(asked(talk, tmp_path / "o", deliveries=twins), context).files
    assert renders(context)[0].count("libx264") == 1
    assert Path(first.video).read_bytes() == Path(second.video).read_bytes()
    assert first.video != second.video
    assert (first.platform, second.platform) == ("one", "two")
    assert maker.recipe_of(second)["platform"] == "two"
    assert second.subtitles is not None
    context.logged.clear()
    assert exporting.run(asked(talk, tmp_path / "o", deliveries=twins), context).files == (
        first,
        second,
    )
    assert renders(context) == []


def test_what_only_sounds_otherwise_is_encoded_once_and_is_as_if_made_alone(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    quiet, loud = (Delivery(f"{lufs}", f"{lufs}", lufs=lufs, covered=FREE) for lufs in (-20, -14))
    both = asked(talk, tmp_path / "both", deliveries=(quiet, loud))
    first, second = exporting.run(both, context).files
    assert [line.count("libx264") for line in renders(context)] == [1]
    for file, lufs in ((first, -20), (second, -14)):
        assert maker.loudness(file.video)[0] == pytest.approx(lufs, abs=0.5)
        assert maker.recipe_of(file)["integrated_lufs"] == pytest.approx(lufs, abs=0.5)
    alone = asked(talk, tmp_path / "alone", deliveries=(loud,))
    (file,) = exporting.run(alone, context).files
    assert maker.packets(second.video) == maker.packets(file.video)


def test_a_file_never_exceeds_what_a_platform_takes(
    tmp_path: Path, context: RecordingContext
) -> None:
    noise = tmp_path / "noise.mp4"
    media_maker.ffmpeg(
        *media_maker.lavfi("color=c=gray:size=320x180:rate=25:duration=4,noise=alls=80:allf=t"),
        *media_maker.lavfi("anoisesrc=d=4:a=0.4"),
        *media_maker.H264, "-crf", "12", *media_maker.AAC, noise,
    )  # fmt: skip
    limits = (None, 900_000, 400_000)
    deliveries = tuple(Delivery(f"p{limit}", f"P{limit}", largest_bytes=limit) for limit in limits)
    request = asked(noise, tmp_path / "out", deliveries=deliveries)
    request = replace(request, pieces=(replace(request.pieces[0], end_s=4.0),))
    free, wide, narrow = exporting.run(request, context).files
    assert free.size_bytes > 900_000
    assert 600_000 < wide.size_bytes <= 900_000
    assert 250_000 < narrow.size_bytes <= 400_000
    assert [line.count("maxrate") for line in renders(context)] == [1, 2], "a seldom cap is tried"
    tiny = Delivery("tiny", "Tiny", largest_bytes=50_000)
    with pytest.raises(InputError) as refused:
        exporting.run(asked(noise, tmp_path / "out", deliveries=(tiny,)), context)
    assert refused.value.failure.code == "file_size_too_small"


def test_outputs_beyond_the_memory_are_rendered_in_groups_and_look_the_same(
    talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aspects = (maker.SMALL, "256x256", "384x216")
    found = []
    for name, room_bytes in (("all", None), ("few", 1)):
        if room_bytes is not None:
            monkeypatch.setattr(groups, "_room_bytes", lambda: 1)
        context = RecordingContext(tmp_path / name)
        files = exporting.run(asked(talk, tmp_path / name / "o", aspects=aspects), context).files
        found.append((len(renders(context)), [maker.decoded(file.video) for file in files]))
        fractions = [fraction for fraction, _, _ in context.progress_reports]
        assert fractions == sorted(fractions)
    assert [count for count, _ in found] == [1, 3]
    for together, alone in zip(found[0][1], found[1][1], strict=True):
        assert np.array_equal(together, alone)


def test_the_sources_own_shape_is_kept(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    archive = Delivery("archive", "Archive", aspect="source")
    request = asked(talk, tmp_path / "out", aspects=(), deliveries=(archive,))
    (file,) = exporting.run(request, context).files
    assert "320x180" in maker.streams(file.video)
    assert file.aspect == "source"


def test_an_export_queued_before_there_were_templates_still_has_its_name(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    request = maker.request(talk, tmp_path / "out", stem="talk-01-A title")
    (file,) = exporting.run(request, context).files
    assert Path(file.video).name == f"talk-01-A title-{maker.SMALL}.mp4"
