"""The front door: window, command line, worker, leash or inspection, each loading only its own.

`clipforge [FILE...]` opens the window; a verb goes to the command line. `worker`, `leash` and
`inspect` are for ClipForge itself: the supervisor starts them as child processes.
"""

import sys
from pathlib import Path

VERBS = frozenset(
    {"process", "jobs", "library", "search", "doctor", "models", "window", "--help", "--version"}
)


def main() -> None:
    """Run whatever the arguments ask for, and exit with its code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["leash"]:
        from clipforge_desktop.media import leash

        sys.exit(leash.main(arguments[1:]))
    if arguments[:1] in (["worker"], ["inspect"]):
        sys.exit(_workshop(arguments))
    from clipforge_desktop.cli import run

    sys.exit(run(_with_verb(_globals_first(arguments))))


def _workshop(arguments: list[str]) -> int:
    """`worker QUEUE --home DIR [--offline]` and `inspect --home DIR`."""
    import argparse

    from clipforge_desktop.paths import Home

    parser = argparse.ArgumentParser(prog="clipforge")
    parser.add_argument("kind")
    parser.add_argument("queue", nargs="?", default="")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--offline", action="store_true")
    options = parser.parse_args(arguments)
    if options.kind == "inspect":
        from clipforge_desktop.jobs import inspection

        return inspection.main(Home(options.home))
    from clipforge_desktop.jobs import worker

    return worker.main(options.queue, Home(options.home), is_offline=options.offline)


def _globals_first(arguments: list[str]) -> list[str]:
    """`--home DIR` and `--offline` work before and after the verb."""
    first: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        if word == "--home" and waiting:
            first += [word, waiting.pop(0)]
        elif word == "--offline" or word.startswith("--home="):
            first.append(word)
        else:
            rest.append(word)
    return [*first, *rest]


def _with_verb(arguments: list[str]) -> list[str]:
    """Files without a verb open the window."""
    index = 0
    while index < len(arguments) and arguments[index].startswith(("--home", "--offline")):
        index += 2 if arguments[index] == "--home" else 1
    if index < len(arguments) and arguments[index] in VERBS:
        return arguments
    return [*arguments[:index], "window", *arguments[index:]]


if __name__ == "__main__":
    main()
