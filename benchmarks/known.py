"""Known: from the service's "completed" to the video on the card, for jobs that take their time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

from benchmarks.delivery import service_and_bot
from benchmarks.processes import line_of, tell
from benchmarks.report import Bar, Report

SIZE_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Flow:
    """Jobs that are sent one after the other, to a bot and a service of their own."""

    name: str
    times_s: Sequence[float]
    apart_s: float
    median_bar_s: float
    longest_bar_s: float


LONGER_AND_LONGER_S: Final = [12 + 3.3 * number / 9 for number in range(10)]
FLOWS: Final = (
    Flow("12 to 15.3 s, two live", LONGER_AND_LONGER_S, 8, 1.0, 2.2),
    Flow("12 to 15.3 s, four to five live", LONGER_AND_LONGER_S, 3, 2.0, 4.5),
    Flow("240 s, two live", [240, 240], 8, 1.0, 2.2),
    Flow("240 s, four live", [240, 240, 240, 240], 8, 2.0, 4.5),
)


async def run(flows: Sequence[Flow] = FLOWS) -> Report:
    """Let all flows run side by side."""
    all_found = await asyncio.gather(*(known(flow) for flow in flows))
    rows: list[dict[str, str]] = []
    bars: list[Bar] = []
    for flow, found in zip(flows, all_found, strict=True):
        late_s, polls = [late for late, _ in found], [polls for _, polls in found]
        median_s, longest_s = median(late_s), max(late_s)
        rows.append(
            {
                "jobs": f"{len(found)} of {flow.name}",
                "apart": f"{flow.apart_s:g} s",
                "median": f"{median_s:.2f} s",
                "longest": f"{longest_s:.2f} s",
                "polls per job": f"{fmean(polls):.1f}",
            }
        )
        bars.append(
            Bar(
                f"{flow.name}: median ≤ {flow.median_bar_s:g} s, longest ≤ {flow.longest_bar_s} s",
                f"{median_s:.2f} and {longest_s:.2f} s",
                median_s <= flow.median_bar_s and longest_s <= flow.longest_bar_s,
            )
        )
    return Report(
        title="Known",
        what=(
            'From the service\'s "completed" to the end of the upload to the card, of files of '
            f"{SIZE_BYTES // 1_000_000} MB. Each line has a bot, a service and a Discord of its "
            "own; all run side by side."
        ),
        tables=[rows],
        bars=bars,
    )


async def known(flow: Flow) -> list[tuple[float, int]]:
    """Of each job, how long its end was not on the card, and its polls."""
    request_ids = [f"{SIZE_BYTES}-{number}" for number in range(len(flow.times_s))]
    async with service_and_bot() as (service, bot):
        for request_id, took_s in zip(request_ids, flow.times_s, strict=True):
            tell(service, f"{request_id} {took_s}")
            tell(bot, f"{request_id} begin")
            await asyncio.sleep(flow.apart_s)
        found: list[tuple[float, int]] = []
        for request_id in request_ids:
            tell(service, request_id)
            late_s, polls = (await line_of(service)).split()
            found.append((float(late_s), int(polls)))
    return found
