"""The one type for a refusal with its reason."""

from dataclasses import dataclass
from typing import Generic, TypeVar

ReasonT_co = TypeVar("ReasonT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Denied(Generic[ReasonT_co]):
    """The action was refused: nothing was done and nothing was charged."""

    why: ReasonT_co
