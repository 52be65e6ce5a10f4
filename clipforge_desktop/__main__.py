"""The front door: window, command line and the children's programs, each loading only its own.

`clipforge [FILE...]` opens the window; a verb goes to the command line. `worker`, `leash`,
`inspect` and `listen` are for ClipForge itself: it starts them as child processes.
"""

import sys
from pathlib import Path

VERBS = frozenset(
    {
        "process",
        "jobs",
        "styles",
        "presets",
        "library",
        "search",
        "subtitles",
        "exchange",
        "export",
        "render",
        "doctor",
        "window",
        "--help",
        "--version",
    }
)


def main() -> None:
    """Run whatever the arguments ask for, and exit with its code."""
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()  # a child process of ours ends in here
    arguments = sys.argv[1:]
    if arguments[:1] == ["leash"]:
        from clipforge_desktop.media import leash

        sys.exit(leash.main(arguments[1:]))
    if arguments[:1] == ["listen"]:
        from clipforge_desktop.jobs import listening

        sys.exit(listening.main(arguments[1:]))
    shared, words = split_globals(arguments)
    if words[:1] in (["worker"], ["inspect"], ["models"]):
        sys.exit(_workshop([*words, *shared]))
    from clipforge_desktop.cli import run

    is_verb = words[:1] and words[0] in VERBS
    sys.exit(run([*shared, *words] if is_verb else [*shared, "window", *words]))


def _workshop(arguments: list[str]) -> int:
    """`worker QUEUE`, `inspect` and `models [list|install NAME]`, with `--home` and `--offline`."""
    import argparse

    from clipforge_desktop.paths import Home, default_home

    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", type=Path, default=None)
    shared.add_argument("--offline", action="store_true")
    shared.add_argument("--json", action="store_true")
    parser = argparse.ArgumentParser(prog="clipforge")
    verbs = parser.add_subparsers(dest="verb", required=True)
    worker_verb = verbs.add_parser("worker", parents=[shared])
    worker_verb.add_argument("queue")
    worker_verb.add_argument("--idle-s", type=float, default=120.0)
    verbs.add_parser("inspect", parents=[shared])
    models = verbs.add_parser("models", parents=[shared], help="List and install models.")
    models.add_argument("action", nargs="?", choices=["list", "install"], default="list")
    models.add_argument("name", nargs="?", default="")
    options = parser.parse_args(arguments)
    home = Home(options.home.expanduser().absolute()) if options.home else default_home()
    home.create()
    if options.verb == "worker":
        from clipforge_desktop.jobs import worker

        return worker.main(options.queue, home, options.offline, idle_s=options.idle_s)
    if options.verb == "inspect":
        from clipforge_desktop.jobs import inspection

        return inspection.main(home)
    from clipforge_desktop.jobs import model_shelf

    if options.action == "list":
        return model_shelf.list_models(home, as_json=options.json)
    return model_shelf.install_model(
        home, options.name, is_offline=options.offline, as_json=options.json
    )


def split_globals(arguments: list[str]) -> tuple[list[str], list[str]]:
    """`--home DIR` and `--offline`, which may stand anywhere, and everything else."""
    shared: list[str] = []
    words: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            words += [word, *waiting]
            break
        if word == "--home" and waiting:
            shared += [word, waiting.pop(0)]
        elif word == "--offline" or word.startswith("--home="):
            shared.append(word)
        else:
            words.append(word)
    return shared, words


if __name__ == "__main__":
    main()
