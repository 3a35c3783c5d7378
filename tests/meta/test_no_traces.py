"""Nothing in the project tells on the machine that it was written on."""

import re

from tests.meta.sources import named, text_files

HOME = re.compile(r"(?<![\w.~])(?:/home|/Users)/\w+|(?<![\w.~])/roo[t]/|[A-Z]:\\Users\\")


def test_no_file_names_a_home_folder() -> None:
    found = {named(path): HOME.findall(path.read_text(encoding="utf-8")) for path in text_files()}

    assert not {path: homes for path, homes in found.items() if homes}


def test_this_rule_sees_what_it_forbids() -> None:
    for folder in ("home", "Users"):
        assert HOME.search(f"see /{folder}/ada/bot")
    assert not HOME.search("https://example.org/home/ada")
