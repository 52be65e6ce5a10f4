"""Lets captions stand behind people in the player, where their style asks for it.

Where people are is read from the source's cache; the workshop looks for them when nobody has yet.
Until then, and without the model, captions stand in front, and the notice says so.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from clipforge_desktop.domain.catalogue import ModelKind, entries
from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.ui import errands

if TYPE_CHECKING:
    from clipforge_desktop.captions.matte import PersonTrack
    from clipforge_desktop.domain.source import SourceMedia
    from clipforge_desktop.store import Store
    from clipforge_desktop.store.library import Clip
    from clipforge_desktop.ui.main_window import MainWindow

LOOKING = "People are being looked for. Until then these captions stand in front of them."
NOBODY = "Nobody is in front of the background here, so these captions stand in front."
NO_MODEL = (
    "These captions stand behind people once the model for that is installed: "
    "run `clipforge models install pphumanseg`."
)


@dataclass(frozen=True)
class _Known:
    """`track` None: mattes of the clip are still missing."""

    track: "PersonTrack | None"
    has_person: bool
    has_model: bool


class PeopleDesk(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._asked: set[tuple[int, tuple[Piece, ...]]] = set()
        self._said: set[tuple[int, str]] = set()
        self._is_waiting = False
        canvas = window.player.canvas
        canvas.people_wanted.connect(self._look, Qt.ConnectionType.QueuedConnection)
        window.player.opened.connect(self._forget)
        window.desk.clips_changed.connect(self._on_rows)

    def _forget(self) -> None:
        """Another clip, or the same one cut otherwise."""
        self._is_waiting = False
        self._window.player.canvas.set_people(None)

    def _on_rows(self, source_ids: set[int]) -> None:
        shown = self._window.player.shown
        if self._is_waiting and shown is not None and shown.source.id in source_ids:
            self._look()

    def _look(self) -> None:
        shown = self._window.player.shown
        media = shown.source.media if shown is not None else None
        clip = shown.clip if shown is not None else None
        if clip is None or media is None or media.info.video is None:
            return
        pieces = clip.pieces
        self._window.background.read(
            lambda store: _known(store, media, pieces), partial(self._take, clip), key="people"
        )

    def _take(self, clip: "Clip", known: _Known) -> None:
        shown = self._window.player.shown
        now = shown.clip if shown is not None else None
        if now is None or (now.id, now.pieces) != (clip.id, clip.pieces):
            return
        self._is_waiting = known.track is None
        if known.track is not None:
            self._window.player.canvas.set_people(known.track)
            if not known.has_person:
                self._say(clip, NOBODY)
        elif not known.has_model:
            self._say(clip, NO_MODEL)
        else:
            self._ask(clip)

    def _ask(self, clip: "Clip") -> None:
        """Have people looked for once; why they were not found is the job's to say."""
        wish = (clip.id, clip.pieces)
        if wish not in self._asked:
            self._asked.add(wish)
            self._say(clip, LOOKING)
            self._window.background.write(
                lambda store: errands.study_clip(store, clip.id, is_matted=True)
            )
            return
        job = self._job(clip)
        if job is not None and job.state is JobState.DONE and job.notices:
            self._say(clip, job.notices[0])

    def _job(self, clip: "Clip") -> Job | None:
        jobs = self._window.desk.jobs_of(clip.source_id)
        looks = [job for job in jobs if job.queue is Queue.FRAMING and job.clip_id == clip.id]
        return max(looks, key=lambda job: job.changed, default=None)

    def _say(self, clip: "Clip", sentence: str) -> None:
        if (clip.id, sentence) not in self._said:
            self._said.add((clip.id, sentence))
            self._window.notice.say(sentence)


def _known(store: "Store", media: "SourceMedia", pieces: tuple[Piece, ...]) -> _Known:
    from clipforge_desktop.captions.matte import PersonTrack, missing_chunks

    cache_dir = store.home.cache / media.content_key
    inside = [Piece(piece.start_s, min(piece.end_s, media.info.duration_s)) for piece in pieces]
    if missing_chunks(cache_dir, inside):
        files = [name for entry in entries(ModelKind.PEOPLE) for name in entry.required]
        return _Known(None, False, all((store.home.models / name).is_file() for name in files))
    track = PersonTrack(cache_dir, pieces)
    return _Known(track, track.has_person(), True)
