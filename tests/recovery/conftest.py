"""The bench as a fixture: whatever a test provoked, the oracle has the last word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clipforge_desktop.paths import Home
from tests.recovery import oracle
from tests.recovery.bench import Bench, Zygote


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture
def bench(home: Home, tmp_path: Path, zygote: Zygote) -> Iterator[Bench]:
    bench = Bench(home, tmp_path, zygote)
    yield bench
    bench.tell()
    bench.close()
    oracle.assert_in_order(home, (bench.out,))
