"""No "1 videos": a number beside a plural goes through `plural`, or through `said_number`."""

import ast
import re

from tests.meta.sources import PRODUCT, ROOT, parsed, python_files

COUNTED = re.compile(r"^ (?:more )?(videos|jobs|files|servers|days|people|prompts|entries|shots)\b")


def counts_by_itself(text: ast.JoinedStr) -> bool:
    """Whether a figure stands right before the plural of something that is counted."""
    return any(
        isinstance(figure, ast.FormattedValue)
        and not ast.unparse(figure.value).isupper()  # a constant, which is not 1
        and isinstance(after, ast.Constant)
        and COUNTED.match(str(after.value)) is not None
        for figure, after in zip(text.values, text.values[1:], strict=False)
    )


def test_no_figure_stands_before_a_plural_that_does_not_know_it() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files(*PRODUCT)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.JoinedStr) and counts_by_itself(node)
    ]
    assert found == []


def test_the_rule_sees_what_it_is_for() -> None:
    (text,) = (
        node for node in ast.walk(ast.parse('f"{total} videos"')) if isinstance(node, ast.JoinedStr)
    )
    assert counts_by_itself(text)
