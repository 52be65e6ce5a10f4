"""A clip's own caption style: kept, exported with, carried over, and taken back."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from clipforge_desktop.app import commands
from clipforge_desktop.app.changes import Changes
from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.domain.caption_style import CaptionStyle, Fill
from clipforge_desktop.domain.clip import FoundClip, Piece
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.order import (
    ExportOptions,
    Order,
    SpeechOptions,
    decode,
    encode,
    fingerprint,
)
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.store.library import OwnStyle


def found(start_s: float) -> FoundClip:
    return FoundClip((Piece(start_s, start_s + 20),), 50, "story", (), "", "A title", True)


def own(style: CaptionStyle) -> OwnStyle:
    return OwnStyle(style.model_dump_json(), style.name, fingerprint(style))


@pytest.fixture
def red() -> CaptionStyle:
    return load_style("clean").model_copy(update={"fill": Fill(colors=("#FF0000",))})


def test_a_clips_own_style_is_read_back_and_taken_back(home: Home, red: CaptionStyle) -> None:
    with Store.open(home) as store:
        source = store.library.add_source("/videos/a.mp4", "a.mp4", 1, 2)
        order = store.library.add_order(source, Order())
        first, second = store.library.save_clips(source, order, [found(0), found(30)])
        changes = Changes(home)
        changes.poll()
        commands.set_own_style(store, [first], own(red))
        assert store.library.clip(first).own_style == own(red)
        assert store.library.clip(second).own_style is None
        changed = changes.poll()
        assert changed is not None
        assert [(clip.id, clip.own_style) for clip in changed.clips] == [(first, own(red))]
        commands.set_own_style(store, [first], None)
        assert store.library.clip(first).own_style is None
        changes.close()


def test_an_export_uses_the_clips_own_style_and_the_others_the_shelfs(
    home: Home, red: CaptionStyle
) -> None:
    with Store.open(home) as store:
        source = store.library.add_source("/videos/a.mp4", "a.mp4", 1, 2)
        order = store.library.add_order(source, Order())
        clips = store.library.save_clips(source, order, [found(0), found(30)])
        commands.set_own_style(store, clips[:1], own(red))
        options = ExportOptions("/clips", style=load_style("clean"))
        jobs = commands.export_clips(store, clips, options)
        styles = [decode(ExportTask, store.jobs.get(job).request).options.style for job in jobs]
        assert styles == [red, load_style("clean")]
        again = commands.export_clips(store, clips[:1], ExportOptions("/clips"))
        assert decode(ExportTask, store.jobs.get(again[0]).request).options.style is None


def test_a_copy_that_cannot_be_read_refuses_the_export_in_words(home: Home) -> None:
    with Store.open(home) as store:
        source = store.library.add_source("/videos/a.mp4", "a.mp4", 1, 2)
        order = store.library.add_order(source, Order())
        clips = store.library.save_clips(source, order, [found(0)])
        commands.set_own_style(store, clips, OwnStyle('{"name":"x","size":1}', "x", ""))
        with pytest.raises(InputError, match="size: there is no such field") as caught:
            commands.export_clips(store, clips, ExportOptions("/clips", style=load_style("clean")))
        assert caught.value.failure.code == "style_invalid"
        assert store.jobs.all() == []


def test_finding_again_keeps_a_clips_own_style(home: Home, red: CaptionStyle) -> None:
    with Store.open(home) as store:
        source = store.library.add_source("/videos/a.mp4", "a.mp4", 1, 2)
        first_order = store.library.add_order(source, Order())
        clips = store.library.save_clips(source, first_order, [found(0), found(30)])
        commands.set_own_style(store, clips[:1], own(red))
        store.library.save_clips(source, first_order, [found(30), found(0)])
        assert store.library.clip(clips[0]).own_style == own(red)
        other_order = store.library.add_order(source, Order(SpeechOptions(language="de")))
        store.library.save_clips(source, other_order, [found(30), found(0)])
        kept = {c.key: c.own_style for c in store.library.clips_of_source(source)}
        assert kept == {found(0).key: own(red), found(30).key: None}


def test_clips_of_a_version_1_database_follow_the_shelf(home: Home) -> None:
    old = Path(__file__).with_name("version_1.sql").read_text()
    clip = (
        "INSERT INTO clips (id, source_id, order_id, rank, key, start_s, found, is_on_shelf,"
        " changed) SELECT 7, source_id, id, 1, 'k', 0, ?, 1, 1 FROM orders LIMIT 1"
    )
    with contextlib.closing(sqlite3.connect(home.database)) as raw:
        raw.executescript(old)
        raw.execute(clip, (encode(found(0)),))
        raw.commit()
    with Store.open(home) as store:
        assert store.library.clip(7).own_style is None
