"""Reading stays lean: well within six times the file and 150 MB, and it forgets the text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# The peak of the child alone: ru_maxrss would start at its parent's.
_READ = """
import re, sys
from ccpolicy.documents.source import CsvOptions, form_of, positions, read_lines, read_rows, read_value
data = open(sys.argv[1], "rb").read()
match form_of(sys.argv[1]):
    case "json": value = read_value(data, "a", "json")
    case "ndjson": value = list(read_lines(data, "a"))
    case "csv": value = list(read_rows(data, "a", CsvOptions()))
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) * 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "emoji.json"])
def test_peak_memory_stays_within_six_times_the_file(form: str, tmp_path: Path) -> None:
    """Records of 200 bytes; one emoji must not make the text four times as large."""
    records = [
        {
            "id": f"INT-{n:07d}",
            "agent": f"A{n % 300:04d}",
            "queue": "billing",
            "on": "2026-05-01",
            "offered": n,
            "share": 0.5,
            "note": "x" * 90,
        }
        for n in range(100_000)
    ]
    file = tmp_path / f"a.{form}"
    match form:
        case "json":
            file.write_text(json.dumps({"records": records}))
        case "emoji.json":
            file.write_text(json.dumps({"note": "😀", "records": records}, ensure_ascii=False))
        case "ndjson":
            file.write_text("".join(json.dumps(record) + "\n" for record in records))
        case _:
            file.write_text("\n".join([",".join(records[0]), *(",".join(map(str, record.values())) for record in records)]))
    done = subprocess.run([sys.executable, "-c", _READ, str(file)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 4 * file.stat().st_size + 60_000_000
