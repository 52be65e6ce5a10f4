"""Platform presets: what ships, what the user's own file changes, and what it may not say."""

import os
from pathlib import Path

import pytest

from clipforge_desktop import presets
from clipforge_desktop.domain.delivery import Covered
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.paths import Home

SHIPPED = ("shorts", "reels", "tiktok", "x", "linkedin", "facebook", "snapchat", "archive")


def say(home: Home, text: str) -> None:
    presets.own_file(home).write_text(text, encoding="utf-8")


def refusal(home: Home) -> str:
    with pytest.raises(InputError) as refused:
        presets.deliveries(home)
    assert refused.value.failure.code == "presets_invalid"
    assert refused.value.failure.next_step
    return refused.value.failure.message


def test_every_platform_ships_with_its_limits(home: Home) -> None:
    found = presets.deliveries(home)
    assert tuple(found) == SHIPPED
    assert found["shorts"].longest_s == 180
    assert found["x"].largest_bytes == 512_000_000
    assert found["tiktok"].covered == Covered(130 / 1920, 200 / 1080, 350 / 1920, 0)
    assert all(one.lufs == -14 and one.peak_dbtp == -1 for one in found.values())
    assert all(preset.checked and not preset.is_own for preset in presets.presets(home))


def test_the_archive_keeps_the_shape_of_the_source_at_best_quality(home: Home) -> None:
    archive = presets.deliveries(home)["archive"]
    assert (archive.aspect, archive.quality, archive.covered) == ("source", "best", Covered())
    assert (archive.longest_s, archive.largest_bytes) == (None, None)


def test_the_users_file_wins_field_by_field_and_adds_platforms(home: Home) -> None:
    say(
        home,
        "checked = 2026-11-30\n"
        "[defaults]\nloudness_lufs = -16\n"
        "[platforms.tiktok]\nmax_s = 600\nmax_mb = 0\n"
        '[platforms.club]\nname = "Club TV"\naspect = "16:9"\nmax_fps = 50\n',
    )
    found = presets.deliveries(home)
    assert tuple(found) == (*SHIPPED, "club")
    tiktok, club = found["tiktok"], found["club"]
    assert (tiktok.name, tiktok.longest_s, tiktok.largest_bytes) == ("TikTok", 600, None)
    assert tiktok.covered == Covered(130 / 1920, 200 / 1080, 350 / 1920, 0)
    assert (club.name, club.aspect, club.most_fps, club.lufs) == ("Club TV", "16:9", 50, -16)
    own = [preset for preset in presets.presets(home) if preset.is_own]
    assert [(one.delivery.platform, str(one.checked)) for one in own] == [
        ("tiktok", "2026-11-30"),
        ("club", "2026-11-30"),
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[platforms.x]\nmax_s = nan", "platforms.x.max_s must be a number, 0 to 43200."),
        ("[platforms.x]\nmax_s = 1e300", "platforms.x.max_s must be a number, 0 to 43200."),
        ("[platforms.x]\nmax_s = -1", "platforms.x.max_s must be a number, 0 to 43200."),
        ("[platforms.x]\nmax_s = 'long'", "platforms.x.max_s must be a number, 0 to 43200."),
        ("[platforms.x]\nmax_mb = inf", "platforms.x.max_mb must be a number, 0 to 1000000."),
        ("[platforms.x]\nmax_fps = 30.5", "platforms.x.max_fps must be a whole number, 24 to 60."),
        ("[platforms.x]\nmax_fps = true", "platforms.x.max_fps must be a whole number, 24 to 60."),
        (
            "[platforms.x]\nshort_side_px = 99999",
            "platforms.x.short_side_px must be a whole number, 240 to 2160.",
        ),
        ("[platforms.x]\nname = ''", "platforms.x.name must be text, 1 to 60 letters."),
        ('[platforms.x]\nname = "a\\u001b[31m"', "platforms.x.name must be text, 1 to 60"),
        ("[platforms.x]\naspect = '../etc'", 'platforms.x.aspect must be a shape such as "9:16"'),
        ("[platforms.x]\naspect = '9x16'", "platforms.x.aspect, 9x16, is no shape that can be"),
        ("[platforms.x]\naspect = '9:1'", "platforms.x.aspect, 9:1, is no shape that can be made"),
        (
            "[platforms.x]\nquality = 'wow'",
            "platforms.x.quality must be one of draft, standard, best",
        ),
        (
            "[platforms.x]\nsafe_zone = { top_px = 5000 }",
            "platforms.x.safe_zone.top_px must be a number, 0 to 900.",
        ),
        ("[platforms.x]\nsafe_zone = 5", "platforms.x.safe_zone must be a group"),
        ("[platforms.x]\nlength = 5", "platforms.x.length: there is no such field."),
        ("[platforms]\nx = 5", "platforms.x must be a group of fields."),
        ("[platforms.'../x']\nmax_s = 5", "platforms.../x is no name of a platform"),
        ("platforms = 5", "platforms must be groups"),
        ("version = 2", "version: made for a newer ClipForge; this one reads up to 1."),
        ("version = 'one'", "version must be a whole number, 1 to 1."),
        ("checked = 'today'", "checked must be a day, written 2026-11-22."),
        ("max_s = 5\nmax_s = 6", "it is no TOML that can be read"),
        ("version = " + "9" * 5000, "it is no TOML that can be read"),
        ("a = " + "[" * 20_000, "it is no TOML that can be read"),
    ],
)
def test_a_wrong_field_is_named_with_what_it_may_be(home: Home, text: str, named: str) -> None:
    say(home, text)
    assert f"platforms.toml: {named}" in refusal(home)


def test_a_file_of_50_mb_or_of_bytes_is_not_taken_in(home: Home) -> None:
    file = presets.own_file(home)
    file.write_bytes(b"\xff\xfe\x00")
    assert "no TOML" in refusal(home)
    with file.open("wb") as huge:
        huge.truncate(50_000_000)
    assert "50 MB" in refusal(home)
    file.unlink()
    file.mkdir()
    assert "cannot be read" in refusal(home)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_place_of_the_file_is_refused_and_not_waited_for(home: Home) -> None:
    os.mkfifo(presets.own_file(home))
    assert "no file" in refusal(home)


def test_a_file_that_an_editor_of_windows_marked_as_unicode_is_read(home: Home) -> None:
    presets.own_file(home).write_bytes(b"\xef\xbb\xbf[platforms.tiktok]\nmax_s = 600\n")
    assert presets.deliveries(home)["tiktok"].longest_s == 600


def test_an_unknown_preset_is_refused_with_the_list(home: Home) -> None:
    assert [one.platform for one in presets.chosen(home, ["TikTok", "x", "tiktok"])] == [
        "tiktok",
        "x",
    ]
    with pytest.raises(InputError, match="'vine'") as refused:
        presets.chosen(home, ["x", "vine"])
    assert refused.value.failure.code == "preset_not_found"
    assert ", ".join(SHIPPED) in refused.value.failure.next_step


def test_without_a_home_folder_the_shipped_figures_count(tmp_path: Path) -> None:
    assert tuple(presets.deliveries(Home(tmp_path / "nowhere"))) == SHIPPED
