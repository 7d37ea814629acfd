"""Documents of an example as lines of YAML, each safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import yaml

from ccpolicy.reports.cleaning import visible


class _Dumper(yaml.SafeDumper):
    """Block style, without anchors; numbers that binary64 cannot hold as they were written."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", str(value)))


def yaml_of(documents: Sequence[Any]) -> list[str]:
    """The documents as a YAML list, line by line."""
    text = yaml.dump(list(documents), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=10_000)
    return [visible(line) for line in text.rstrip("\n").split("\n")]
