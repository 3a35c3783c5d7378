"""`.env.example` names each setting once, as the model has it: name, default and explanation."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.domain.money.ledger import Caps
from bot.settings import Settings, load_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
BLOCK = re.compile(
    r"(?P<explained>(?:^# .+\n)+)(?P<off>#?)(?P<name>[A-Z_]+)=(?P<value>.*)$", re.MULTILINE
)
SECRETS = {"DISCORD_TOKEN": "a.canary", "RUNCOMFY_API_KEY": "b-canary"}
SWITCHED_ON = {"TOTAL_LIMIT": "5 USD/day"}
"""What stands there without being the default, so that a new bot cannot spend a whole balance."""


def blocks() -> dict[str, re.Match[str]]:
    found = list(BLOCK.finditer(EXAMPLE.read_text(encoding="utf-8")))
    assert len({block["name"] for block in found}) == len(found), "each is named once"
    return {block["name"].lower(): block for block in found}


def test_it_names_the_settings_in_their_order() -> None:
    assert list(blocks()) == list(Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_it_explains_each_in_the_models_own_words(name: str) -> None:
    explained = blocks()[name]["explained"].splitlines()

    assert explained[0] == f"# {Settings.model_fields[name].description}"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_only_the_required_ones_wait_to_be_filled_in(name: str) -> None:
    block = blocks()[name]

    if name.upper() in SWITCHED_ON:
        return
    assert (block["off"] == "") is Settings.model_fields[name].is_required()
    assert not (block["off"] == "" and block["value"])


def test_the_defaults_that_it_shows_are_the_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    switched_off = dict.fromkeys(SWITCHED_ON, "")
    shown = {block["name"]: block["value"] for block in blocks().values()} | SECRETS | switched_off
    everything, secrets = tmp_path / "everything", tmp_path / "secrets"
    everything.write_text("".join(f"{name}={value}\n" for name, value in shown.items()))
    secrets.write_text("".join(f"{name}={value}\n" for name, value in SECRETS.items()))

    assert isinstance(load_settings(env_file=everything), Settings)
    assert load_settings(env_file=everything) == load_settings(env_file=secrets)
    for name, field in Settings.model_fields.items():
        assert bool(shown[name.upper()]) is (field.is_required() or field.default is not None), name


def test_as_it_is_it_only_asks_for_the_two_secrets_and_sets_one_limit() -> None:
    assert dotenv_values(EXAMPLE) == dict.fromkeys(SECRETS, "") | SWITCHED_ON


def test_as_it_is_nobody_spends_more_than_five_dollars_a_day(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    written = EXAMPLE.read_text(encoding="utf-8")
    for name, value in SECRETS.items():
        written = written.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    env_file.write_text(written, encoding="utf-8")
    settings = load_settings(env_file=env_file)
    assert isinstance(settings, Settings)
    assert settings.total_limit == Caps(day_microusd=5_000_000)
    assert not settings.direct_messages
