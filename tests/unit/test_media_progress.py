"""ffmpeg's progress lines become values, whatever ffmpeg leaves out."""

import pytest

from clipforge_desktop.media.progress import blocks, parse, reports

LINES = """frame=50
fps=25.0
bitrate= 700.1kbits/s
total_size=100000
out_time_us=2000000
out_time=00:00:02.000000
speed=4.0x
progress=continue
frame=100
total_size=200000
out_time_us=4000000
speed=5x
progress=end
""".splitlines()


def test_a_block_tells_time_frames_bytes_and_what_is_left() -> None:
    first, last = (parse(block, 8.0) for block in blocks(LINES))
    assert (first.out_time_s, first.frames, first.total_bytes) == (2.0, 50, 100000)
    assert first.fraction == pytest.approx(0.25)
    assert first.seconds_left == pytest.approx(1.5)
    assert last.fraction == pytest.approx(0.5)


def test_without_a_known_length_there_is_no_fraction_and_no_time_left() -> None:
    report = parse(next(blocks(LINES)), None)
    assert report.fraction is None
    assert report.seconds_left is None


@pytest.mark.parametrize(
    "block",
    [
        {"out_time_us": "N/A", "frame": "N/A", "total_size": "N/A", "speed": "N/A"},
        {"out_time_us": "-21333", "speed": ""},
        {},
    ],
)
def test_what_ffmpeg_does_not_know_yet_counts_as_nothing(block: dict[str, str]) -> None:
    report = parse(block, 10.0)
    assert (report.out_time_s, report.frames, report.fraction) == (0.0, 0, 0.0)
    assert report.seconds_left is None


def test_an_unfinished_block_and_foreign_lines_are_dropped() -> None:
    assert list(blocks(["hello", "frame=1", "progress=continue", "frame=2"])) == [
        {"frame": "1", "progress": "continue"}
    ]


def test_more_output_than_expected_is_still_at_most_all_of_it() -> None:
    assert parse({"out_time_us": "9000000"}, 8.0).fraction == 1.0


def test_what_was_reached_stays_reached() -> None:
    times = ("400000", "N/A", "300000", "-9223372036854775807", "900000")
    lines = [line for time in times for line in (f"out_time_us={time}", "progress=continue")]
    assert [report.out_time_s for report in reports(lines, 1.0)] == [0.4, 0.4, 0.4, 0.4, 0.9]
