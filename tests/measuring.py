"""Coverage of the tests' own processes without a tracer: `pytest -p tests.measuring`.

Up to Python 3.13 a tracer makes everything twice as slow, libraries as well. So each statement of
the measured files sets a byte of its own when it runs. At the end coverage.py gets what was found
as its own data, and reports it by its own rules. Processes that tests start are traced by
coverage.py itself.

What cannot be known for certain counts as not run: the figure may be too low, never too high.
"""

import ast
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Final, Protocol, cast

import coverage
import pytest
from coverage.parser import PythonParser

Arc = tuple[int, int]
"""From a line to a line, as coverage.py counts them: 0 and below are ways in and out."""
Sign = tuple[int, int]
"""What a mark tells: (0, line) that the line ran, (line, body) that it led past its body, and
(line, -body) that it led into it."""
RAN: Final = 0
CONDITIONS: Final = (ast.If, ast.While, ast.For, ast.AsyncFor)
FOUND: Final = "found"
CHILDREN: Final = "COVERAGE_PROCESS_CONFIG"
KILLERS: Final = ("chaos", "cluster")


class _Marking:
    """Writes a mark before each statement, and one wherever a condition may not hold."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.signs: list[list[Sign]] = []

    def _mark(self, at: ast.stmt, signs: list[Sign]) -> ast.stmt:
        mark = ast.parse(f"{self._name}[{len(self.signs)}] = 1").body[0]
        self.signs.append(signs)
        for node in ast.walk(mark):
            ast.copy_location(node, at)
        return mark

    def within(self, node: ast.AST) -> None:
        """Write the marks into a statement, and into what it contains."""
        lines = _handlers(node)
        past = _body(node)
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list):
                setattr(node, name, self._marked(cast("list[ast.stmt]", statements), node))
        for handlers in (getattr(node, "handlers", []), getattr(node, "cases", [])):
            for index, handler in enumerate(cast("list[ast.ExceptHandler]", handlers)):
                self.within(handler)
                known = [(RAN, line) for line in lines[: index + 1]]
                handler.body.insert(0, self._mark(handler.body[0], known))
        if isinstance(node, CONDITIONS) and not node.orelse:
            node.orelse = [self._mark(node, [(node.lineno, past)])]
        if isinstance(node, ast.Match) and not _takes_all(node.cases[-1]):
            known = [*((RAN, line) for line in lines), (lines[-1], past)]
            node.cases.append(ast.match_case(ast.MatchAs(), body=[self._mark(node, known)]))

    def _marked(self, statements: list[ast.stmt], parent: ast.AST) -> list[ast.stmt]:
        marked: list[ast.stmt] = []
        for index, statement in enumerate(statements):
            self.within(statement)
            if not (index == 0 and _is_docstring(statement, parent)) and not _is_future(statement):
                signs = [(RAN, line) for line in _lines(statement)]
                # Said, as a loop has two ways in: from above, and from its own end.
                if isinstance(parent, CONDITIONS) and statement is parent.body[0]:
                    signs.append((parent.lineno, -min(_lines(statement))))
                marked.append(self._mark(statement, signs))
            marked.append(statement)
        return marked


def _handlers(node: ast.AST) -> list[int]:
    """The lines of a statement's handlers or cases: what comes to one has passed those above."""
    match node:
        case ast.Try() | ast.TryStar():
            return [handler.lineno for handler in node.handlers]
        case ast.Match():
            return [case.pattern.lineno for case in node.cases]
        case _:
            return []


def _body(node: ast.AST) -> int:
    """Where a condition leads that holds, or the last case of several."""
    match node:
        case ast.If() | ast.While() | ast.For() | ast.AsyncFor():
            return min(_lines(node.body[0]))
        case ast.Match():
            return min(_lines(node.cases[-1].body[0]))
        case _:
            return RAN


def _takes_all(case: ast.match_case) -> bool:
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and not case.pattern.pattern


def _is_docstring(statement: ast.stmt, parent: ast.AST) -> bool:
    return (
        isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
    )


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _lines(statement: ast.stmt) -> Iterable[int]:
    yield statement.lineno
    for decorator in getattr(statement, "decorator_list", []):
        yield decorator.lineno


class Measuring:
    """Marks the modules below `folders` when they are loaded, and knows what of them ran."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(f"{folder.resolve()}{os.sep}" for folder in folders)
        self._codes: dict[str, CodeType] = {}
        self._hits: dict[str, tuple[bytearray, list[list[Sign]]]] = {}

    def loader(self) -> Callable[[SourceFileLoader, str], CodeType | None]:
        """In place of `SourceFileLoader.get_code`; it passes by byte code on the disk."""
        load, mark, folders = SourceFileLoader.get_code, self._code, self._folders

        def get_code(loader: SourceFileLoader, fullname: str) -> CodeType | None:
            path = os.path.abspath(loader.path)  # noqa: PTH100 - what is loaded is text
            return mark(path) if path.startswith(folders) else load(loader, fullname)

        return get_code

    def _code(self, path: str) -> CodeType:
        if path not in self._codes:
            name = f"__hits_{len(self._codes)}__"
            tree = ast.parse(Path(path).read_bytes(), path)
            marking = _Marking(name)
            marking.within(tree)
            hits = bytearray(len(marking.signs))
            # Among the builtins a module's own names stay as they are.
            cast("dict[str, object]", vars(__import__("builtins")))[name] = hits
            self._hits[path] = hits, marking.signs
            ast.fix_missing_locations(tree)
            self._codes[path] = compile(tree, path, "exec", dont_inherit=True)
        return self._codes[path]

    def files(self) -> list[str]:
        """All files that are measured, loaded or not."""
        return [str(path) for folder in self._folders for path in Path(folder).rglob("*.py")]

    def found(self) -> dict[str, list[Sign]]:
        """What ran, by file."""
        return {
            path: sorted(
                {sign for hit, told in zip(hits, signs, strict=True) if hit for sign in told}
            )
            for path, (hits, signs) in self._hits.items()
        }


def arcs_of(path: str, signs: Iterable[Sign]) -> set[Arc]:
    """What was found in a file in the words of coverage.py, as far as it follows for certain."""
    parser = PythonParser(filename=path)
    parser.parse_source()
    possible = parser.arcs()
    ways_in = Counter(target for _, target in possible)
    ran = parser.first_lines({line for kind, line in signs if kind == RAN})
    arcs = {
        (source, target)
        for source, target in possible
        if source in ran and target in ran and ways_in[target] == 1
    }
    for line, body in signs:
        if body < 0:
            arcs.add((line, parser.first_line(-body)))
        elif line != RAN:
            others = {target for source, target in possible if source == line}
            others.discard(parser.first_line(body))
            arcs |= {(line, target) for target in others if len(others) == 1}
    return arcs | {(-1, line) for line in ran}


_MEASURING: Final = Measuring([Path("bot"), Path("cogs")])
_FOUND: Final[dict[str, set[Sign]]] = defaultdict(set)


class _Worker(Protocol):
    """What xdist adds to a worker's configuration, and its controller gets."""

    workeroutput: dict[str, dict[str, list[Sign]]]


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    pytest.MonkeyPatch().setattr(SourceFileLoader, "get_code", _MEASURING.loader())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test starts is traced, but not what is started again and again to be killed."""
    os.environ.pop(CHILDREN, None)
    if item.path.parent.name not in KILLERS:
        os.environ[CHILDREN] = coverage.Coverage().config.serialize()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _is_worker():
        cast("_Worker", session.config).workeroutput[FOUND] = _MEASURING.found()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: _Worker) -> None:
    """A worker that crashed brings nothing along."""
    _add(getattr(node, "workeroutput", {}).get(FOUND, {}))


def _add(found: Mapping[str, Iterable[Sign]]) -> None:
    for path, signs in found.items():
        _FOUND[path].update(signs)


def pytest_unconfigure() -> None:
    """Hand over to `coverage combine`; what nobody loaded counts too, as not run."""
    if _is_worker():
        return
    _add(_MEASURING.found())
    data = coverage.CoverageData(coverage.Coverage().config.data_file, suffix=True)
    data.add_arcs({path: arcs_of(path, signs) for path, signs in _FOUND.items()})
    data.touch_files(_MEASURING.files())
    data.write()
