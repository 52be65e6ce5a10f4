"""Keeps player, shot strip and side panel on the framing of the clip that is shown.

Studies are read in the background when a clip is opened and when its row changes; a clip without
a fitting one is looked at first. Every wish becomes an edit of the clip, which can be undone.
"""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.framing import FramingKind, FramingStudy
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.ui import errands
from clipforge_desktop.ui.framing import choosing
from clipforge_desktop.ui.framing.choosing import ClipFraming
from clipforge_desktop.ui.framing.hand import Hand
from clipforge_desktop.ui.framing.layout import ShownFraming, frame_rate
from clipforge_desktop.ui.framing.section import NO_CLIP, TITLES, UNTIL_THEN, ShotState
from clipforge_desktop.ui.framing.strip import StripShot

if TYPE_CHECKING:
    from clipforge_desktop.store.library import Clip, Source
    from clipforge_desktop.ui.main_window import MainWindow

KEYS = {str(place): kind for place, kind in enumerate(FramingKind, start=1)}
LOOKING = "Looking for faces"
NO_PICTURE = "There is no picture to frame: captions stand on a plain background."
NOT_YET = "Faces are still being looked for. The framings can be chosen once that is done."
_BROKEN = frozenset({JobState.FAILED, JobState.QUARANTINED})


class FramingDesk(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._clip: Clip | None = None
        self._studies: dict[str, FramingStudy] = {}
        self._is_read = False
        self._asked: set[tuple[int, tuple[Piece, ...]]] = set()
        self._framing = ClipFraming()
        self._shown: ShownFraming | None = None
        self._number: int | None = None
        self._hand = Hand(window, self)
        player, section = window.player, window.side.framing
        player.opened.connect(self._open)
        player.moved.connect(lambda _: self._follow())
        player.aspect_chosen.connect(lambda _: self._show())
        player.shots.chosen.connect(player.playback.seek)
        self._hand.moved.connect(self._show_moved)
        self._hand.dropped.connect(self._keep_moved)
        section.kind_wanted.connect(self.choose)
        section.default_wanted.connect(self.choose_for_clip)
        section.default_for_all_wanted.connect(self.choose_for_all)
        section.retry_wanted.connect(self._retry)
        window.desk.clips_changed.connect(self._on_rows)
        window.desk.jobs_changed.connect(lambda _: self._show_note())

    @property
    def framing(self) -> ClipFraming:
        """The clip's choices, as they are shown."""
        return self._framing

    @property
    def shown(self) -> ShownFraming | None:
        """What the player shows; None while the clip was not looked at."""
        return self._shown

    # -- what is shown ------------------------------------------------------------------

    def _open(self) -> None:
        """The player shows a clip, or a source, or the same clip cut otherwise."""
        shown = self._window.player.shown
        clip = shown.clip if shown is not None else None
        if clip is None or self._clip is None or clip.id != self._clip.id:
            self._studies, self._is_read = {}, False
            self._hand.let_go()
        self._clip = clip
        if clip is not None:
            self._read(clip)
        self._show()

    def _on_rows(self, source_ids: set[int]) -> None:
        before = self._clip
        if before is None or before.source_id not in source_ids:
            return
        clips = self._window.desk.clips(before.source_id)
        clip = next((clip for clip in clips if clip.id == before.id), None)
        if clip is None:
            return
        self._clip = clip
        if clip.changed != before.changed or clip.edit != before.edit:
            self._read(clip)
        if not self._hand.is_full and clip.edit != before.edit:
            self._show()
        else:
            self._show_defaults()

    def _read(self, clip: "Clip") -> None:
        self._window.background.read(
            lambda store: store.library.studies(clip.id),
            partial(self._take, clip.id),
            key="studies",
        )

    def _take(self, clip_id: int, studies: tuple[FramingStudy, ...]) -> None:
        if self._clip is None or self._clip.id != clip_id:
            return
        fresh = {study.aspect: study for study in studies if study.shots}
        is_news = fresh != self._studies or not self._is_read
        self._studies, self._is_read = fresh, True
        self._ask(self._clip)
        if is_news and not self._hand.is_full:
            self._show()

    def _ask(self, clip: "Clip") -> None:
        """Have the clip looked at, before the others, if nobody has looked at this cut of it."""
        shown = self._window.player.shown
        is_gone = shown is not None and shown.material is not None and not shown.material.is_present
        wish = (clip.id, clip.pieces)
        if self._has_picture() and not self._fits() and not is_gone and wish not in self._asked:
            self._asked.add(wish)
            self._window.background.write(lambda store: errands.study_clip(store, clip.id))

    def _show(self) -> None:
        """Everything anew: another clip, study, shape or choice."""
        clip, player = self._clip, self._window.player
        self._framing = ClipFraming.of(clip.edit) if clip is not None else ClipFraming()
        self._plan()
        player.shots.show_shots(self._strip_shots())
        self._show_defaults()
        self._number = None
        self._follow()
        self._show_note()

    def _plan(self) -> None:
        """The study as the choices have it, painted at once."""
        player, source = self._window.player, self._source()
        study = self._studies.get(player.aspect)
        video = source.media.info.video if source is not None and source.media else None
        self._shown = None
        if study is not None and video is not None:
            plan = study.plan(self._framing.default, self._framing.overrides)
            self._shown = ShownFraming(study, plan, frame_rate(video))
        player.show_framing(self._shown)

    def _follow(self) -> None:
        """The shot under the play head."""
        shown, window = self._shown, self._window
        if shown is None:
            if self._number is None:
                window.side.framing.show_nothing(self._why_nothing())
                self._number = -1
                self._show_note()
            return
        number = shown.number_at(window.player.playback.position_s)
        if number is not None and number != self._number:
            self._number = number
            window.side.framing.show_shot(self._state(shown, number))
            window.player.shots.show_current(number)

    def _state(self, shown: ShownFraming, number: int) -> ShotState:
        shot = shown.shot(number)
        framing, study = self._framing, shown.study
        chosen = choosing.chosen_kind(framing, study, number)
        return ShotState(
            number,
            len(study.shots),
            shot.kind,
            shot.confidence,
            shot.reason,
            choosing.is_touched(framing, study, number),
            chosen is None and framing.default is not None,
        )

    def _strip_shots(self) -> tuple[StripShot, ...]:
        shown = self._shown
        if shown is None:
            return ()
        return tuple(
            StripShot(shot.spans, self._state(shown, number))
            for number, shot in enumerate(shown.study.shots)
        )

    def _show_defaults(self) -> None:
        clip = self._clip
        clips = self._window.desk.clips(clip.source_id) if clip is not None else []
        self._window.side.framing.show_defaults(
            clip.edit.framing if clip is not None else None,
            frozenset(one.edit.framing for one in clips),
            clip is not None,
        )

    def _show_moved(self, framing: ClipFraming) -> None:
        """A crop on its way, before it is kept."""
        self._framing = framing
        self._plan()

    def _keep_moved(self, framing: ClipFraming, what: str) -> None:
        self._edit(framing, what)
        self._show()

    # -- what is not known yet ----------------------------------------------------------

    def _source(self) -> "Source | None":
        shown = self._window.player.shown
        return shown.source if shown is not None else None

    def _has_picture(self) -> bool:
        source = self._source()
        return source is not None and source.media is not None and bool(source.media.info.video)

    def _fits(self) -> bool:
        """Is there a study of the clip as it is cut now?"""
        clip, source = self._clip, self._source()
        if clip is None or source is None or source.media is None:
            return False
        duration_s = source.media.info.duration_s
        return any(study.fits(clip.pieces, duration_s) for study in self._studies.values())

    def _job(self) -> Job | None:
        """The latest look at the clip, as far as it is not done."""
        clip = self._clip
        if clip is None:
            return None
        jobs = self._window.desk.jobs_of(clip.source_id)
        looks = [job for job in jobs if job.queue is Queue.FRAMING and job.clip_id == clip.id]
        return max(looks, key=lambda job: job.changed, default=None)

    def _why_nothing(self) -> str:
        if self._clip is None:
            return NO_CLIP
        return UNTIL_THEN if self._has_picture() else NO_PICTURE

    def _show_note(self) -> None:
        section = self._window.side.framing
        if self._clip is None or not self._has_picture() or not self._is_read or self._fits():
            section.show_note("")
            return
        job = self._job()
        if job is not None and job.state in _BROKEN:
            section.show_note("", job.failure)
        elif job is not None and job.state in (JobState.CANCELLED, JobState.PAUSED):
            section.show_note("Looking for faces was stopped. It goes on in the jobs list.")
        else:
            percent = f" {round(job.progress * 100)} %" if job is not None and job.progress else ""
            where = " in the new cut" if self._shown is not None else ""
            section.show_note(f"{LOOKING}{where} …{percent}")

    def _retry(self) -> None:
        job = self._job()
        if job is not None:
            self._window.background.write(lambda store: errands.retry_jobs(store, [job.id]))

    # -- wishes -------------------------------------------------------------------------

    def choose(self, kind: FramingKind | None) -> None:
        """The framing of the shot under the play head; the same once more gives it to Auto."""
        shown, number = self._shown, self._current()
        if shown is None or number is None:
            if self._clip is not None and self._has_picture():
                self._window.notice.say(NOT_YET)
            return
        if kind is choosing.chosen_kind(self._framing, shown.study, number):
            kind = None
        after = choosing.with_kind(self._framing, shown.study, number, kind)
        title = "Auto" if kind is None else TITLES[kind][0]
        self._edit(after, f"{title} for one shot")

    def choose_for_clip(self, kind: FramingKind | None) -> None:
        title = "Auto" if kind is None else TITLES[kind][0]
        self._edit(self._framing.with_default(kind), f"{title} for the clip")

    def choose_for_all(self, kind: FramingKind | None) -> None:
        """The default of every clip of the video, as one step of undo."""
        clip, actions = self._clip, self._window.actions_
        if clip is None:
            return
        title = "Auto" if kind is None else TITLES[kind][0]
        clips = self._window.desk.clips(clip.source_id)
        actions.undo_stack.beginMacro(f"{title} for all clips")
        for one in clips:
            after = ClipFraming.of(one.edit).with_default(kind)
            actions.edit_clip(one, after.put_on(one.edit), f"{title} for a clip")
        actions.undo_stack.endMacro()
        self._window.notice.say(
            f"{title} for all {len(clips)} clips of this video. Shots you chose stay as they are.",
            action="Undo",
            act=actions.undo_stack.undo,
        )

    def _edit(self, after: ClipFraming, what: str) -> None:
        clip = self._clip
        if clip is not None:
            self._window.actions_.edit_clip(clip, after.put_on(clip.edit), what)

    def _current(self) -> int | None:
        position_s = self._window.player.playback.position_s
        return self._shown.number_at(position_s) if self._shown is not None else None
