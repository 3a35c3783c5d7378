"""Every kind of statement that can lead to more than one place, for `test_measuring`."""

from contextlib import suppress
from functools import cache


class Place:
    """A class with a docstring, and a name."""

    name: str = "here"


@cache
def turns(way: int) -> str:
    """Left, right, or on."""
    if way == 0:
        return "left"
    elif way == 1:  # noqa: RET505 - what is measured
        turn = "right"
    else:
        turn = "on"
    if turn == "right" and (way + 0):
        turn += "!"
    return turn


def loops(numbers: list[list[int]]) -> int:
    """The sum up to the first number that is too large."""
    total = 0
    for row in numbers:
        for number in row:
            if number > 9:
                break
            if number < 0:
                continue
            total += number
        else:
            total += 100
    while total > 1_000:
        total -= 1_000
    return total


def kinds(value: object) -> str:
    """What kind of thing it is."""
    match value:
        case int() if value > 5:
            kind = "large"
        case int():
            kind = "small"
        case str() | bytes():
            kind = "text"
        case _:
            kind = "other"
    match value:  # pyright: ignore[reportMatchNotExhaustive] - what is measured here
        case 1:
            kind += " one"
        case 2:
            kind += " two"
    return kind


def risks(value: str) -> int:
    """A number, whatever it costs."""
    try:
        number = int(value)
    except ValueError:
        number = -1
    except TypeError:
        number = -2
    else:
        number += 1
    finally:
        seen = value
    with suppress(ZeroDivisionError):
        return 10 // number
    return len(seen)


async def waits(count: int) -> list[int]:
    """Numbers, one after another."""

    async def numbers():  # noqa: ANN202
        for number in range(count):
            yield number

    found = [number async for number in numbers() if number]
    async for number in numbers():
        if number > 1:
            return found
    return [*found, *sorted([count], key=lambda number: -number)]
