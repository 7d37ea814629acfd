"""One object for equal values: findings by the hundred thousand repeat the same pointers and sentences."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, TypeVar

Value = TypeVar("Value", bound=Hashable)


def shared(value: Value) -> Value:
    """The value, or an equal one that is in memory already. Only the last few thousand are remembered."""
    known: Value = _remembered(value)
    return known


@lru_cache(maxsize=8192)
def _remembered(value: Any) -> Any:
    return value
