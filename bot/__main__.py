"""`python -m bot`: the command line, imported while the collector of garbage rests."""

import gc

# What is imported stays for as long as the process. To look for garbage meanwhile takes a tenth of
# a second of every start, and to look through all of it ever after holds up the event loop.
gc.disable()

from bot.cli.commands import cli  # noqa: E402 - see above

gc.freeze()
gc.enable()

if __name__ == "__main__":
    cli()
