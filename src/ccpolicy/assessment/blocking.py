"""Blocking: a control whose required controls do not hold is blocked, and what blocks it is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ccpolicy.assessment.control import STATUSES, Status
from ccpolicy.controls.register import Register

GOOD = ("pass", "waived", "not_applicable")
_CAN_BE_BLOCKED = ("pass", "waived")
_Cause = tuple[int, int, int, str]  # worst status first, then the deepest, then the first of the catalogue; full id


def block(register: Register, statuses: dict[str, Status]) -> dict[str, str]:
    """Sets what is blocked in the statuses, and gives the root cause of each control that has one."""
    spread(register, requiring_of(register), statuses)
    return _Causes(register, statuses).all()


def spread(register: Register, requiring: Mapping[str, Sequence[str]], statuses: dict[str, Status]) -> list[str]:
    """Sets what is blocked in the statuses, and gives what is blocked, after what others require that does not hold.

    Statuses only ever get worse, and each at most once, so that circles through parents and other standards end too.
    """
    for name in requiring:
        if name not in register.entries:
            statuses[name] = "undetermined"  # stands in no catalogue: nobody can say that it holds
    queue = [name for name in requiring if statuses[name] not in GOOD]
    for name in queue:  # grows while it is walked
        above = register.entries[name].parent if name in register.entries and statuses[name] == "blocked" else ""
        for other in (*requiring.get(name, ()), above):
            if other and statuses[other] in _CAN_BE_BLOCKED:
                statuses[other] = "blocked"
                queue.append(other)
    return queue


def requiring_of(register: Register) -> dict[str, list[str]]:
    """The controls that require each control that any requires."""
    found: dict[str, list[str]] = {}
    for entry in register.entries.values():
        for name in entry.requires:
            found.setdefault(name, []).append(entry.id)
    return found


@dataclass(slots=True, eq=False)
class _Causes:
    """The root cause of each control: of all that it requires, at any distance, the deepest that fails, else that cannot be told."""

    register: Register
    statuses: Mapping[str, Status]
    order: dict[str, int] = field(init=False)
    deeper: dict[str, _Cause | None] = field(default_factory=dict)  # without the control itself

    def __post_init__(self) -> None:
        self.order = {name: number for number, name in enumerate(self.statuses)}

    def all(self) -> dict[str, str]:
        """Root causes by full id."""
        for name, status in self.statuses.items():
            if status not in GOOD:
                self._walk(name)
        lost = [name for name, cause in self.deeper.items() if cause is None and self.statuses[name] == "blocked"]
        while lost:  # only in a circle is a control asked before what is behind it is known
            left = [name for name in lost if not self._found(name)]
            lost = left if len(left) < len(lost) else []
        return {name: cause[3] for name, cause in self.deeper.items() if cause is not None and cause[3] != name}

    def _walk(self, start: str) -> None:
        """Depth first, without recursion: chains may be long."""
        stack = [start]
        begun: set[str] = set()
        while stack:
            name = stack[-1]
            waiting = [] if name in begun else [one for one in self._behind(name) if one not in self.deeper and one not in begun]
            begun.add(name)
            if waiting:
                stack += waiting
                continue
            stack.pop()
            if name not in self.deeper:
                self.deeper[name] = min(self._causes(name), default=None)

    def _found(self, name: str) -> bool:
        """Whether a control that had no cause has one now."""
        self.deeper[name] = min(self._causes(name), default=None)
        return self.deeper[name] is not None

    def _behind(self, name: str) -> Iterable[str]:
        """What keeps it from passing: required controls that do not hold, and blocked children of what is blocked."""
        entry = self.register.entries.get(name)
        if entry is None:
            return
        yield from (one for one in entry.requires if self.statuses[one] not in GOOD)
        if self.statuses[name] == "blocked":
            yield from (child for child in entry.children if self.statuses[child] == "blocked")

    def _causes(self, name: str) -> Iterable[_Cause]:
        for one in self._behind(name):
            below, status = self.deeper.get(one), self.statuses[one]
            rank = STATUSES.index(status)
            if status != "blocked" and (below is None or rank < below[0]):
                yield rank, -1, self.order[one], one
            elif below is not None:
                yield below[0], below[1] - 1, below[2], below[3]
