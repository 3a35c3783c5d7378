"""`python -m bot`: the command line, imported while the garbage collector is off."""

import gc
import sys


def cli() -> None:
    """Do what the command line says.

    A plain `run`, which serves for months, does without the command line's library and without
    the other commands: 2 MiB and 40 ms.
    """
    # Imported modules live as long as the process. Collecting garbage meanwhile costs a tenth of a
    # second of every start, and scanning all of it ever after would hold up the event loop.
    gc.disable()
    if sys.argv[1:] == ["run"]:
        from bot.app.run import run  # noqa: PLC0415 - see above
        from bot.cli.serve import serve  # noqa: PLC0415 - see above

        _all_is_imported()
        sys.exit(serve(run))
    from bot.cli.commands import cli as commands  # noqa: PLC0415 - see above

    _all_is_imported()
    commands()


def _all_is_imported() -> None:
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    cli()
