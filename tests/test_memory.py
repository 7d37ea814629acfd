"""A check stays within six times its input and 150 MB, whatever the form of the file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.spread import EVERY

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")

AS_OF = "2026-06-30"
RECORDS = 20_000
LEAST = 6_000_000  # bytes of a file worth measuring

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
rule = ["complaints/acknowledged-and-closed", "complaints/record-complete"]

[params]
complaint_acknowledge_business_days = 2
complaint_close_days = 30

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
    return _table(_body(n) for n in range(2 * RECORDS))


def _table(rows: Iterable[dict[str, Any]]) -> str:
    return "\n".join([",".join(_body(0)), *(",".join(f'"{value}"' for value in row.values()) for row in rows)])


def _yaml() -> str:
    head = f"kind: complaint\nobserved_at: {AS_OF}\nrecords:\n"
    return head + "".join(f"  - {json.dumps(_body(n))}\n" for n in range(RECORDS))


FORMS = [("json", _json), ("csv", _csv), *([("ndjson", _ndjson), ("yaml", _yaml)] if EVERY else [])]


@pytest.mark.parametrize(("name", "written"), FORMS)
def test_a_check_stays_within_six_times_its_input(name: str, written: Callable[[], str], tmp_path: Path) -> None:
    """Complaints, each of which is judged and some of which are late; the report is written too."""
    (tmp_path / "ccpolicy.toml").write_text(_CONFIG)
    calendar = {"kind": "calendar", "id": "business", "observed_at": AS_OF, "data": _CALENDAR}
    (tmp_path / "calendar.json").write_text(json.dumps(calendar))
    file = tmp_path / f"large.{name}"
    file.write_text(written())
    code, peak = _checked(tmp_path, "json")
    assert code == 1
    assert peak <= _allowed(file)


def _allowed(file: Path) -> int:
    size = file.stat().st_size
    assert size > LEAST
    return 6 * size + 150_000_000


def _checked(folder: Path, form: str) -> tuple[int, int]:
    """Exit code and peak memory in bytes of a check that writes its report."""
    words = [sys.executable, "-c", _CHILD, "check", str(folder), "--quiet", "--format", form]
    with (folder.parent / "report").open("w") as report:
        done = subprocess.run(words, stdout=report, stderr=subprocess.PIPE, text=True, check=True)
    found = re.search(r"^(\d) (\d+)$", done.stderr, re.MULTILINE)
    assert found is not None
    return int(found[1]), int(found[2]) * 1024


@pytest.mark.parametrize("form", ["json", "sarif"] if EVERY else ["json"])
def test_it_does_so_too_when_every_record_fails(form: str, tmp_path: Path) -> None:
    """Small records, each with a fault of its schema and an undetermined finding; the JSON report is nine times as large as they are."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "ccpolicy.toml").write_text(f'as_of = "{AS_OF}"\nrule = ["logging/retention-12-3"]\n')
    file = folder / "large.ndjson"
    file.write_text("".join(json.dumps(_log(n)) + "\n" for n in range(24_000)))
    code, peak = _checked(folder, form)
    assert code == 1
    assert (tmp_path / "report").stat().st_size > file.stat().st_size
    assert peak <= _allowed(file)


def test_further_findings_cost_little_more_than_further_rows(tmp_path: Path) -> None:
    """Three findings on each small row of a table; the JSON report is thirteen times as large as the table."""
    few, many = (_late(tmp_path, rows) for rows in (6_000, 16_000))
    assert many[0] - few[0] > 2_000_000
    assert many[1] - few[1] <= 9 * (many[0] - few[0])


def _late(root: Path, rows: int) -> tuple[int, int]:
    """Size of a table of which every row is late twice and incomplete, and the peak of its check."""
    folder = root / f"evidence-{rows}"
    folder.mkdir()
    (folder / "ccpolicy.toml").write_text(_CONFIG)
    calendar = {"kind": "calendar", "id": "business", "observed_at": AS_OF, "data": _CALENDAR}
    (folder / "calendar.json").write_text(json.dumps(calendar))
    late = {"acknowledged_on": "2026-09-01", "closed_on": "2026-09-28", "answered_on": "2026-09-28", "escalation_route_given": False}
    file = folder / "large.csv"
    file.write_text(_table({**_body(n), **late} for n in range(rows)))
    code, peak = _checked(folder, "json")
    assert code == 1
    assert (root / "report").stat().st_size > 10 * file.stat().st_size
    return file.stat().st_size, peak


def _log(n: int) -> dict[str, Any]:
    body = {"id": f"LOG-{n}", "log_source": f"source number {n} of the estate", "kept_months": 6, "at_hand_months": 1}
    source = {"system": "siem", "reference": f"DOC-{n}", "collected_by": "ops"}
    return {"kind": "log-retention", "id": f"LOG-{n}", "observed_at": AS_OF, "data": body, "source": source}
