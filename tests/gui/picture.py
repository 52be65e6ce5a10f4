"""Makes the pictures of the window: `python -m tests.gui.picture FOLDER [--home DIR]`.

Every scene shows the shipped sample; `--home` shows a library that the program has filled
itself. The two for the README: `python -m tests.gui.picture packaging/pictures --only desk`.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pysubs2

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QScrollArea

from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.domain.order import FramingRequest
from clipforge_desktop.paths import Home, resources
from clipforge_desktop.stages import framing
from clipforge_desktop.store import Store
from clipforge_desktop.store.job_work import ProgressReport
from clipforge_desktop.ui.application import Session
from clipforge_desktop.ui.choices import Choices, save_choices
from clipforge_desktop.ui.theme import font, load_interface_font
from tests.gui import furnishing as f
from tests.pipeline.export_maker import media_of
from tests.stage_context import RecordingContext

PATIENCE_MS = 60_000
SAMPLE = resources() / "sample" / "talk.mp4"
TITLES = (
    "The worst Monday of my life",
    "Forty one bicycles nobody wanted",
    "I had never called him",
    "Good work does not speak for itself",
    "The biggest mistake I ever made",
    "A phone call costs nothing",
)
CUTS = [(9.0, 24.0), (24.3, 46.0), (33.0, 58.0), (46.5, 66.0), (58.0, 80.0), (62.0, 84.0)]


def wait(application: QApplication, is_there: Callable[[], object], more_ms: int = 400) -> None:
    """Turn the event loop until the condition holds, and a little longer for what follows it."""
    clock = QElapsedTimer()
    clock.start()
    while not is_there() and clock.elapsed() < PATIENCE_MS:
        application.processEvents()
    clock.restart()
    while clock.elapsed() < more_ms:
        application.processEvents()


def furnish_full(home: Home) -> None:
    """A worked library: one finished video, one at work, one waiting, one in trouble."""
    with Store.open(home) as store:
        cues = pysubs2.load(str(SAMPLE.with_suffix(".srt")))
        lines = [
            (cue.start / 1000, cue.end / 1000, cue.plaintext.replace("\n", " ")) for cue in cues
        ]
        media = f.media_of(home, SAMPLE, "talk", 85.7)
        store.library.save_transcript("talk", "p", f.transcript_of(lines))
        source_id, order_id = f.add_source(store, SAMPLE, "Corner Workshop.mp4", media)
        clips = [
            replace(f.found(place, [cut]), title=TITLES[place]) for place, cut in enumerate(CUTS)
        ]
        clips += [f.found(6 + n, [(n * 9.0, n * 9 + 16.0)], is_on_shelf=False) for n in range(3)]
        ids = f.add_clips(store, source_id, order_id, clips)
        request = FramingRequest(str(SAMPLE), media_of(SAMPLE), clips[0].pieces)
        studied = framing.run(request, RecordingContext(home.root / "studying"))
        store.library.save_studies(ids[0], studied.studies)
        for clip_id in (ids[1], ids[3]):
            f.add_export(
                store, home, source_id, order_id, clip_id, home.root / f"clip{clip_id}.mp4"
            )
        second = f.media_of(home, SAMPLE, "second", 3120.0, (1920, 1080))
        working, its_order = f.add_source(store, SAMPLE, "Podcast 41.mp4", second)
        f.add_job(store, Queue.IMPORT, working, its_order, JobState.DONE)
        f.add_job(
            store, Queue.TRANSCRIPTION, working, its_order, JobState.RUNNING,
            progress=0.41, note="Transcribing 21:12 of 52:00", left_s=372,
        )  # fmt: skip
        waiting, its_order = f.add_source(store, SAMPLE, "Workshop part 1.mov")
        f.add_job(store, Queue.IMPORT, waiting, its_order)
        broken, its_order = f.add_source(store, SAMPLE, "Garden stream.mkv")
        f.add_job(store, Queue.IMPORT, broken, its_order, JobState.FAILED, failure=Failure(
            "no_moov", "This file was cut off before it was finished.",
            "Copy it again from the camera, then retry."))  # fmt: skip
        gone, its_order = f.add_source(store, SAMPLE, "Interview Mira.mp4")
        f.add_job(store, Queue.IMPORT, gone, its_order, JobState.FAILED, failure=Failure(
            "source_missing", "The video is not at its place any more.",
            "Plug its drive in, or find the file."))  # fmt: skip


def open_window(
    application: QApplication, home: Home, theme: str, size: tuple[int, int]
) -> Session:
    assert theme in ("dark", "light")
    choices = Choices(theme="dark" if theme == "dark" else "light", export_dir="~/Videos/ClipForge")
    save_choices(home, choices)
    session = Session(home, [], is_offline=True, works=False)
    session.window.resize(*size)
    session.window.show()
    wait(application, lambda: session.window.is_loaded)
    return session


def shoot(session: Session, application: QApplication, file: Path) -> None:
    wait(application, lambda: True)
    picture = session.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    picture.save(str(file), "PNG", 0)  # 0: as small as it gets
    sys.stderr.write(f"{file}\n")


def close(session: Session, application: QApplication) -> None:
    session.window.close()
    wait(application, lambda: not session.window.isVisible(), 50)
    session.deleteLater()
    session.window.deleteLater()


def play_some(session: Session, application: QApplication, at_s: float) -> None:
    window = session.window
    wait(application, lambda: window.player.canvas.has_frame())
    window.player.go_to(at_s, plays=False)
    wait(application, lambda: window.player.canvas.captions is not None, 700)


def scene(application: QApplication, home: Home, theme: str, folder: Path, only: str) -> None:
    def wants(name: str) -> bool:
        return only in ("", name)

    if wants("desk"):
        session = open_window(application, home, theme, (1400, 875))
        play_some(session, application, 10.9)
        shoot(session, application, folder / f"desk-{theme}.png")
        close(session, application)
    if wants("export"):
        session = open_window(application, home, theme, (1440, 900))
        play_some(session, application, 10.9)
        window = session.window
        window.shelf.choose(2)
        window.shelf.selectAll()
        window.side.tabs.buttons()[1].click()
        wait(application, lambda: window.side.styles.has_samples)
        shoot(session, application, folder / f"export-{theme}.png")
        export_scenes(session, application, theme, folder)
        close(session, application)
    for name, row in (("working", 1), ("error", 3), ("missing", 4)):
        if wants(name):
            session = open_window(application, home, theme, (1440, 900))
            window = session.window
            window.library.setCurrentIndex(window.library.cards.index(row))
            shoot(session, application, folder / f"{name}-{theme}.png")
            close(session, application)
    if wants("styles"):
        session = open_window(application, home, theme, (1440, 900))
        play_some(session, application, 10.9)
        style_scenes(session, application, theme, folder)
        close(session, application)
    if wants("jobs"):
        session = open_window(application, home, theme, (1440, 900))
        session.window.toggle_jobs()
        shoot(session, application, folder / f"jobs-{theme}.png")
        close(session, application)
    if wants("batch"):
        batch_scenes(application, home, theme, folder)
    if wants("search"):
        session = open_window(application, home, theme, (1440, 900))
        session.window.search.setFocus()
        session.window.search.setText("nobody")
        session.window.search._search()
        wait(application, lambda: session.window.search.popup.isVisible())
        shoot(session, application, folder / f"search-{theme}.png")
        session.window.search.popup.hide()
        session.window.keys.open()
        shoot(session, application, folder / f"keys-{theme}.png")
        close(session, application)
    for name, size in (("narrow", (1000, 800)), ("rail", (800, 700))):
        if wants(name):
            session = open_window(application, home, theme, size)
            play_some(session, application, 10.9)
            shoot(session, application, folder / f"{name}-{theme}.png")
            if name == "narrow":
                session.window.toggle_drawer()
                shoot(session, application, folder / f"drawer-{theme}.png")
            close(session, application)


def batch_scenes(application: QApplication, home: Home, theme: str, folder: Path) -> None:
    """Six clips on their way: in the top bar, in a narrow window, in the jobs view, at the end."""
    session = open_window(application, home, theme, (1440, 900))
    play_some(session, application, 10.9)
    window = session.window
    window.side.export.set_folder(str(home.root / "out"))
    window.shelf.selectAll()
    window.export_selected()
    wait(application, lambda: "of 6 files" in window.top.chip.text())
    with Store.open(home) as store:
        jobs = [job for job in store.jobs.all() if job.queue is Queue.EXPORT]
        waiting = [job for job in jobs if job.state is JobState.QUEUED]
        for job in waiting[:2]:
            f.move_job(store, job.id, JobState.DONE)
        f.move_job(store, waiting[2].id, JobState.RUNNING, 0.4, "Rendering", 130)
        wait(application, lambda: "2 of 6" in window.top.chip.text(), 1200)
        running = store.jobs.get(waiting[2].id)
        store.jobs.report([ProgressReport(running.id, running.token or "", 0.7, "Rendering", 70)])
        wait(application, lambda: "2 of 6" in window.top.chip.text(), 800)
        shoot(session, application, folder / f"batch-{theme}.png")
        window.top.chip.click()
        shoot(session, application, folder / f"batch-jobs-{theme}.png")
        window.toggle_jobs()
        window.resize(900, 720)
        shoot(session, application, folder / f"batch-narrow-{theme}.png")
        window.resize(1440, 900)
        broken = Failure("folder_gone", "The folder is gone.", "Plug its drive in, then retry.")
        store.jobs.cancel(waiting[2].id)
        for job in waiting[3:]:
            f.move_job(store, job.id, JobState.FAILED, failure=broken)
        token = store.jobs.get(waiting[2].id).token
        store.jobs.confirm_cancel(waiting[2].id, token or "")
        wait(application, lambda: window.notice.second.isVisible(), 800)
        shoot(session, application, folder / f"batch-end-{theme}.png")
    close(session, application)


def export_scenes(session: Session, application: QApplication, theme: str, folder: Path) -> None:
    """The export settings: what is chosen every day, what is told before, and all the rest."""
    window = session.window
    export = window.side.export
    window.side.styles.toggle_further("pill")
    shoot(session, application, folder / f"export-styles-{theme}.png")
    window.side.open_tab("Export")
    wait(application, lambda: export.platforms.chips)
    for key in ("tiktok", "linkedin"):
        export.platforms.chips[key].click()
    wait(application, lambda: window.exporting.ahead is not None, 1500)
    shoot(session, application, folder / f"export-settings-{theme}.png")
    export.more.head.click()
    export.more.music.take(str(SAMPLE.with_name("Evening walk.mp3")))
    wait(application, lambda: True, 1500)
    area = window.side.pages.currentWidget().findChild(QScrollArea)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    shoot(session, application, folder / f"export-more-{theme}.png")


def style_scenes(session: Session, application: QApplication, theme: str, folder: Path) -> None:
    """The style editor: its groups, a typing mistake in the JSON, two styles side by side."""
    desk = session.window.style_desk
    desk.open()
    wait(application, lambda: desk.is_open and desk.preview.live is not None)
    desk.draft.set_value(("fill", "colors"), ("#FFB000", "#FF5A7A"), "Colours")
    settings = desk.panel.settings
    settings.sections[0].set_open(False)
    settings.section("Fill and outlines").set_open(True)
    settings.refresh()
    shoot(session, application, folder / f"styles-{theme}.png")
    desk.panel.show_json(True)
    desk.panel.json.edit.setPlainText(
        desk.panel.json.edit.toPlainText().replace('"max_chars": 20', '"max_chars": 200')
    )
    shoot(session, application, folder / f"styles-json-{theme}.png")
    desk.panel.show_json(False)
    desk.panel.compare.click()
    wait(application, lambda: desk.preview.second.styles.count() > 1)
    desk.preview.second.choose("pill")
    shoot(session, application, folder / f"styles-compare-{theme}.png")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--theme", default="")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    application.setStyle("Fusion")
    load_interface_font()
    application.setFont(font())
    themes = [options.theme] if options.theme else ["dark", "light"]
    for theme in themes:
        place = Path(tempfile.mkdtemp())
        empty = Home(place / "empty").create()
        if options.only in ("", "empty"):
            session = open_window(application, empty, theme, (1440, 900))
            shoot(session, application, options.folder / f"empty-{theme}.png")
            close(session, application)
        if options.home is not None:
            home = Home(options.home)
        else:
            home = Home(place / "home").create()
            furnish_full(home)
        scene(application, home, theme, options.folder, options.only)
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
