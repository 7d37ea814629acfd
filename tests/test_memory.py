"""A check stays within six times its input and 150 MB, whatever the form of the file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

AS_OF = "2026-06-30"
RECORDS = 35_000
LEAST = 10_000_000  # bytes of a file worth measuring

# The peak of the child alone: ru_maxrss would start at its parent's.
_CHILD = """
import re, sys
from ccpolicy.cli.main import ccpolicy
code = ccpolicy.main(sys.argv[1:], "ccpolicy", standalone_mode=False)
print(code, re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1], file=sys.stderr)
"""
_CALENDAR = {
    "id": "business",
    "weekend": ["saturday", "sunday"],
    "holidays": ["2026-12-25"],
    "covers": {"from": "2025-01-01", "to": "2026-12-31"},
}
_CONFIG = f"""\
as_of = "{AS_OF}"

[[documents]]
files = "large.csv"
kind = "complaint"
id = "/id"
observed_at = "{AS_OF}"
true = ["True"]
"""


def _body(n: int) -> dict[str, Any]:
    return {
        "id": f"CMP-{n}",
        "received_on": f"2026-0{n % 5 + 1}-{n % 28 + 1:02d}",
        "acknowledged_on": f"2026-0{n % 5 + 1}-28" if n % 100 == 0 else f"2026-0{n % 5 + 1}-{n % 28 + 1:02d}",
        "closed_on": f"2026-0{n % 5 + 1}-28",
        "channel": "email",
        "customer_ref": f"CU-{n % 9000}",
        "subject": f"I was charged twice for order {n}, and nobody called back.",
        "category": "billing",
        "outcome": "upheld",
        "answered_on": f"2026-0{n % 5 + 1}-28",
        "owner": "Complaints desk",
        "root_cause": "Payment retried after a time-out",
        "escalation_route_given": True,
    }


def _ndjson() -> str:
    return "".join(
        json.dumps({"kind": "complaint", "id": f"CMP-{n}", "observed_at": AS_OF, "data": _body(n)}) + "\n" for n in range(RECORDS)
    )


def _json() -> str:
    return json.dumps({"kind": "complaint", "observed_at": AS_OF, "records": [_body(n) for n in range(RECORDS)]})


def _csv() -> str:
    rows = [",".join(_body(0)), *(",".join(f'"{value}"' for value in _body(n).values()) for n in range(2 * RECORDS))]
    return "\n".join(rows)


def _yaml() -> str:
    head = f"kind: complaint\nobserved_at: {AS_OF}\nrecords:\n"
    return head + "".join(f"  - {json.dumps(_body(n))}\n" for n in range(RECORDS))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize(("name", "written"), [("ndjson", _ndjson), ("json", _json), ("csv", _csv), ("yaml", _yaml)])
def test_a_check_stays_within_six_times_its_input(name: str, written: Callable[[], str], tmp_path: Path) -> None:
    """Complaints, each of which is judged and some of which are late; the report is written too."""
    (tmp_path / "ccpolicy.toml").write_text(_CONFIG)
    calendar = {"kind": "calendar", "id": "business", "observed_at": AS_OF, "data": _CALENDAR}
    (tmp_path / "calendar.json").write_text(json.dumps(calendar))
    file = tmp_path / f"large.{name}"
    file.write_text(written())
    size = file.stat().st_size
    assert size > LEAST
    words = [sys.executable, "-c", _CHILD, "check", str(tmp_path), "--quiet", "--format", "json"]
    with (tmp_path / "report").open("w") as report:
        done = subprocess.run(words, stdout=report, stderr=subprocess.PIPE, text=True, check=True)
    found = re.search(r"^(\d) (\d+)$", done.stderr, re.MULTILINE)
    assert found is not None
    assert int(found[1]) == 1
    assert int(found[2]) * 1024 <= 6 * size + 150_000_000
