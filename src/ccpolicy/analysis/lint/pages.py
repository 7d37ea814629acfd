"""The page of each lint, in Markdown, made from the table that the lints are run and tested by."""

from __future__ import annotations

from ccpolicy.analysis.lint.lint import RULE, Lint
from ccpolicy.analysis.lint.silences import STALE
from ccpolicy.analysis.lint.table import LINTS


def lint_ids() -> tuple[str, ...]:
    """The ids of all lints, in the order of the table."""
    return tuple(LINTS)


def lint_page(lint_id: str) -> str:
    """The page of a lint. Raises KeyError for an id that there is not."""
    lint = LINTS[lint_id]
    parts = [
        f"# {lint.id}",
        f"{lint.title}.",
        f"## Why\n\n{lint.why}",
        f"## Avoid\n\n{_shown(lint, lint.failing)}",
        f"## Prefer\n\n{_shown(lint, lint.passing)}",
        *_beside(lint),
        f"## Silence\n\n{_silencing(lint)}",
    ]
    return "\n\n".join(parts) + "\n"


def _shown(lint: Lint, text: str) -> str:
    return _fenced(lint.file, text)


def _fenced(file: str, text: str) -> str:
    """A part of a file; that it is the rule needs no saying."""
    head = "" if file == RULE else f"# {file}\n"
    return f"```yaml\n{head}{text}```"


def _beside(lint: Lint) -> list[str]:
    shown = [_fenced(file, f"{'# the rule' + chr(10) if file == RULE else ''}{text}") for file, text in lint.more.items()]
    return ["## Beside it in both\n\n" + "\n\n".join(shown)] if shown else []


def _silencing(lint: Lint) -> str:
    if lint.id == STALE:
        return "It cannot be silenced: take the entry out."
    entry = f"silenced:\n  - {{lint: {lint.id}, rule: {_silenced_name(lint)}, reason: why it is meant}}\n"
    said = "Where it is meant, say so in the `lint.yaml` at the root of the pack; `rule` may be a pattern such as `queues/*`:"
    return f"{said}\n\n{_fenced('lint.yaml', entry)}"


def _silenced_name(lint: Lint) -> str:
    if lint.id == "unused-definition":
        return "definitions/patient"
    return lint.file.removeprefix("checks/").removesuffix(".yaml").removesuffix(".cases")
