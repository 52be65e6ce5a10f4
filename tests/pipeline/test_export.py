"""Export through the real ffmpeg: what a creator gets, seen in the finished files themselves."""

import re
from pathlib import Path

import numpy as np
import pytest

from clipforge_desktop.domain.caption_style import CaptionStyle, FontSpec
from clipforge_desktop.domain.errors import CancelledError, InputError, PausingError
from clipforge_desktop.domain.order import Framing
from clipforge_desktop.paths import resources
from clipforge_desktop.stages import exporting
from clipforge_desktop.stages.export import looking
from clipforge_desktop.stages.export.recipe import read_recipe
from tests import media_maker
from tests.pipeline import export_maker as maker
from tests.stage_context import RecordingContext


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return media_maker.talk(tmp_path_factory.mktemp("media") / "talk.mp4", 6.0)


def black(path: Path, seconds: float = 4.0, *, fps: int = 25) -> Path:
    media_maker.ffmpeg(
        *media_maker.lavfi(f"color=c=black:size=320x180:rate={fps}:duration={seconds}"),
        *media_maker.lavfi(f"sine=frequency=440:duration={seconds}"),
        *media_maker.H264, *media_maker.AAC, path,
    )  # fmt: skip
    return path


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if ".part" in path.name)


def renders(context: RecordingContext) -> list[str]:
    return [line for line in context.logged if "libx264" in line]


def test_a_clip_becomes_a_video_its_subtitles_and_its_recipe(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    words = [(1.2, 1.6, "Hello"), (1.7, 2.4, "there.")]
    asked = maker.request(
        talk, tmp_path / "out", pieces=[(1.0, 3.0)], words=words, style=maker.PLAIN
    )
    (file,) = exporting.run(asked, context).files
    assert Path(file.video).name == f"clip-{maker.SMALL}.mp4"
    described = maker.streams(file.video)
    assert "h264 (High)" in described
    assert "yuv420p(tv, bt709" in described
    assert "216x384 [SAR 1:1" in described
    assert "25 fps" in described
    assert "aac (LC)" in described
    assert "48000 Hz, stereo" in described
    assert len(maker.decoded(file.video)) == 50
    assert file.size_bytes == Path(file.video).stat().st_size
    assert file.duration_s == pytest.approx(2.0)
    assert Path(file.video).read_bytes().index(b"moov") < 1000, "players can start at once"
    recipe = maker.recipe_of(file)
    assert recipe["source_path"] == str(talk)
    assert recipe["integrated_lufs"] == file.integrated_lufs
    assert left_over(tmp_path) == []


def test_captions_are_on_screen_exactly_while_their_words_are(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = black(tmp_path / "black.mp4")
    words = [(1.0, 1.6, "One"), (1.6, 2.2, "two.")]
    asked = maker.request(source, tmp_path / "out", pieces=[(0.4, 3.6)], words=words)
    asked = maker.with_style(asked, maker.PLAIN)
    (file,) = exporting.run(asked, context).files
    lit = maker.decoded(file.video).max(axis=(1, 2, 3)) > 120
    first, last = int(np.argmax(lit)), int(len(lit) - np.argmax(lit[::-1]) - 1)
    assert first == 15, "0.6 s into the clip at 25 frames a second"
    assert 44 <= last <= 65
    assert lit[first : last + 1].all()


def test_subtitles_run_on_the_clip_clock_over_two_pieces(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    words = [(1.0, 1.4, "First."), (2.5, 2.9, "Gone."), (4.2, 4.8, "Second.")]
    asked = maker.request(talk, tmp_path / "out", pieces=[(0.8, 2.0), (4.0, 5.0)], words=words)
    (file,) = exporting.run(asked, context).files
    assert file.subtitles is not None
    text = Path(file.subtitles).read_text(encoding="utf-8")
    starts = re.findall(r"^(\S+) -->", text, re.MULTILINE)
    assert starts == ["00:00:00,200", "00:00:01,400"]
    assert "First." in text
    assert "Second." in text
    assert "Gone" not in text


def test_every_shape_comes_from_one_process_with_one_decode(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    aspects = (maker.SMALL, "256x256", "384x216")
    words = [(0.5, 1.5, "Hello")]
    asked = maker.request(talk, tmp_path / "out", aspects=aspects, words=words, style=maker.PLAIN)
    files = exporting.run(asked, context).files
    (command,) = renders(context)
    assert command.count(str(talk)) == 1
    assert command.count("pipe:0") == 1
    assert [file.aspect for file in files] == list(aspects)
    for file in files:
        assert file.aspect in maker.streams(file.video)
        frames = maker.decoded(file.video)
        assert len(frames) == 50
        assert frames[25].max() > 200, "captions are in each of them"


def test_the_same_request_renders_the_same_frames(talk: Path, tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        context = RecordingContext(tmp_path / name)
        asked = maker.request(talk, tmp_path / name / "out", words=[(0.2, 1.0, "Hello")])
        asked = maker.with_style(asked, maker.PLAIN)
        (file,) = exporting.run(asked, context).files
        found.append(maker.decoded(file.video))
    assert np.array_equal(found[0], found[1])


def test_a_second_run_uses_what_is_there(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    asked = maker.request(talk, tmp_path / "out", words=[(0.2, 1.0, "Hello")])
    first = exporting.run(asked, context)
    written = Path(first.files[0].video).stat().st_mtime_ns
    again = exporting.run(asked, context)
    assert again.files == first.files
    assert Path(first.files[0].video).stat().st_mtime_ns == written
    assert len(renders(context)) == 1


def test_a_damaged_result_is_made_again_under_its_own_name(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    asked = maker.request(talk, tmp_path / "out")
    (first,) = exporting.run(asked, context).files
    whole = Path(first.video).read_bytes()
    Path(first.video).write_bytes(whole[: len(whole) // 2])
    (again,) = exporting.run(asked, context).files
    assert again.video == first.video
    assert len(maker.decoded(again.video)) == 50


def test_another_style_never_looks_at_the_source_for_faces_again(
    talk: Path, tmp_path: Path, context: RecordingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = maker.request(
        talk, tmp_path / "out", framing="auto", words=[(0.2, 1.0, "Hello")], style=maker.PLAIN
    )
    (first,) = exporting.run(asked, context).files

    def decode_again(*arguments: object, **options: object) -> None:
        raise AssertionError("decoded for analysis")

    monkeypatch.setattr(looking, "open_picture", decode_again)
    other = maker.with_style(asked, maker.PLAIN.model_copy(update={"name": "other"}))
    (second,) = exporting.run(other, context).files
    assert second.video != first.video, "another result, under a name of its own"
    assert Path(second.video).name == f"clip-{maker.SMALL} (2).mp4"
    assert Path(first.video).is_file()


def test_a_clip_beside_its_source_never_overwrites_it(
    tmp_path: Path, context: RecordingContext
) -> None:
    source = media_maker.talk(tmp_path / f"clip-{maker.SMALL}.mp4", 3.0)
    before = source.read_bytes()
    (file,) = exporting.run(maker.request(source, tmp_path), context).files
    assert Path(file.video).name == f"clip-{maker.SMALL} (2).mp4"
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    "name",
    [
        'it\'s, [a] "quoted"; name: 100%d \\n.mp4',
        "-i leading dash.mp4",
        "http:x.mp4",
        "émoji 🎬 und Ümlaut.mp4",
        "line\nbreak.mp4",
        "%03d|pipe.mp4",
        "ü" * 125 + ".mp4",
    ],
)
def test_any_name_is_read_and_written_as_it_is(
    talk: Path, tmp_path: Path, context: RecordingContext, name: str
) -> None:
    folder = tmp_path / "in, [out]; 'x' %d:y"
    folder.mkdir()
    source = folder / name
    source.write_bytes(talk.read_bytes())
    asked = maker.request(source, folder, pieces=[(0.0, 0.4)], stem=Path(name).stem)
    (file,) = exporting.run(asked, context).files
    assert Path(file.video).parent == folder
    assert len(maker.decoded(file.video)) == 10
    assert len(list(folder.iterdir())) == 3, "source, video and recipe; nothing else"


def test_cancel_ends_at_once_and_leaves_nothing(tmp_path: Path, context: RecordingContext) -> None:
    source = media_maker.talk(tmp_path / "long.mp4", 40.0)

    def cancel_in_the_render(fraction: float, note: str) -> None:
        if note.startswith("Rendering") and fraction > 0.3:
            context.cancel()

    context.when_progress = cancel_in_the_render
    asked = maker.request(source, tmp_path / "out", pieces=[(0, 40)], aspects=("1:1",))
    with pytest.raises(CancelledError):
        exporting.run(asked, context)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_source_that_changes_during_the_render_gives_no_mixed_result(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    source = tmp_path / "changing.mp4"
    source.write_bytes(talk.read_bytes())
    asked = maker.request(source, tmp_path / "out")

    def change(fraction: float, note: str) -> None:
        if note.startswith("Rendering"):
            source.write_bytes(talk.read_bytes() + b"more")

    context.when_progress = change
    with pytest.raises(InputError) as caught:
        exporting.run(asked, context)
    assert caught.value.failure.code == "source_changed"
    assert list((tmp_path / "out").iterdir()) == []


def test_a_missing_source_is_named(talk: Path, tmp_path: Path, context: RecordingContext) -> None:
    source = tmp_path / "gone.mp4"
    source.write_bytes(talk.read_bytes())
    asked = maker.request(source, tmp_path / "out")
    source.unlink()
    with pytest.raises(InputError) as caught:
        exporting.run(asked, context)
    assert caught.value.failure.code == "source_missing"
    assert "gone.mp4" in caught.value.failure.message


@pytest.mark.parametrize("wanted", ["split", "screen", "wide"])
def test_every_framing_can_be_chosen_for_any_video(
    talk: Path, tmp_path: Path, context: RecordingContext, wanted: Framing
) -> None:
    asked = maker.request(talk, tmp_path / "out", framing=wanted)
    (file,) = exporting.run(asked, context).files
    recipe = read_recipe(Path(file.recipe))
    assert recipe is not None
    assert [shot.kind for shot in recipe.ingredients.framing.shots] == [wanted]
    assert maker.decoded(file.video).shape == (50, 384, 216, 3)


def test_a_style_may_use_a_font_of_the_users_own(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    shipped = next((resources() / "fonts" / "Anton").glob("*.ttf")).read_bytes()
    name, other = "Anton".encode("utf-16-be"), "Antxn".encode("utf-16-be")
    (context.fonts_dir / "mine.ttf").write_bytes(shipped.replace(name, other))
    style = CaptionStyle(name="test", font=FontSpec(family="Antxn"))
    words = [(0.2, 0.8, "Hello")]
    result = exporting.run(maker.request(talk, tmp_path, words=words, style=style), context)
    assert result.notices == ()
    strange = CaptionStyle(name="test", font=FontSpec(family="Antyn"))
    result = exporting.run(maker.request(talk, tmp_path, words=words, style=strange), context)
    assert any("Antyn" in notice for notice in result.notices)


def test_a_clip_outside_of_the_source_is_refused(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    with pytest.raises(InputError) as caught:
        exporting.run(maker.request(talk, tmp_path / "out", pieces=[(50, 60)]), context)
    assert caught.value.failure.code == "clip_outside_source"


def test_progress_grows_and_says_what_happens(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    exporting.run(maker.request(talk, tmp_path / "out", framing="auto"), context)
    fractions = [fraction for fraction, _, _ in context.progress_reports]
    notes = {note for _, note, _ in context.progress_reports}
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert {"Looking for faces", "Preparing the sound", "Rendering 0:00 of 0:02"} <= notes


def test_an_output_folder_that_cannot_be_written_pauses(
    talk: Path, tmp_path: Path, context: RecordingContext
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PausingError) as caught:
        exporting.run(maker.request(talk, tmp_path / "file" / "out"), context)
    assert caught.value.failure.code == "output_not_writable"
