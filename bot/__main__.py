"""`python -m bot`: the command line, imported while the garbage collector is off."""

import gc

# Imported modules live as long as the process. Collecting garbage meanwhile costs a tenth of a
# second of every start, and scanning all of it ever after would hold up the event loop.
gc.disable()

from bot.cli.commands import cli  # noqa: E402 - see above

gc.freeze()
gc.enable()

if __name__ == "__main__":
    cli()
