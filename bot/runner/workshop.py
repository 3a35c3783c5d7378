"""The workshop: what all watches share, so that an engine only has to name the job."""

from random import Random

from bot.domain.job import JobId
from bot.domain.ports import Announcer, Clock, Copier, JobStore, MediaSource, Providers, ResultFiles
from bot.runner.account_gates import AccountGates
from bot.runner.delivery import Deliverer
from bot.runner.line import Line
from bot.runner.polling import Polling
from bot.runner.preparing import Preparer
from bot.runner.sending import Sender
from bot.runner.watch import Signals, Watch


class Workshop:
    """Makes watches around one line, one sender and one deliverer."""

    def __init__(
        self,
        *,
        store: JobStore,
        providers: Providers,
        line: Line,
        media_source: MediaSource,
        announcer: Announcer,
        clock: Clock,
        random: Random,
        files: ResultFiles,
        copier: Copier | None,
        polling: Polling,
    ) -> None:
        self._store = store
        self._providers = providers
        self._announcer = announcer
        self._clock = clock
        self._random = random
        self._polling = polling
        self._sender = Sender(
            store=store,
            providers=providers,
            gates=AccountGates(clock=clock),
            line=line,
            clock=clock,
            random=random,
        )
        self._deliverer = Deliverer(
            store=store,
            preparer=Preparer(
                media_source=media_source, files=files, copier=copier, clock=clock, random=random
            ),
            files=files,
            announcer=announcer,
            clock=clock,
            random=random,
        )

    def watch(self, job_id: JobId, signals: Signals) -> Watch:
        """A watch of one job, from whatever state its row is in."""
        return Watch(
            job_id,
            store=self._store,
            providers=self._providers,
            announcer=self._announcer,
            sender=self._sender,
            deliverer=self._deliverer,
            polling=self._polling,
            clock=self._clock,
            random=self._random,
            signals=signals,
        )
