"""The window's own figures: first paint against a bare window, idle cost, ticks under load.

`python -m tests.benchmarks.window [--pairs N] [--idle-s S] [--load-s S]` prints goals 12 to 14.
Floor and subject run as child processes in turns, A B A B; the figure is the median of the
ratios of the pairs. It judges nothing and fails nothing.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from clipforge_desktop.paths import Home, resources

HEAVY = ("cv2", "faster_whisper", "av", "ctranslate2", "sqlite_utils", "pydantic", "numpy")
TICK_MS = 16
SETTLE_S = 15.0
UNCOMPILED = ("PYTHONDONTWRITEBYTECODE",)
COMPILED = Path(tempfile.gettempdir()) / "clipforge-benchmark-pyc"

BARE = """
import json, resource, sys
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        app.exit(0)
app = QApplication([])
window = Window()
window.resize(1440, 900)
window.show()
app.exec()
use = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([use.ru_utime + use.ru_stime, use.ru_maxrss, []]), flush=True)
import os; os._exit(0)
"""

OURS = """
import json, os, resource, sys
from pathlib import Path
from clipforge_desktop.paths import Home
from clipforge_desktop.ui import application
from PySide6.QtCore import QCoreApplication
def painted():
    use = resource.getrusage(resource.RUSAGE_SELF)
    heavy = [name for name in sys.argv[2].split() if name in sys.modules]
    print(json.dumps([use.ru_utime + use.ru_stime, use.ru_maxrss, heavy]), flush=True)
    os._exit(0)
make = application.Session.__init__
def init(self, *given, **named):
    make(self, *given, **named)
    self.window.painted.connect(painted)
application.Session.__init__ = init
application.run_window(Home(Path(sys.argv[1])), [], True)
"""

BARE_TICKS = """
import json, sys, time
from PySide6.QtCore import QTimer, Qt
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
late, last = [], [0.0]
def tick():
    now = time.perf_counter()
    if last[0]:
        late.append(max(0.0, (now - last[0]) * 1000 - {tick_ms}))
    last[0] = now
timer = QTimer(timerType=Qt.TimerType.PreciseTimer)
timer.timeout.connect(tick)
timer.start({tick_ms})
QTimer.singleShot(int(float(sys.argv[2]) * 1000), app.quit)
app.exec()
print(json.dumps(late), flush=True)
import os; os._exit(0)
"""

TICKS = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer, Qt
from clipforge_desktop.paths import Home
from clipforge_desktop.ui import application
late = []
last = [0.0]
def tick():
    now = time.perf_counter()
    if last[0]:
        late.append(max(0.0, (now - last[0]) * 1000 - {tick_ms}))
    last[0] = now
make = application.Session.__init__
def init(self, *given, **named):
    make(self, *given, **named)
    self.timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
    self.timer.timeout.connect(tick)
    self.live.loaded.connect(lambda: QTimer.singleShot(5000, lambda: self.timer.start({tick_ms})))
    def finish():
        print(json.dumps(late), flush=True)
        self.window.close()
    QTimer.singleShot(int(float(sys.argv[2]) * 1000), finish)
application.Session.__init__ = init
application.run_window(Home(Path(sys.argv[1])), [], True)
"""


def environment() -> dict[str, str]:
    """Compiled modules are kept, as in an installed program, whatever this shell says."""
    kept = {name: value for name, value in os.environ.items() if name not in UNCOMPILED}
    return {
        **kept,
        "PYTHONPYCACHEPREFIX": str(COMPILED),
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
    }


def child(code: str, *arguments: str) -> "list[object]":
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment(), timeout=300, check=True
    )
    answer: list[object] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def first_paint(pairs: int) -> None:
    """Goal 14."""
    with tempfile.TemporaryDirectory() as folder:  # compiles the modules, and is not counted
        child(OURS, folder, "")
    ratios: list[tuple[float, float]] = []
    heavy: object = []
    for _ in range(pairs):
        with tempfile.TemporaryDirectory() as folder:
            bare = child(BARE)
            ours = child(OURS, folder, " ".join(HEAVY))
        heavy = ours[2]
        ratios.append((_ratio(ours, bare, 0), _ratio(ours, bare, 1)))
    cpu, memory = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(f"RESULT\tfirst painted window, CPU\t{cpu:.2f}x a bare window\t<= 2.0x")
    print(f"RESULT\tfirst painted window, memory\t{memory:.2f}x a bare window\t<= 1.8x")
    print(f"RESULT\theavy libraries loaded by then\t{heavy}\tnone")


def _ratio(subject: "list[object]", floor: "list[object]", column: int) -> float:
    return float(str(subject[column])) / float(str(floor[column]))


def idle(seconds: float) -> None:
    """Goal 13: the window open and nothing to do."""
    with tempfile.TemporaryDirectory() as folder:
        code = TICKS.format(tick_ms=3_600_000)
        process = subprocess.Popen(
            [sys.executable, "-c", code, folder, str(seconds + SETTLE_S + 4)],
            env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        watched = psutil.Process(process.pid)
        _settle(process, SETTLE_S)
        before = watched.cpu_times()
        _settle(process, seconds)
        after = watched.cpu_times()
        workers = len(watched.children(recursive=True))
        process.wait(60)
    spent = (after.user + after.system) - (before.user + before.system)
    print(f"RESULT\tidle, {seconds:.0f} s\t{spent / seconds:.2%} of a core\t<= 0.5 %")
    print(f"RESULT\tworker processes while idle\t{workers}\t0")


def _settle(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    raise RuntimeError("the window ended early")


def ticks_under_load(seconds: float) -> None:
    """Goal 12: how late a 16 ms timer of the window comes while two encoders run."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        furnish(home)
        burners = [_encoder(3 * seconds) for _ in range(2)]
        try:
            for name, code in (("bare window", BARE_TICKS), ("window", TICKS)):
                late = sorted(
                    map(float, map(str, child(code.format(tick_ms=TICK_MS), folder, str(seconds))))
                )
                if late:
                    p95, p99 = late[int(len(late) * 0.95)], late[int(len(late) * 0.99)]
                    print(
                        f"RESULT\ttick late, two encoders run, {name}, p95\t{p95:.1f} ms\t<= 16 ms"
                    )
                    print(
                        f"RESULT\ttick late, two encoders run, {name}, p99\t{p99:.1f} ms\t<= 33 ms"
                    )
        finally:
            for burner in burners:
                burner.kill()
                burner.wait()


def _encoder(seconds: float) -> "subprocess.Popen[bytes]":
    """An encode as an export runs it: one thread of x264 at full tilt."""
    import imageio_ffmpeg

    source = f"testsrc2=size=1080x1920:rate=30:duration={seconds * 4}"
    return subprocess.Popen(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-f", "lavfi", "-i", source,
            "-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-f", "null", "-",
        ]
    )  # fmt: skip


def furnish(home: Home) -> None:
    """A library with one finished video, so that the player has a clip open."""
    from clipforge_desktop.store import Store
    from tests.gui import furnishing as f

    sample = resources() / "sample" / "talk.mp4"
    with Store.open(home) as store:
        media = f.media_of(home, sample, "talk", 85.0)
        store.library.save_transcript("talk", "p", f.transcript_of(f.spoken(80.0)))
        source_id, order_id = f.add_source(store, sample, "talk.mp4", media)
        f.add_clips(
            store, source_id, order_id, [f.found(n, [(n * 9, n * 9 + 15)]) for n in range(6)]
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--idle-s", type=float, default=60.0)
    parser.add_argument("--load-s", type=float, default=20.0)
    options = parser.parse_args()
    first_paint(options.pairs)
    idle(options.idle_s)
    ticks_under_load(options.load_s)


if __name__ == "__main__":
    main()
