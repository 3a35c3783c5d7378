"""`ledger`: every movement of money as recorded, and the sums."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Final

import typer

from bot.app.foundation import database_url
from bot.cli.shell import (
    ID_MAX,
    LIST_MAX,
    Cell,
    Column,
    said_model,
    settings_or_exit,
    tell,
    tell_table,
    told_in_a_sentence,
)
from bot.domain.figures import said_dollars, said_number
from bot.domain.job import JobId
from bot.domain.money.entries import Adjustment, Entry
from bot.features.terminal_jobs import asker
from bot.settings import Settings
from bot.storage.entries import (
    Of,
    Total,
    models_of,
    newest_adjustments,
    newest_entries,
    totals,
)
from bot.storage.maintenance.inspection import existing_store


def ledger(
    *,
    job: Annotated[str | None, typer.Option(help="Only this job's money.")] = None,
    server: Annotated[
        int | None, typer.Option(min=0, max=ID_MAX, help="Only this server's money, by its ID.")
    ] = None,
    user: Annotated[
        int | None, typer.Option(min=0, max=ID_MAX, help="Only this member's money, by their ID.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=LIST_MAX, help="How many entries to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """List the newest money movements: reserved, spent, returned. Totals come last."""
    settings = settings_or_exit()
    of = Of(job_id=job, guild_id=server, user_id=user)
    with told_in_a_sentence():
        entries, models, adjustments, sums = asyncio.run(_read(settings, of, limit))
    if as_json:
        document = {
            "entries": [asdict(one) | {"model_id": models.get(one.job_id)} for one in entries],
            "adjustments": list(map(asdict, adjustments)),
            "totals": list(map(asdict, sums)),
        }
        tell(json.dumps(document, indent=2, default=str))
        return
    if not (entries or adjustments or sums):
        tell("Nothing was ordered yet.")
        return
    if entries:
        tell_table(
            _MOVED,
            list(map(_cells, entries)),
            plain=[_line(one, models.get(one.job_id, "")) for one in entries],
            below=" ",
        )
    if adjustments:
        tell_table(
            _ADJUSTED,
            list(map(_adjusted_cells, adjustments)),
            plain=list(map(_adjusted, adjustments)),
            below=" ",
        )
    if sums:
        tell_table(_SUMS, list(map(_sum_cells, sums)), plain=list(map(_sum, sums)))


_MOVED: Final = (
    *(Column("when (UTC)"), Column("job", is_whole=True), Column("what")),
    *(Column("held", is_figure=True), Column("spent", is_figure=True)),
    Column("by"),
)
_ADJUSTED: Final = (
    *(Column("when (UTC)"), Column("limits of"), Column("in"), Column("period")),
    *(Column("spent", is_figure=True), Column("videos", is_figure=True)),
    *(Column("by"), Column("why")),
)
_SUMS: Final = (
    *(Column("in all, paid by"), Column("held", is_figure=True)),
    *(Column("spent", is_figure=True), Column("videos", is_figure=True)),
)


async def _read(
    settings: Settings, of: Of, limit: int
) -> tuple[Sequence[Entry], Mapping[JobId, str], Sequence[Adjustment], Sequence[Total]]:
    async with existing_store(database_url(settings)) as store:
        return (
            await newest_entries(store.database, of, limit=limit),
            await models_of(store.database, of, limit=limit),
            await newest_adjustments(store.database, of, limit=limit),
            await totals(store.database, of),
        )


def _line(entry: Entry, model_id: str) -> str:
    spent = said_dollars(entry.spent_change_microusd)
    return (
        f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.job_id}  {entry.kind.value:<8}  "
        f"held {said_dollars(entry.held_change_microusd):>8}  "
        f"spent {'~' if entry.is_estimate else ''}{spent}  "
        f"{said_model(model_id):<23}  by {asker(entry.user_id)}  {entry.why}"
    )


def _cells(entry: Entry) -> Sequence[Cell]:
    spent = said_dollars(entry.spent_change_microusd)
    return [
        f"{entry.at:%Y-%m-%d %H:%M}",
        entry.job_id,
        f"{entry.kind.value}: {entry.why}",
        _moved(said_dollars(entry.held_change_microusd), entry.held_change_microusd),
        _moved(f"{'~' if entry.is_estimate else ''}{spent}", entry.spent_change_microusd),
        asker(entry.user_id),
    ]


def _moved(said: str, microusd: int) -> Cell:
    return said, "dim" if microusd == 0 else "green" if microusd < 0 else ""


def _adjusted(adjustment: Adjustment) -> str:
    account = adjustment.account
    return (
        f"{adjustment.at:%Y-%m-%d %H:%M:%S}  limits of {account.subject_id} in "
        f"{account.owner_id}, {account.period}: "
        f"{said_dollars(adjustment.spent_change_microusd)} and "
        f"{said_number(adjustment.videos_change, 'video')}  "
        f"by {asker(adjustment.by_user_id)}  {adjustment.why}"
    )


def _adjusted_cells(adjustment: Adjustment) -> Sequence[Cell]:
    account = adjustment.account
    return [
        f"{adjustment.at:%Y-%m-%d %H:%M}",
        str(account.subject_id),
        str(account.owner_id),
        account.period,
        said_dollars(adjustment.spent_change_microusd),
        str(adjustment.videos_change),
        asker(adjustment.by_user_id),
        adjustment.why,
    ]


def _sum_cells(total: Total) -> Sequence[Cell]:
    return [
        "your key" if total.key_id is None else f"a server's key ({total.key_id})",
        said_dollars(total.held_microusd),
        (said_dollars(total.spent_microusd), "bold"),
        str(total.videos),
    ]


def _sum(total: Total) -> str:
    payer = "your key" if total.key_id is None else f"a server's key ({total.key_id})"
    return (
        f"In all, by {payer}: {said_dollars(total.held_microusd)} held, "
        f"{said_dollars(total.spent_microusd)} spent, {said_number(total.videos, 'video')}."
    )
