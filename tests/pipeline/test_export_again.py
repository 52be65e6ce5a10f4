"""A recipe rendered again by the export stage: the same file, or a refusal that says why not."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.delivery import Delivery, MusicBed
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import ExportRequest, ExportResult
from clipforge_desktop.domain.recipe import Ingredients, Recipe, parse_recipe
from clipforge_desktop.stages import exporting
from tests import media_maker
from tests.pipeline import export_maker, test_export_copying
from tests.stage_context import RecordingContext

WORDS = ((0.4, 0.9, "Nobody"), (1.0, 1.4, "came."), (2.3, 2.8, "Twice."))
PIECES = ((0.2, 1.55), (2.1, 3.0))


def frames(video: str | Path) -> str:
    """A hash over every decoded picture and sample."""
    out = Path(video).with_suffix(".hash")
    media_maker.ffmpeg("-i", video, "-f", "hash", "-hash", "md5", out)
    return out.read_text()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[ExportRequest, ExportResult]:
    """Two pieces with captions over music, made by as many threads as a lone export may have."""
    folder = tmp_path_factory.mktemp("first")
    video = media_maker.talk(folder / "talk.mp4", 4, fps=30)
    music = folder / "tune.wav"
    media_maker.ffmpeg(*media_maker.lavfi("sine=frequency=220:duration=2"), music)
    asked = export_maker.request(
        video, folder / "out", pieces=PIECES, words=WORDS, framing="fill", style=export_maker.PLAIN
    )
    slow = Delivery("slow", most_fps=15, largest_bytes=2_000_000)
    options = replace(asked.options, deliveries=(slow,), music=MusicBed(str(music)))
    asked = replace(asked, options=options)
    return asked, exporting.run(asked, RecordingContext(folder / "context", cores=8))


def recipe_of(result: ExportResult) -> Recipe:
    file = Path(result.files[0].recipe)
    return parse_recipe(file.read_bytes(), file.name)


def again(
    asked: ExportRequest,
    recipe: Recipe,
    folder: Path,
    name: str = "again",
    context: RecordingContext | None = None,
) -> ExportResult:
    """As a job with that recipe asks for it, among others: nothing of the first but the source."""
    bare = export_maker.request(Path(asked.path), folder / "out", stem=name)
    wanted = replace(bare, names=(name,), recipe=recipe)
    return exporting.run(wanted, context or RecordingContext(folder / "context"))


def test_a_recipe_gives_the_same_frames_sound_and_words(
    first: tuple[ExportRequest, ExportResult], tmp_path: Path
) -> None:
    asked, result = first
    recipe = recipe_of(result)
    done = again(asked, recipe, tmp_path)
    [made], [known] = done.files, result.files
    assert frames(made.video) == frames(known.video)
    assert made.subtitles is not None
    assert known.subtitles is not None
    assert Path(made.subtitles).read_text() == Path(known.subtitles).read_text()
    assert (made.aspect, made.platform, made.style) == (known.aspect, "slow", known.style)
    assert recipe_of(done).key == recipe.key
    assert (recipe.threads, recipe_of(done).threads) == (4, 4)
    written = Path(made.video).stat().st_mtime_ns
    assert again(asked, recipe, tmp_path).files == done.files
    assert Path(made.video).stat().st_mtime_ns == written, "what is there is not made again"


@pytest.mark.parametrize(("aspects", "threads"), [(("216x384",), 4), (("216x384", "216x216"), 2)])
def test_encoders_share_the_cores_of_their_job_and_have_as_many_threads_again(
    first: tuple[ExportRequest, ExportResult],
    aspects: tuple[str, ...],
    threads: int,
    tmp_path: Path,
) -> None:
    path, wide = Path(first[0].path), RecordingContext(tmp_path / "first", cores=8)
    made = exporting.run(export_maker.request(path, tmp_path / "first", aspects=aspects), wide)
    assert _encoder_threads(wide) == [threads] * len(aspects)
    recipe = recipe_of(made)
    narrow = RecordingContext(tmp_path / "context", cores=1)
    again(first[0], recipe, tmp_path, context=narrow)
    assert _encoder_threads(narrow) == [threads]
    again(first[0], replace(recipe, threads=None), tmp_path, "other", narrow)
    assert _encoder_threads(narrow)[1:] == [1]


def _encoder_threads(context: RecordingContext) -> list[int]:
    renders = [line for line in context.logged if "libx264" in line]
    return [
        int(number) for line in renders for number in re.findall(r"-threads (\d+) -vcodec", line)
    ]


def test_a_recipe_of_other_versions_is_rendered_and_says_that_frames_may_differ(
    first: tuple[ExportRequest, ExportResult], tmp_path: Path
) -> None:
    asked, result = first
    recipe = recipe_of(result)
    older = replace(recipe.ingredients, stage_version=2, encoder="h264_unheard_of")
    done = again(asked, replace(recipe, ingredients=older), tmp_path)
    said = " ".join(done.notices)
    assert "Another version" in said
    assert "encoder" in said
    assert recipe_of(done).ingredients == recipe.ingredients, "as it was made now"


def _other_source(made_of: Ingredients) -> Ingredients:
    return replace(made_of, content_key="another")


def _other_music(made_of: Ingredients) -> Ingredients:
    return replace(made_of, music_key="another")


def _no_music(made_of: Ingredients) -> Ingredients:
    gone = MusicBed("/nowhere/\x00tune.wav")
    return replace(made_of, sound=replace(made_of.sound, music=gone))


def _beyond_the_end(made_of: Ingredients) -> Ingredients:
    return replace(made_of, pieces=(Piece(0.0, 400.0),))


def _other_picture(made_of: Ingredients) -> Ingredients:
    return replace(made_of, framing=replace(made_of.framing, source_size_px=(5000, 5000)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_other_source, "recipe_other_source"),
        (_other_music, "recipe_other_music"),
        (_no_music, "recipe_other_music"),
        (_beyond_the_end, "recipe_invalid"),
        (_other_picture, "recipe_invalid"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_made(
    first: tuple[ExportRequest, ExportResult], tmp_path: Path,
    change: Callable[[Ingredients], Ingredients], code: str,
) -> None:  # fmt: skip
    asked, result = first
    recipe = recipe_of(result)
    with pytest.raises(InputError) as refused:
        again(asked, replace(recipe, ingredients=change(recipe.ingredients)), tmp_path)
    assert refused.value.failure.code == code
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_music_that_became_a_pipe_is_refused_and_not_waited_for(
    first: tuple[ExportRequest, ExportResult], tmp_path: Path
) -> None:
    asked, result = first
    os.mkfifo(tmp_path / "tune.wav")
    recipe = recipe_of(result)
    bed = MusicBed(str(tmp_path / "tune.wav"))
    sound = replace(recipe.ingredients.sound, music=bed)
    piped = replace(recipe, ingredients=replace(recipe.ingredients, sound=sound))
    with pytest.raises(InputError) as refused:
        again(asked, piped, tmp_path)
    assert refused.value.failure.code == "recipe_other_music"


def test_pictures_that_were_copied_are_copied_again_and_never_where_they_do_not_fit(
    tmp_path: Path,
) -> None:
    video = test_export_copying.video(tmp_path / "plain.mp4")
    asked = test_export_copying.cut(video, tmp_path / "first", 2.0, 4.0)
    result = exporting.run(asked, RecordingContext(tmp_path / "context"))
    recipe = recipe_of(result)
    assert recipe.ingredients.encoder == "copy"
    done = again(asked, recipe, tmp_path)
    assert frames(done.files[0].video) == frames(result.files[0].video)
    assert recipe_of(done).ingredients == recipe.ingredients
    smaller = replace(recipe.ingredients, size_px=(160, 90))
    other = again(asked, replace(recipe, ingredients=smaller), tmp_path, "smaller")
    assert recipe_of(other).ingredients.encoder == "libx264"
    assert "160x90" in export_maker.streams(other.files[0].video)
