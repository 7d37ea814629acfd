"""Which paths lead to a value that must not be shown: sensitive places, their members, and measures over them."""

from __future__ import annotations

from ccpolicy.backends.measures import entered
from ccpolicy.backends.outcome import Spot
from ccpolicy.backends.scene import Collection, Scene, gathered, resolve
from ccpolicy.documents.path import Path
from ccpolicy.language.derived import Aggregate, DaysBetween, Formula, Over, Ratio, SampleSize, Share, WilsonLower


def is_secret(path: Path, at: Spot, scene: Scene) -> bool:
    """Whether what the path selects, a member of it, or what a measure was derived from, is never to be shown."""
    if path.root in scene.measures:
        return _derived(scene.measures[path.root].formula, scene)
    seen = resolve(path, at, scene)
    if scene.world.secret(seen.spot):
        return True
    found = gathered(seen) if isinstance(seen.value, list) else None
    return isinstance(found, Collection) and any(scene.world.secret(member) for member in found.members)


def _derived(formula: Formula, scene: Scene) -> bool:
    match formula:
        case Aggregate(word, over):
            return word not in ("count", "distinct") and _column(over, over.value, scene)
        case Ratio(over, below):
            return _column(over, over.value, scene) or _column(over, below, scene)
        case DaysBetween(start, end):
            return is_secret(start, scene.focus, scene) or is_secret(end, scene.focus, scene)
        case WilsonLower(successes, n):
            return is_secret(successes, scene.focus, scene) or is_secret(n, scene.focus, scene)
        case SampleSize(population=population):
            return is_secret(population, scene.focus, scene)
        case Share():
            return False


def _column(over: Over, column: Path, scene: Scene) -> bool:
    found = entered(over.of, scene)
    if not isinstance(found, Collection):
        return False
    return any(scene.world.secret(resolve(column, member, scene).spot) for member in found.members)
