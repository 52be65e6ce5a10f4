"""Goal 9: the peak memory of every process, for two hours of video against ten minutes.

`clipforge process` runs whole (import, subtitles, clips, one export) on the same minute of video,
repeated; meanwhile the high-water mark of each of its processes is read again and again, and what
all of them hold at the same moment. The figures are the worst ratio among processes of the same
role, and the ratio of all together.
"""

import argparse
import json
import re
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import psutil

from tests import media_maker
from tests.benchmarks._measuring import clipforge, make_home, source, write_subtitles

_EVERY_S = 0.05
_TOGETHER = "all processes together"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short-s", type=float, default=600)
    parser.add_argument("--long-s", type=float, default=7200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short = peaks_mb(folder, options.short_s)
        long = peaks_mb(folder, options.long_s)
    ratios = {role: long[role] / short[role] for role in sorted(short.keys() & long.keys())}
    for role, ratio in ratios.items():
        print(f"{role:28} {short[role]:7.0f} MB {long[role]:7.0f} MB {ratio:5.2f}x")
    print(f"RESULT\tpeak memory, 2 h against 10 min\t{ratios.pop(_TOGETHER):.2f}x\t1.15x (9)")
    worst = max(ratios, key=lambda role: ratios[role])
    print(f"RESULT\tpeak memory, 2 h against 10 min, {worst}\t{ratios[worst]:.2f}x\t1.15x (9)")


def peaks_mb(folder: Path, seconds: float) -> dict[str, float]:
    """The highest memory of each role while a source of `seconds` is processed."""
    once, video = folder / "once.mp4", folder / f"{seconds:.0f}.mp4"
    if not once.exists():
        source(folder / "large.mp4", 36)
        media_maker.ffmpeg("-i", folder / "large.mp4", "-vf", "scale=640:360", once)
    media_maker.ffmpeg("-stream_loop", "-1", "-i", once, "-t", str(seconds), "-c", "copy", video)
    words = write_subtitles(folder / f"{seconds:.0f}.srt", seconds)
    home = make_home(folder / f"home-{seconds:.0f}")
    options = ("--count", "1", "--transcript", words, "--out", folder / "out")
    command = clipforge(home.root, "process", video, "--json", *options)
    highest: dict[str, float] = defaultdict(float)
    with (folder / "told.jsonl").open("w") as told, subprocess.Popen(command, stdout=told) as run:
        root = psutil.Process(run.pid)
        while run.poll() is None:
            together_mb = 0.0
            for process in (root, *_children(root)):
                role, peak_mb, held_mb = _reading(process)
                highest[role] = max(highest[role], peak_mb)
                together_mb += held_mb
            highest[_TOGETHER] = max(highest[_TOGETHER], together_mb)
            time.sleep(_EVERY_S)
    events = [json.loads(line) for line in (folder / "told.jsonl").read_text().splitlines()]
    assert events[-1]["clips"] == 1, events[-3:]
    highest.pop("", None)
    return highest


def _children(root: psutil.Process) -> list[psutil.Process]:
    try:
        return root.children(recursive=True)
    except psutil.Error:
        return []


def _reading(process: psutil.Process) -> tuple[str, float, float]:
    """What a process is for, its high-water mark and what it holds in MB; "" when it has gone."""
    try:
        said = " ".join(process.cmdline())
        status = Path(f"/proc/{process.pid}/status").read_text()
    except (psutil.Error, OSError):
        return "", 0.0, 0.0
    peak, held = (re.search(rf"{name}:\s+(\d+) kB", status) for name in ("VmHWM", "VmRSS"))
    if not peak or not held or not said:
        return "", 0.0, 0.0
    return _role(said), int(peak[1]) / 1000, int(held[1]) / 1000


def _role(command: str) -> str:
    if "leash" in command:
        return "leash"
    if "ffmpeg" in command.split()[0]:
        outputs = re.findall(r"(\.part|\.wav|\.m4a|null|f32le|s16le)", command)
        return f"ffmpeg to {outputs[-1]}" if outputs else "ffmpeg"
    queue = re.search(r"worker\W+([a-z_]+)", command)
    return f"worker {queue[1]}" if queue else "clipforge process"


if __name__ == "__main__":
    main()
