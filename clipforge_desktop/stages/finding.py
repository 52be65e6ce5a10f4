"""Find the moments worth sharing in one source: a list of clips, best first, each with reasons.

Draws on the words, the sentence model, the loudness and the picture cuts, on whichever of
them exist, and says in the result what it had to do without. Same input, same list. Beside
the list it leaves a poster for each of the first clips in the source's cache folder.
"""

import json
from collections.abc import Callable
from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.domain.errors import InputError, TransientError
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.order import FindingOptions, FindRequest, FindResult
from clipforge_desktop.domain.stage import VERSIONS, StageContext
from clipforge_desktop.media.frames import frame_at, write_jpeg
from clipforge_desktop.media.shots import find_cuts
from clipforge_desktop.moments import judge
from clipforge_desktop.moments.boundaries import Thought
from clipforge_desktop.moments.encoder import SentenceEncoder, find_model
from clipforge_desktop.moments.finder import Lists, Material, find, texts_of, thoughts_of
from clipforge_desktop.moments.judge_server import JudgeServer
from clipforge_desktop.moments.settings import load_language, load_ranking
from clipforge_desktop.paths import resources

VERSION = VERSIONS[Queue.CLIP_DETECTION]
POSTER_HEIGHT_PX = 480
MOST_POSTERS = 60
POSTER_DELAY_S = 1.0  # the first pictures of a clip are often still those of a cross-fade
MOST_CUT_SEARCH_S = 3600.0
JUDGE_TIMEOUT_S = 180.0  # for one window of the talk
JUDGE_SHARE, FIND_SHARE = 0.5, 0.8  # progress at which judging and finding are done


def run(request: FindRequest, context: StageContext) -> FindResult:
    """Suggest clips for the source of `request`, best first.

    Raises InputError "finding-options", "ranking-file", "judge-address" or "judge-not-local".
    """
    _check_options(request.options)
    context.progress(0.0, "Looking for moments")
    notices: list[str] = []
    clips = _find(request, context, notices)
    # What the search needed is gone by now: the index of a long video takes its place.
    _write_posters(request, clips, context, notices)
    context.progress(1.0, "1 moment found" if len(clips) == 1 else f"{len(clips)} moments found")
    return FindResult(clips, tuple(notices))


def _find(request: FindRequest, context: StageContext, notices: list[str]) -> tuple[FoundClip, ...]:
    folder = resources()
    language = request.transcript.language or "en"
    lists = Lists(load_ranking(folder), load_language(folder, language))
    material = _material(request, context, notices)
    thoughts = thoughts_of(material, lists, request.options.max_s)
    judgements = _judge(request.options, material, thoughts, lists, context, notices)
    encoder = _encoder(request, lists, [context.models_dir, folder / "models"], notices)
    begun = JUDGE_SHARE if judgements else 0.0

    def progress(share: float) -> None:
        context.progress(begun + (FIND_SHARE - begun) * share, "Looking for moments")

    return find(material, thoughts, request.options, lists, encoder, judgements, progress)


def _check_options(options: FindingOptions) -> None:
    if not 1 <= options.min_s <= options.max_s <= 3600 or not 0 <= (options.count or 0) <= 10_000:
        raise InputError(
            "finding-options",
            f"Clips of {options.min_s:g} to {options.max_s:g} seconds cannot be looked for.",
            "Give a shortest length of at least 1 second, and a longest that is not below it.",
        )


def _material(request: FindRequest, context: StageContext, notices: list[str]) -> Material:
    media = request.media
    words = request.transcript.words
    duration_s = media.info.duration_s or max((word.end_s for word in words), default=0.0)
    loudness = _loudness(context.cache_dir(media.content_key), media.loudness)
    cuts_s: tuple[float, ...] = ()
    if not words and not media.speech and media.info.video is not None:
        cuts_s = _cuts(request, context, notices)
    return Material(request.transcript, media.speech, loudness, cuts_s, duration_s)


def _loudness(folder: Path, name: str | None) -> NDArray[np.int8] | None:
    if name is None or not (folder / name).is_file():
        return None
    return np.fromfile(folder / name, dtype=np.int8)


def _cuts(request: FindRequest, context: StageContext, notices: list[str]) -> tuple[float, ...]:
    """Picture cuts, where nothing is said that could be cut by; found once, then kept."""
    kept = context.load_checkpoints().get("cuts")
    if kept is not None:
        return tuple(json.loads(kept))
    info = request.media.info
    end_s = min(info.duration_s, MOST_CUT_SEARCH_S)
    if end_s < info.duration_s:
        notices.append("Picture cuts were looked for in the first hour only.")
    try:
        cuts_s = find_cuts(Path(request.path), 0.0, end_s, context.check, info=info)
    except InputError as error:
        notices.append(f"Picture cuts could not be looked for: {error.failure.message}")
        return ()
    context.save_checkpoint("cuts", json.dumps(cuts_s))
    return cuts_s


def _encoder(
    request: FindRequest, lists: Lists, folders: list[Path], notices: list[str]
) -> SentenceEncoder | None:
    """The sentence model where it can be used; otherwise a notice says what stands in for it."""
    if not request.transcript.words:
        notices.append("There are no words: clips were chosen by speech, loudness and cuts alone.")
        return None
    if lists.language is None:
        notices.append(
            f'There are no hook lists for the language "{request.transcript.language}": '
            "clips were chosen by their boundaries and sound."
        )
        return None
    if not lists.language.hooks:
        notices.append("The sentence model reads English only: clips were chosen by word lists.")
        return None
    folder = find_model(folders)
    if folder is None:
        notices.append("The sentence model is not installed: clips were chosen by word lists.")
        return None
    try:
        return SentenceEncoder(folder)
    except (RuntimeError, OSError, ValueError):
        notices.append("The sentence model is damaged: clips were chosen by word lists.")
        return None


def _judge(
    options: FindingOptions,
    material: Material,
    thoughts: tuple[Thought, ...],
    lists: Lists,
    context: StageContext,
    notices: list[str],
) -> tuple[judge.Judgement, ...]:
    """What the user's own language model says; nothing, with a notice, when it cannot be asked."""
    if not options.judge_url:
        return ()
    server = JudgeServer(options.judge_url, options.judge_model, context.on_cancel, JUDGE_TIMEOUT_S)
    if not material.transcript.words:
        notices.append("There are no words for the judge to read.")
        return ()
    prompt = Template((resources() / "judge_prompt.txt").read_text(encoding="utf-8"))
    every_s = lists.ranking.shelf.candidate_every_s
    question = judge.Question(prompt, options.min_s, options.max_s, every_s)

    def done(read: int, of: int) -> None:
        context.progress(JUDGE_SHARE * read / of, f"The judge reads part {read + 1} of {of}")

    try:
        texts = texts_of(material, thoughts)
        judged = judge.read_talk(thoughts, texts, question, _asking(server, context), done)
    except TransientError as error:
        notices.append(f"{error.failure.message} The built-in ranking was used.")
        return ()
    if not judged:
        notices.append("The judge named no moment: the built-in ranking was used.")
    return judged


def _asking(server: JudgeServer, context: StageContext) -> Callable[[str], str]:
    """Ask the server; an end that the user's cancel made is reported as the cancel it is."""

    def ask(prompt: str) -> str:
        try:
            return server.ask(prompt)
        finally:
            context.check()

    return ask


def _write_posters(
    request: FindRequest, clips: tuple[FoundClip, ...], context: StageContext, notices: list[str]
) -> None:
    """One picture for each of the first clips that has none yet: clips/<key>.jpg."""
    video = request.media.info.video
    if video is None or not clips:
        return
    width_px, height_px = video.display_size_px
    width_px = max(round(POSTER_HEIGHT_PX * width_px / height_px), 2)
    folder = context.cache_dir(request.media.content_key) / "clips"
    folder.mkdir(exist_ok=True)
    for number, clip in enumerate(clips[:MOST_POSTERS]):
        context.progress(FIND_SHARE + (1 - FIND_SHARE) * number / len(clips), "Making pictures")
        poster = folder / f"{clip.key}.jpg"
        if poster.is_file():
            continue
        piece = clip.pieces[0]
        at_s = piece.start_s + min(POSTER_DELAY_S, piece.duration_s / 3)
        try:
            pixels = frame_at(Path(request.path), at_s, width_px=width_px, info=request.media.info)
        except InputError as error:
            notices.append(f"Some clips have no picture: {error.failure.message}")
            return
        part = poster.with_suffix(".part")
        write_jpeg(pixels, part)
        part.replace(poster)
