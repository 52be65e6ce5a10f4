"""The real stages at work: a small video, real workers under a supervisor, and their ffmpegs.

What `bench` is for the tests' own stages, this is for the shipped ones.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import psutil

from clipforge_desktop.app import commands
from clipforge_desktop.app.supervisor import Supervisor
from clipforge_desktop.domain.clip import FoundClip
from clipforge_desktop.domain.job import Job, JobState, Queue
from clipforge_desktop.domain.order import ExportOptions, FindingOptions, Order
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from tests import media_maker
from tests.recovery.bench import PLENTY_S, until

FINDING = FindingOptions(count=2, min_s=3.0, max_s=8.0)
SMALL, LARGER = "144x256", "540x960"


def make_talk(folder: Path) -> Path:
    """Twenty seconds with a subtitle file beside them, so that nothing has to be recognised."""
    video = media_maker.talk(folder / "talk.mp4", 20)
    video.with_suffix(".srt").write_text(media_maker.TALK_CUES, "utf-8")
    return video


@dataclass
class Desk:
    """A home with the talk in it; `supervisor` runs the real workers while it is entered."""

    home: Home
    store: Store

    @classmethod
    def open(cls, home: Home) -> "Desk":
        return cls(home.create(), Store.open(home))

    def supervisor(self) -> Supervisor:
        return Supervisor(self.home, is_offline=True)

    def order(self, talk: Path, out: Path | None) -> int:
        """Find two clips, and export them when there is a folder for it."""
        options = ExportOptions(str(out), (SMALL,)) if out else None
        [added] = commands.add_videos(self.store, [talk], Order(finding=FINDING, export=options))
        assert added.order_id is not None
        return added.order_id

    def export(self, order: int, out: Path, aspect: str = LARGER) -> int:
        """Ask for the best clip; returns the job."""
        best = self.store.library.clips_of_order(order)[0]
        [job] = commands.export_clips(self.store, [best.id], ExportOptions(str(out), (aspect,)))
        return job

    def state(self, job: int) -> JobState:
        return self.store.jobs.get(job).state

    def code(self, job: int) -> str:
        failure = self.store.jobs.get(job).failure
        return failure.code if failure else ""

    def message(self, job: int) -> str:
        failure = self.store.jobs.get(job).failure
        return failure.message if failure else ""

    def jobs(self, order: int, queue: Queue) -> list[Job]:
        return self.store.jobs.of_order(order, queue)

    def is_running(self, order: int, queue: Queue) -> bool:
        """True once a stage of the queue is in the middle of its work."""
        running = [job for job in self.jobs(order, queue) if job.state is JobState.RUNNING]
        return bool(running) and any((self.home.work / queue).iterdir())

    def clips(self, order: int) -> list[FoundClip]:
        return [clip.found for clip in self.store.library.clips_of_order(order)]

    def wait_done(self, order: int, exports: int) -> None:
        def is_done() -> bool:
            jobs = self.store.jobs.of_order(order)
            return len(jobs) == 3 + exports and all(job.state is JobState.DONE for job in jobs)

        until(is_done, "all jobs are done", 2 * PLENTY_S)

    def ffmpegs(self) -> list[psutil.Process]:
        """Those at work in a scratch folder of this home."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if "ffmpeg" in process.name() and self.home.work in Path(process.cwd()).parents:
                    found.append(process)
        return found

    def wait_ffmpeg(self) -> psutil.Process:
        until(self.ffmpegs, "an ffmpeg is at work")
        return self.ffmpegs()[0]

    def close(self) -> None:
        self.store.close()


def decoded(folder: Path) -> dict[str, str]:
    """Hash of all decoded pictures and samples of each clip in a folder, by its name."""
    hashes = {}
    for video in sorted(folder.glob("*.mp4")):
        target = video.with_suffix(".md5")
        media_maker.ffmpeg("-i", f"file:{video}", "-f", "md5", f"file:{target}")
        hashes[video.name] = target.read_text()
        target.unlink()
    return hashes
