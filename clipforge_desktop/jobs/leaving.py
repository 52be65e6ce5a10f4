"""When a worker must go: its desk died, the system asks, or there is nothing left to do.

The desk holds the other end of our stdin; whatever ends the desk closes it. From then on a
clock of its own makes sure that this process is gone within two seconds.
"""

import logging
import os
import signal
import sys
import threading
from types import FrameType

logger = logging.getLogger(__name__)

EXIT_LEFT = 0
EXIT_TAKEN = 3  # another worker holds the queue
HARD_EXIT_S = 1.8


class Leaving:
    """One-way switch: once thrown, the worker gives its jobs back and ends."""

    def __init__(self, woken: threading.Event) -> None:
        self._woken = woken
        self.has_begun = threading.Event()
        self._bell_read, self._bell = os.pipe()
        self._is_listening = False

    def begin(self, why: str) -> None:
        """Throw the switch; from the second time on nothing happens."""
        if self.has_begun.is_set():
            return
        self.has_begun.set()
        self._woken.set()
        timer = threading.Timer(HARD_EXIT_S, os._exit, (EXIT_LEFT,))
        timer.daemon = True
        timer.start()
        logger.info("leaving: %s", why)

    def watch_leash(self) -> None:
        """Leave when stdin ends."""
        threading.Thread(target=self._read_leash, name="leash", daemon=True).start()

    def watch_signals(self) -> None:
        """Leave when the system or a terminal asks; call it on the main thread."""
        if not self._is_listening:
            self._is_listening = True
            threading.Thread(target=self._hear_bell, name="signals", daemon=True).start()
        for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
            number = getattr(signal, name, None)
            if number is not None:
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Only ring: begin() takes locks that the interrupted main thread may hold."""
        os.write(self._bell, bytes([number]))

    def _hear_bell(self) -> None:
        number = os.read(self._bell_read, 1)[0]
        self.begin(f"signal {number}")

    def _read_leash(self) -> None:
        try:
            while sys.stdin is not None and os.read(sys.stdin.fileno(), 4096):
                pass
        except (OSError, ValueError):
            pass
        self.begin("the desk is gone")
