"""Edits, studies and corrections are kept beside what was found."""

import contextlib
import sqlite3
import zlib
from pathlib import Path

from sqlite_utils import Database

from clipforge_desktop.app import commands
from clipforge_desktop.app.changes import Changes
from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.edit import NO_EDIT, ClipEdit
from clipforge_desktop.domain.framing import FramingKind, FramingOverride, FramingStudy
from clipforge_desktop.domain.job import JobState, Queue
from clipforge_desktop.domain.order import ExportOptions, Order
from clipforge_desktop.domain.pipeline import ExportTask, FramingTask
from clipforge_desktop.domain.transcript import Correction, Sentence, Transcript, Word
from clipforge_desktop.domain.wire import decode, encode
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store, schema
from tests.gui.furnishing import plain_media

PIECE = Piece(10.0, 40.0)


def found(piece: Piece = PIECE) -> FoundClip:
    return FoundClip((piece,), 80, "story", (), "", "Found title", True)


def clip_in(store: Store) -> int:
    source = store.library.add_source("/talk.mp4", "talk.mp4", 1, 1)
    order = store.library.add_order(source, commands.default_order())
    return store.library.save_clips(source, order, [found()])[0]


def framings(store: Store) -> list[FramingTask]:
    return [decode(FramingTask, job.request) for job in store.jobs.all()
            if job.queue is Queue.FRAMING]  # fmt: skip


def test_an_edited_clip_says_so_and_can_be_taken_back(home: Home) -> None:
    with Store.open(home) as store:
        clip = clip_in(store)
        changes = Changes(home)
        changes.poll()
        commands.edit_clip(store, clip, ClipEdit(title="Mine", start_s=12.0))
        seen = changes.poll()
        assert seen is not None
        assert [one.title for one in seen.clips] == ["Mine"]
        commands.edit_clip(store, clip, NO_EDIT)
        assert store.library.clip(clip).edit == NO_EDIT
        assert store.library.clip(clip).title == "Found title"
        changes.close()


def test_another_cut_is_looked_at_for_framing_once_and_first(home: Home) -> None:
    with Store.open(home) as store:
        clip = clip_in(store)
        commands.study_clip(store, clip)
        commands.edit_clip(store, clip, ClipEdit(title="Only a title"))
        assert framings(store) == [FramingTask((PIECE,))]
        commands.edit_clip(store, clip, ClipEdit(end_s=30.0))
        commands.edit_clip(store, clip, ClipEdit(end_s=30.0, title="Again"))
        assert framings(store) == [FramingTask((PIECE,)), FramingTask((Piece(10.0, 30.0),))]
        jobs = [job for job in store.jobs.all() if job.queue is Queue.FRAMING]
        assert {job.priority for job in jobs} == {commands.ON_SCREEN_PRIORITY}
        assert {job.state for job in jobs} == {JobState.QUEUED}


def test_an_export_keeps_the_edit_it_was_asked_for_with(home: Home, tmp_path: Path) -> None:
    with Store.open(home) as store:
        clip = clip_in(store)
        options = ExportOptions(str(tmp_path))
        (plain,) = commands.export_clips(store, [clip], options)
        commands.edit_clip(store, clip, ClipEdit(title="Mine", end_s=30.0))
        (edited,) = commands.export_clips(store, [clip], options)
        assert plain != edited
        assert decode(ExportTask, store.jobs.get(plain).request).edit == NO_EDIT
        task = decode(ExportTask, store.jobs.get(edited).request)
        assert task.edit == ClipEdit(title="Mine", end_s=30.0)
        assert "Mine" in task.stem


def test_finding_again_keeps_a_clips_edit(home: Home) -> None:
    with Store.open(home) as store:
        clip = clip_in(store)
        commands.edit_clip(store, clip, ClipEdit(title="Mine"))
        row = store.library.clip(clip)
        order = store.library.add_order(row.source_id, Order())
        again = store.library.save_clips(row.source_id, order, [found()])[0]
        assert again != clip
        assert store.library.clip(again).title == "Mine"


def test_studies_are_read_back_and_the_clip_counts_as_changed(home: Home) -> None:
    with Store.open(home) as store:
        clip = clip_in(store)
        before = store.library.clip(clip).changed
        study = FramingStudy((1920, 1080), "9:16", (PIECE,), ())
        assert store.library.studies(clip) == ()
        store.library.save_studies(clip, [study])
        assert store.library.studies(clip) == (study,)
        assert store.library.clip(clip).changed > before
        store.library.forget_studies()
        assert store.library.studies(clip) == ()


def test_a_study_by_an_older_version_is_looked_at_again_once_and_choices_stay(home: Home) -> None:
    chosen = ClipEdit(overrides=(FramingOverride(12.0, FramingKind.SPLIT),))
    study = FramingStudy((1920, 1080), "9:16", (PIECE,), ())
    with contextlib.closing(sqlite3.connect(home.database, isolation_level=None)) as raw:
        schema.migrations.apply(Database(raw), stop_before="version_5")
        raw.execute("PRAGMA user_version = 4")
        row = (1, zlib.compress(encode((study,)).encode()))
        raw.execute("INSERT INTO studies VALUES (?, ?)", row)
    with Store.open(home) as store:
        clip = clip_in(store)
        assert clip == 1
        store.library.set_media(store.library.clip(clip).source_id, plain_media("key", 60.0))
        commands.edit_clip(store, clip, chosen)
        assert store.library.studies(clip) == ()
        [job] = commands.study_clips(store, [clip])
        assert store.jobs.get(job).state is JobState.QUEUED
        store.library.save_studies(clip, [study])
        assert store.library.studies(clip) == (study,)
        assert commands.study_clips(store, [clip]) == []
        assert store.library.clip(clip).edit == chosen


def test_corrections_fit_the_recognition_they_were_made_for_only(home: Home) -> None:
    draft = Transcript("en", "draft", "pocketsphinx", (Word(0, 1, "wreck"),), ())
    better = Transcript("en", "whisper", "large", (Word(0, 1, "recognise"),), ())
    with Store.open(home) as store:
        commands.correct_words(store, "key", draft, [Correction(0, "recognize")])
        assert store.library.corrected("key", draft).words[0].text == "recognize"
        assert store.library.corrected("key", better) == better
        commands.correct_words(store, "key", draft, [])
        assert store.library.corrected("key", draft) == draft


def test_search_finds_words_as_they_were_corrected(home: Home) -> None:
    heard = "wreck a nice beach now"
    words = tuple(Word(n, n + 1.0, text) for n, text in enumerate(heard.split()))
    draft = Transcript("en", "draft", "pocketsphinx", words, (Sentence(0, 4), Sentence(4, 5)))
    other = Transcript("en", "draft", "other", (Word(0.5, 1, "wreck"),), (Sentence(0, 1),))
    with Store.open(home) as store:
        source = store.library.add_source("/talk.mp4", "talk.mp4", 1, 1)
        store.library.set_media(source, plain_media("key", 10.0))
        store.library.save_transcript("key", "old", other)
        store.library.save_transcript("key", "p", draft)
        corrections = [Correction(0, "recognise"), Correction(1, ""), Correction(3, "speech")]
        commands.correct_words(store, "key", draft, corrections)
        (hit,) = store.library.search("recognise speech")
        assert hit.text == "recognise nice speech"
        assert store.library.search("wreck") == []
        store.library.save_transcript("key", "p", draft)
        assert len(store.library.search("speech")) == 1, "the same words recognised again"
        commands.correct_words(store, "key", draft, [])
        assert store.library.search("beach")[0].text == "wreck a nice beach"
        left = store.connection.execute("SELECT text FROM sentences ORDER BY rowid").fetchall()
        assert left[0][0] == "wreck", "another recognition is left alone"
