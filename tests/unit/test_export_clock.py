"""The clip's grid of frames and samples: exact lengths, no drift, few inputs."""

from fractions import Fraction

import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.source import MediaInfo, VideoStream
from clipforge_desktop.stages.export.clock import clip_clock, plan_reads

NTSC = Fraction(30000, 1001)


def info(*, container: str = "mov,mp4", start_s: float = 0.0, variable: bool = False) -> MediaInfo:
    video = VideoStream(0, "h264", 640, 360, 30.0, variable, 0, False, (1, 1), "yuv420p", False, "")
    return MediaInfo(container, 1, 3600.0, start_s, video, ())


def test_many_short_pieces_never_drift_from_the_clip_clock() -> None:
    pieces = tuple(Piece(n * 1.0, n * 1.0 + 0.317) for n in range(200))
    clock = clip_clock(pieces, NTSC, 48_000)
    assert clock.frames == round(200 * 0.317 * NTSC)
    samples = sum(piece.samples for piece in clock.pieces)
    assert samples == round(clock.frames * 48_000 / NTSC)
    shown = 0
    for number, piece in enumerate(clock.pieces):
        wanted_s = number * 0.317
        assert abs(float(shown / NTSC) - wanted_s) <= 0.5 / float(NTSC) + 1e-9
        assert abs(piece.start_s - number) <= 0.5 / float(NTSC) + 1e-9
        shown += piece.frames


def test_the_first_piece_begins_exactly_where_it_was_cut() -> None:
    clock = clip_clock((Piece(12.345, 20.0),), Fraction(25), 48_000)
    assert clock.pieces[0].start_s == 12.345
    assert clock.duration_s == pytest.approx(7.64)


def test_a_piece_shorter_than_half_a_frame_vanishes_and_a_clip_never_does() -> None:
    clock = clip_clock((Piece(1, 2), Piece(3, 3.001), Piece(4, 5)), Fraction(25), 48_000)
    assert len(clock.pieces) == 2
    assert clip_clock((Piece(1, 1.001),), Fraction(25), 48_000).frames == 1


def test_near_pieces_share_an_input_and_far_or_earlier_ones_do_not() -> None:
    pieces = (Piece(10, 12), Piece(12.5, 14), Piece(300, 302), Piece(20, 21))
    reads = plan_reads(clip_clock(pieces, Fraction(30), 48_000), info())
    assert [len(read.pieces) for read in reads] == [2, 1, 1]
    assert [round(read.seek_s, 1) for read in reads] == [9.9, 299.9, 19.9]


def test_a_seek_is_on_the_clock_of_the_container() -> None:
    clock = clip_clock((Piece(10, 12),), Fraction(30), 48_000)
    assert plan_reads(clock, info(start_s=10.0))[0].seek_s == pytest.approx(19.9)


def test_containers_without_an_index_and_variable_rates_are_sought_earlier() -> None:
    clock = clip_clock((Piece(60, 62),), Fraction(30), 48_000)
    assert plan_reads(clock, info(container="mpegts"))[0].seek_s < 51
    assert plan_reads(clock, info(variable=True))[0].seek_s == pytest.approx(58.0)
