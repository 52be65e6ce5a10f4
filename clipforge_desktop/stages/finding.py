"""Find the moments worth sharing in one source: a list of clips, best first, each with reasons.

Draws on the words, the sentence model, the loudness and the picture cuts, on whichever of
them exist, and says in the result what it had to do without. Same input, same list.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clipforge_desktop.domain.order import FindRequest, FindResult
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.moments.encoder import SentenceEncoder, find_model
from clipforge_desktop.moments.finder import Lists, Material, find
from clipforge_desktop.moments.settings import load_language, load_ranking
from clipforge_desktop.paths import resources

VERSION = 1


def run(request: FindRequest, context: StageContext) -> FindResult:
    """Suggest clips for the source of `request`; errors: "ranking-file", cancellation."""
    context.progress(0.0, "Looking for moments")
    folder = resources()
    language = request.transcript.language or "en"
    lists = Lists(load_ranking(folder), load_language(folder, language))
    notices: list[str] = []
    encoder = _encoder(request, lists, [context.models_dir, folder / "models"], notices)
    clips = find(_material(request, context), request.options, lists, encoder, context.progress)
    context.progress(1.0, f"{len(clips)} moments found")
    return FindResult(clips, tuple(notices))


def _material(request: FindRequest, context: StageContext) -> Material:
    media = request.media
    words = request.transcript.words
    duration_s = max(media.info.duration_s, words[-1].end_s if words else 0.0)
    loudness = _loudness(context.cache_dir(media.content_key), media.loudness)
    return Material(request.transcript, media.speech, loudness, (), duration_s)


def _loudness(folder: Path, name: str | None) -> NDArray[np.int8] | None:
    if name is None or not (folder / name).is_file():
        return None
    return np.fromfile(folder / name, dtype=np.int8)


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
