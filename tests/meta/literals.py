"""Finds text for people that stands in the code without going through a language."""

import ast
from collections.abc import Iterator

SAYING = {"say", "plural", "marked"}
"""What takes English on purpose."""
NOT_FOR_PEOPLE = {
    "getLogger", "compile", "debug", "info", "warning", "error", "exception", "unless_away",
}  # fmt: skip
SHOWING = {
    "TextDisplay", "Section", "Label", "note", "tell_privately", "send", "send_message",
    "edit", "edit_message", "edit_original_response", "Choice",
}  # fmt: skip
"""What shows its arguments to people."""
SHOWN = {"label", "placeholder", "title", "description", "content", "text", "name", "default"}
"""The arguments that are read, of whatever is shown."""
DRAWN = {"Button", "Select", "StringSelect", "SelectOption", "TextInput", "Modal", "add_option",
         "add_item", "Embed", "add_field", "MediaGalleryItem", "ContextMenu"}  # fmt: skip
"""What has such arguments among others."""


def bypassing(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the text of every literal that a person would read in English only.

    That is any word that is handed to what shows it, and any sentence anywhere in a function.
    The names and descriptions of commands in their decorators, and those of a group, are asked for
    by discord.py.
    """
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Call() if _called(node) in SAYING | NOT_FOR_PEOPLE:
                # A value that is filled in is read as well.
                for value in node.keywords if _called(node) in SAYING else ():
                    yield from _words(value)
            case ast.Call():
                yield from _handed_over(node)
                yield from bypassing(node)
            case ast.Assign(targets=[ast.Name(id=table)]) if table.isupper() and "Choice(" in (
                ast.unparse(node.value)
            ):
                pass  # discord.py asks for choices in a table, but not for those of a function
            case ast.ClassDef():
                if not any(ast.unparse(base).endswith("Group") for base in node.bases):
                    shown = [keyword for keyword in node.keywords if keyword.arg in SHOWN]
                    yield from (found for keyword in shown for found in _words(keyword))
                yield from bypassing(ast.Module(body=_without_docstring(node), type_ignores=[]))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                body = ast.Module(body=_without_docstring(node), type_ignores=[])
                yield from _sentences(body)
                yield from bypassing(body)
            case _:
                yield from bypassing(node)


def said_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every literal that is said or marked, also inside f-strings, where Babel does not look."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in SAYING:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).partition("[")[0].rpartition(".")[2]


def _handed_over(node: ast.Call) -> Iterator[tuple[int, str]]:
    called = _called(node)
    if called in SHOWING:
        for argument in node.args:
            yield from _words(argument)
    if called in SHOWING | DRAWN:
        for keyword in node.keywords:
            if keyword.arg in SHOWN:
                yield from _words(keyword)


def _words(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Literals with a letter, outside of whatever says them."""
    if isinstance(node, ast.Call | ast.Subscript):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if any(character.isalpha() for character in node.value):
            yield node.lineno, node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from _words(child)


def _sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Literals with two words or more, wherever they go; what is raised or logged is no card."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Raise() | ast.Assert() | ast.FunctionDef() | ast.AsyncFunctionDef():
                pass
            case ast.Call() if _called(child) in SAYING | NOT_FOR_PEOPLE:
                pass
            case ast.Constant(value=str() as text) if _is_sentence(text):
                yield child.lineno, text
            case _:
                yield from _sentences(child)


def _is_sentence(text: str) -> bool:
    return len([word for word in text.split() if any(map(str.isalpha, word))]) > 1


def _without_docstring(
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node) is not None else node.body
