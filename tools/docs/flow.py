"""Values of YAML in one line, and in many."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Exact numbers as they are written, and dates as what they are in YAML 1.2: bare texts."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never: an anchor would say that two equal values are one."""
        return True


def _number(dumper: yaml.SafeDumper, value: Decimal | Fraction) -> yaml.Node:
    text = (
        str(value) if isinstance(value, Decimal) or value.denominator == 1 else str(Decimal(value.numerator) / Decimal(value.denominator))
    )
    return dumper.represent_scalar("tag:yaml.org,2002:float", text)


_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(Fraction, _number)
_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def in_line(value: Any) -> str:
    """The value in one line, as a rule would write it."""
    text = yaml.dump(value, Dumper=_Dumper, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.removesuffix("...\n").strip()


def in_lines(value: Any) -> str:
    """The value in YAML's block style."""
    return yaml.dump(value, Dumper=_Dumper, default_flow_style=None, sort_keys=False, allow_unicode=True, width=110)
