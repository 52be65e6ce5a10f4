"""Goal 15: the same command once more, and with nothing but another caption style.

The second run of `clipforge process` with nothing changed, as a share of the first. Then a third
with another style: it renders, but looks for no words, clips, cuts or faces again, which the
figure shows against the first run's. CPU seconds of everything that was started.
"""

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks._measuring import STYLE, clipforge, cost, make_home, source, write_subtitles


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source(folder / "source.mp4", options.seconds)
        words = write_subtitles(folder / "words.srt", options.seconds)
        home = make_home(folder / "home").root
        wanted = ("process", "source.mp4", "--count", "3", "--transcript", words, "--out", "out")
        first = cost(clipforge(home, *wanted, "--style", STYLE), folder)
        second = cost(clipforge(home, *wanted, "--style", STYLE), folder)
        restyled = cost(clipforge(home, *wanted, "--style", "punch"), folder)
        print(f"first {first}, again {second}, another style {restyled}")
    share = second.cpu_s / first.cpu_s
    print(f"RESULT\tsecond run, nothing changed, CPU\t{share:.1%} ({second.cpu_s:.1f} s)\t2 % (15)")
    print(f"RESULT\tanother caption style, CPU\t{restyled.cpu_s / first.cpu_s:.2f}x\t- (15)")


if __name__ == "__main__":
    main()
