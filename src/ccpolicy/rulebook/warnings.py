"""What is allowed in a rule and yet worth a word: joins whose key is unique on neither side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccpolicy.documents.path import HERE, Path
from ccpolicy.documents.schema import Kind
from ccpolicy.rulebook.ledger import Complaint
from ccpolicy.rulebook.rule import Rule


def many_to_many(rule: Rule, kinds: Mapping[str, Kind]) -> Iterator[Complaint]:
    """Joins that may pair many documents with many foci, which costs their product."""
    for join in rule.joins.values():
        if not _unique(join.theirs, kinds[join.kind]) and not (rule.foci.each is None and _unique(join.ours, kinds[rule.foci.kind])):
            message = f"the join `{join.name}` has a key that is unique on neither side: many documents may meet many foci"
            yield Complaint(("with", join.name, "key"), "many-to-many", message, "state `x-unique-key` in a schema if it is unique")


def _unique(paths: tuple[Path, ...], kind: Kind) -> bool:
    names = {path.steps[0] for path in paths if path.root in (HERE, "focus") and len(path.steps) == 1}
    whole = {str(path) for path in paths}
    return "id" in names or "$document.id" in whole or bool(kind.unique_key and names.issuperset(kind.unique_key))
