"""`python -m tests.meta.shape`: the shape of the house in figures, as `test_shape` holds it."""

import ast
import io
import re
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.meta.sources import PRODUCT, ROOT, line_count, named, parsed, python_files

FOREIGN = re.compile(
    r"\b(whoever|whichever|somebody|nobody|anew|of whom|sees? to it|how-manieth|thereof)\b",
    re.IGNORECASE,
)
"""Words that no person who grew up with English would write into a program."""
ING_IS_A_NOUN = {"key_ring", "ordering", "pacing", "polling", "sending", "spending"}
OUTSIDE = {
    "bot/observability/metrics/discord.py:HeardClient": "discord.Client",
}
"""The side of a protocol that a library has."""


def figures() -> Mapping[str, int]:
    """What is counted, and how often it is there."""
    files = python_files(*PRODUCT)
    protocols = one_sided()
    return {
        "entries in bot/": len(entries()),
        "files in bot and cogs": len(files),
        "lines in bot and cogs": sum(line_count(path) for path in files),
        "files in the largest folder": max(in_folders().values()),
        "lines of the longest file": max(line_count(path) for path in files),
        "protocols": len(protocols),
        "protocols with one side": sum(len(sides) < 2 for sides in protocols.values()),
        "class names with two meanings": len(ambiguous()),
        "except StoreUnavailable": len(catching("StoreUnavailable")),
        "broad excepts": len(catching("Exception")),
        "modules whose name ends in -ing": len(ing_modules()),
        "words of foreign English": len(foreign()),
    }


def entries() -> list[str]:
    """What a person sees who opens bot/."""
    modules = python_files("bot")
    return sorted({path.relative_to(ROOT / "bot").parts[0] for path in modules})


def in_folders() -> Counter[str]:
    """How many modules each folder has, its own `__init__` aside."""
    return Counter(
        named(path.parent) for path in python_files(*PRODUCT) if path.name != "__init__.py"
    )


def one_sided() -> Mapping[str, list[str]]:
    """Each protocol of the product, with the classes that have all of its members."""
    classes = [
        (named(path), node)
        for path in python_files(*PRODUCT, "tests")
        for node in _tree(path).body
        if isinstance(node, ast.ClassDef)
    ]
    members = {where + node.name: _members(node) for where, node in classes}
    by_name = defaultdict[str, list[ast.ClassDef]](list)
    for _, node in classes:
        by_name[node.name].append(node)

    def all_members(where: str, node: ast.ClassDef) -> set[str]:
        own = set(members[where + node.name])
        for base in node.bases:
            for parent in by_name.get(_name(base), []):
                if parent is not node and not _is_protocol(parent):
                    own |= _members(parent)
        return own

    protocols = {
        f"{where}:{node.name}": _protocol_members(node, by_name)
        for where, node in classes
        if _is_protocol(node) and not where.startswith("tests")
    }
    return {
        protocol: [
            f"{where}:{node.name}"
            for where, node in classes
            if not _is_protocol(node) and wanted and wanted <= all_members(where, node)
        ]
        + [side for name, side in OUTSIDE.items() if name == protocol]
        for protocol, wanted in protocols.items()
    }


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(_name(base) == "Protocol" for base in node.bases)


def _protocol_members(node: ast.ClassDef, by_name: Mapping[str, list[ast.ClassDef]]) -> set[str]:
    wanted = _members(node)
    for base in node.bases:
        for parent in by_name.get(_name(base), []):
            if parent is not node and _is_protocol(parent):
                wanted |= _members(parent)
    return wanted


def _name(base: ast.expr) -> str:
    inner = base.value if isinstance(base, ast.Subscript) else base
    return inner.attr if isinstance(inner, ast.Attribute) else ast.unparse(inner)


def _members(node: ast.ClassDef) -> set[str]:
    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(part.name)
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            found.add(part.target.id)
        elif isinstance(part, ast.Assign | ast.AnnAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            found |= {
                target.attr if isinstance(target, ast.Attribute) else target.id
                for target in targets
                if isinstance(target, ast.Attribute | ast.Name)
            }
    return found - {"__init__", "__slots__"}


def ambiguous() -> Mapping[str, list[str]]:
    """Class names that stand for more than one thing in the product."""
    where = defaultdict[str, list[str]](list)
    for path in python_files(*PRODUCT):
        for node in _tree(path).body:
            if isinstance(node, ast.ClassDef):
                where[node.name.lstrip("_")].append(named(path))
    return {name: places for name, places in where.items() if len(places) > 1}


def catching(error: str) -> list[str]:
    """Where this error is caught by its name, or suppressed."""
    return [
        f"{named(path)}:{node.lineno}"
        for path in python_files(*PRODUCT)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ExceptHandler | ast.Call)
        if error in {_name(one) for one in _caught_by(node)}
    ]


def _caught_by(node: ast.ExceptHandler | ast.Call) -> list[ast.expr]:
    if isinstance(node, ast.ExceptHandler):
        return [] if node.type is None else _each(node.type)
    return node.args if _name(node.func) == "suppress" else []


def _each(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def ing_modules() -> list[str]:
    """Modules that are named after a doing."""
    return [
        named(path)
        for path in python_files(*PRODUCT)
        if path.stem.endswith("ing") and path.stem not in ING_IS_A_NOUN
    ]


def foreign() -> list[str]:
    """Where a foreign word stands, in code and in what is said about it."""
    return [
        f"{named(path)}:{line} {word}"
        for path in python_files(*PRODUCT)
        for line, text in _said(path)
        for word in FOREIGN.findall(text)
    ]


def _said(path: Path) -> Iterator[tuple[int, str]]:
    """Comments and strings: a name in code is no sentence."""
    readline = io.StringIO(path.read_text(encoding="utf-8")).readline
    for token in tokenize.generate_tokens(readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], token.string


@cache
def _tree(path: Path) -> ast.Module:
    return parsed(path)


def table() -> str:
    """The figures, and below them what each of them is made of."""
    lines = [f"{name:35}{number:8,}" for name, number in figures().items()]
    lines.append("\nProtocols with one side:")
    lines += [f"  {name}: {sides}" for name, sides in one_sided().items() if len(sides) < 2]
    lines.append("\nClass names with two meanings:")
    lines += [f"  {name}: {', '.join(places)}" for name, places in ambiguous().items()]
    lines.append("\nModules whose name ends in -ing:")
    lines += [f"  {name}" for name in ing_modules()]
    lines.append("\nFiles in folders:")
    lines += [f"  {folder}: {number}" for folder, number in in_folders().most_common(12)]
    lines.append("\nWords of foreign English:")
    lines += [f"  {one}" for one in foreign()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201 - what it is for
