"""`python -m tests.benchmarks [NAME...]` runs every benchmark script here and writes one table.

Each script is run as a program of its own, so that none warms the next. A script prints its
figures for people; a line `RESULT<tab>what<tab>figure<tab>goal` becomes a row of the table,
and the last line it printed stands in where it wrote none. Nothing here fails a build.
"""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
MARK = "RESULT\t"


@dataclass(frozen=True)
class Row:
    script: str
    what: str
    figure: str
    goal: str


def rows_of(script: str, output: str, exit_code: int) -> list[Row]:
    """The table rows in what a script printed; one row about its end when it wrote none."""
    rows: list[Row] = []
    for line in output.splitlines():
        if line.startswith(MARK):
            what, figure, goal = [*line.removeprefix(MARK).split("\t"), "", "", ""][:3]
            rows.append(Row(script, what, figure, goal))
    if exit_code:
        rows.append(Row(script, "ended early", f"exit code {exit_code}", ""))
    elif not rows:
        said = [line.strip() for line in output.splitlines() if line.strip()]
        rows.append(Row(script, said[-1] if said else "printed nothing", "", ""))
    return rows


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| Script | What | Figure | Goal |", "|---|---|---|---|"]
    lines += [f"| {row.script} | {row.what} | {row.figure} | {row.goal} |" for row in rows]
    return "\n".join(lines) + "\n"


def run(script: str, limit_s: float) -> list[Row]:
    """Run one script, showing what it prints, and read its rows."""
    command = [sys.executable, "-m", f"tests.benchmarks.{script}"]
    print(f"\n== {script}", flush=True)
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        return [Row(script, "stopped", f"ran past {limit_s:.0f} s", "")]
    print(done.stdout, end="", flush=True)
    if done.returncode:
        print(done.stderr, end="", file=sys.stderr, flush=True)
    return rows_of(script, done.stdout, done.returncode)


def main() -> int:
    """Run the named scripts, or all; print the table, and write it where `--out` says."""
    present = sorted(file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("_"))
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(present))
    parser.add_argument("--out", type=Path, help="write the table into this file")
    parser.add_argument("--limit-s", type=float, default=1800, help="longest run of one script")
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(present))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    started = time.monotonic()
    rows = [row for name in options.names or present for row in run(name, options.limit_s)]
    report = table(rows)
    print(f"\n{report}\n{len(rows)} rows in {time.monotonic() - started:.0f} s")
    if options.out:
        options.out.write_text(report, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
