"""A command written as one line means what Discord would take it for."""

import pytest

from bot.playground.typed import CatalogueEntry, TypedOption, as_command, options_in


def option(name: str, kind: str = "string", *, required: bool = False) -> TypedOption:
    return {"name": name, "type": kind, "required": required}


OPTIONS = [
    option("prompt", required=True),
    option("duration", "integer"),
    option("aspect"),
    option("sound", "boolean"),
    option("negative_prompt"),
]
KLING: CatalogueEntry = {
    "commandId": "7",
    "path": ["kling"],
    "invocation": "kling",
    "schemaFingerprint": "f",
    "options": OPTIONS,
}
KITE = "a red kite over the sea"


def message(content: str) -> dict[str, object]:
    return {"kind": "send_message", "content": content, "sequence": 3}


def test_a_line_becomes_the_command_that_it_spells_out() -> None:
    action = as_command(message(f" /kling prompt:{KITE} duration:5 aspect:16:9\n"), [KLING])

    assert action["kind"] == "run_command"
    assert (action["command_id"], action["path"]) == ("7", ["kling"])
    assert action["schema_fingerprint"] == "f"
    assert action["options"] == {"prompt": KITE, "duration": "5", "aspect": "16:9"}
    assert action["sequence"] == 3


@pytest.mark.parametrize("content", ["hello", "kling a kite", "/klingon a kite", "/other", "/"])
def test_anything_else_stays_a_message(content: str) -> None:
    assert as_command(message(content), [KLING]) == message(content)


def test_what_is_no_message_is_left_alone() -> None:
    click = {"kind": "click", "content": "/kling a kite"}

    assert as_command(click, [KLING]) is click


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        (KITE, {"prompt": KITE}),
        (f"{KITE} duration:5", {"prompt": KITE, "duration": "5"}),
        (f"duration: 5 prompt : {KITE}", {"duration": "5", "prompt": KITE}),
        ("prompt:a kite negative_prompt:a cat", {"prompt": "a kite", "negative_prompt": "a cat"}),
        ("prompt:a sign sound:False", {"prompt": "a sign", "sound": False}),
        ("prompt:a sign sound:TRUE", {"prompt": "a sign", "sound": True}),
        ("prompt:a sign sound:maybe", {"prompt": "a sign", "sound": "maybe"}),
        ("prompt:two\nlines", {"prompt": "two\nlines"}),
        ("prompt:a note: ultrasound:on", {"prompt": "a note: ultrasound:on"}),
        ("prompt:it says prompt: go", {"prompt": "it says prompt: go"}),
        ("prompt:a kite aspect:1:1 prompt:go", {"prompt": "a kite", "aspect": "1:1 prompt:go"}),
        ("a kite that says prompt:go", {"prompt": "a kite that says prompt:go"}),
        ("prompt: duration:", {"prompt": "", "duration": ""}),
    ],
)
def test_names_part_the_line_into_values(text: str, options: dict[str, str | bool]) -> None:
    assert options_in(text, OPTIONS) == options


def test_words_without_a_name_need_a_required_option_to_belong_to() -> None:
    assert options_in("a kite sound:true", [option("sound", "boolean")]) == {"sound": True}
