"""The dashboard and the alerts speak of metrics that there are, and each alert is explained."""

import json
import re
from typing import Any

import pytest
import yaml

from bot.observability.metrics.monitor import Monitor
from bot.storage import open_store
from bot.storage.census import SqlCensus
from tests.clocks import FakeClock
from tests.meta.sources import ROOT

DASHBOARD = ROOT / "deploy/grafana/dashboard.json"
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
HANDBOOK = ROOT / "docs/when-it-breaks.md"
SECTION = "## What each alert means"
PROMETHEUS_OWN = {"up"}

METRIC = re.compile(r"\b(?:kling|process)_\w+|\bup\b")
SELECTOR = re.compile(r"(?P<name>(?:kling|process)_\w+)\{(?P<labels>[^}]*)\}")
MATCHER = re.compile(r'(?P<label>\w+)(?P<how>=~|!~|=|!=)"(?P<value>[^"]*)"')
ADDED_BY_PROMETHEUS = {"instance", "job", "le"}


def expressions() -> list[str]:
    """Every query of either file."""
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    queries = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    found = [*queries, *(rule["expr"] for rule in alerts())]
    assert len(found) > 30
    return found


def alerts() -> list[dict[str, Any]]:
    """Every rule."""
    (group,) = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return group["rules"]


Series = dict[str, list[dict[str, str]]]


@pytest.fixture
async def series(sqlite_url: str) -> Series:
    """The labels of each series of a bot that was asked once, by its name."""
    monitor = Monitor(clock=FakeClock())
    async with open_store(sqlite_url) as store:
        monitor.ask(SqlCensus(database=store.database))
        await monitor.refresh()
    found: Series = {}
    for metric in monitor.registry.collect():
        for sample in metric.samples:
            found.setdefault(sample.name, []).append(dict(sample.labels))
    return found


def test_every_metric_that_they_name_is_there(series: Series) -> None:
    named = {name for expression in expressions() for name in METRIC.findall(expression)}

    assert len(named) > 15
    assert named - PROMETHEUS_OWN <= series.keys()


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    dashboard = DASHBOARD.read_text(encoding="utf-8")
    monitor = Monitor(clock=FakeClock())
    ours = {metric.name for metric in monitor.registry.collect() if "kling" in metric.name}

    assert len(ours) >= 18
    assert not {name for name in ours if name not in dashboard}


def test_every_label_that_they_choose_by_takes_such_values(series: Series) -> None:
    checked = 0
    for selector in (
        found for expression in expressions() for found in SELECTOR.finditer(expression)
    ):
        there = series[selector["name"]]
        for label, how, wanted in MATCHER.findall(selector["labels"]):
            if label in ADDED_BY_PROMETHEUS:
                continue
            values = {labels.get(label) for labels in there}
            for value in wanted.split("|") if "~" in how else [wanted]:
                assert value in values, f"{label} of {selector['name']} is never {value}"
                checked += 1

    assert checked >= 10


def test_the_dashboard_asks_the_source_that_its_reader_picks() -> None:
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    shown = [panel for panel in dashboard["panels"] if panel["type"] != "row"]

    assert variables == {"datasource", "instance"}
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in shown)
    assert all(panel["description"].endswith(".") for panel in shown)
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


def test_no_panel_lies_on_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_says_in_a_sentence_what_is_wrong_and_where_to_read_on(
    alert: dict[str, Any],
) -> None:
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert alert["annotations"]["summary"].endswith(".")
    assert alert["annotations"]["runbook"] == f"docs/when-it-breaks.md#{alert['alert'].lower()}"


def test_every_alert_is_explained_and_nothing_else_is() -> None:
    section = HANDBOOK.read_text(encoding="utf-8").partition(f"{SECTION}\n")[2]
    explained = re.findall(r"^### (\w+)$", section.partition("\n## ")[0], re.MULTILINE)

    assert explained == [alert["alert"] for alert in alerts()]
