"""Every check of the source in one command: `python -m tests.checks`.

Runs the linter, the formatter in check mode, the type checker and the import contracts, all
of them even when one fails, and ends with exit code 1 if any did. `.ci/run` and the
workflow call this same module.
"""

import subprocess
import sys
import sysconfig
from pathlib import Path

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run all checks from the root of the checkout; 0 when every one is clean."""
    scripts = Path(sysconfig.get_path("scripts"))
    failed: list[str] = []
    for name, *arguments in CHECKS:
        title = " ".join((name, *arguments))
        sys.stdout.write(f"+ {title}\n")
        sys.stdout.flush()
        if subprocess.run([str(scripts / name), *arguments], cwd=ROOT, check=False).returncode:
            failed.append(title)
    sys.stdout.write(f"Failed: {', '.join(failed)}\n" if failed else "All checks are clean.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
