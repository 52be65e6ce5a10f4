"""Names of files, made from whatever people say and call their videos."""

import pytest

from clipforge_desktop.domain.naming import LONGEST_STEM_BYTES, clip_stem, safe_stem


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Nobody shared it for the lens", "Nobody shared it for the lens"),
        ("../../etc/passwd", "etc passwd"),
        ("what? 50:50 * <b>", "what 50 50 b"),
        ("line\nbreak\ttab", "line break tab"),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("con", "clip"),
        ("LPT1.txt", "clip"),
        ("COM¹", "clip"),
        ("nul .mp4", "clip"),
        ("CONIN$", "clip"),
        ("   ", "clip"),
        ("zero\u200bwidth\u202eevil", "zero width evil"),
        ("trailing dots...", "trailing dots"),
    ],
)
def test_a_name_is_safe_on_every_system(given: str, expected: str) -> None:
    assert safe_stem(given) == expected


def test_long_names_are_cut_between_characters() -> None:
    stem = safe_stem("🎬" * 200)
    assert len(stem.encode()) <= LONGEST_STEM_BYTES
    assert set(stem) == {"🎬"}


def test_clips_of_a_source_sort_by_rank() -> None:
    stems = [clip_stem("Talk" * 40, rank, "T" * 300) for rank in (1, 2, 10)]
    assert stems == sorted(stems)
    assert all(len(stem.encode()) <= LONGEST_STEM_BYTES for stem in stems)
