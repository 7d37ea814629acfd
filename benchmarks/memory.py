"""Peak memory of `ccpolicy check` over one large file in each form, against six times the input and 150 MB."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

MEGABYTES = 60
FORMS = ("ndjson", "json", "csv")
AS_OF = "2026-06-30"

# The peak of the child alone (ru_maxrss would start at its parent's), on the last line of standard error.
_CHILD = """
import re, sys
from ccpolicy.cli.main import ccpolicy
code = ccpolicy.main(sys.argv[1:], "ccpolicy", standalone_mode=False)
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]
print(code, int(peak) * 1024, file=sys.stderr)
"""
_CONFIG = f"""\
as_of = "{AS_OF}"
"""
_TABLE = f"""
[[documents]]
files = "*.csv"
kind = "training-record"
id = "/id"
observed_at = "{AS_OF}"
complete = {{by = "HR", on = "{AS_OF}", basis = "export"}}
"""


def write_centre(folder: Path, form: str, size: int) -> int:
    """Writes a folder with one file of about so many bytes, and an agent who fails; the bytes of the file."""
    folder.mkdir(parents=True)
    (folder / "ccpolicy.toml").write_text(_CONFIG + (_TABLE if form == "csv" else ""))
    agent = {"kind": "agent", "id": "A0", "observed_at": AS_OF, "data": {"id": "A0", "hired_on": "2020-01-01", "skills": ["payments"]}}
    (folder / "agent.json").write_text(json.dumps(agent))
    file = folder / f"large.{form}"
    with file.open("w") as stream:
        for text in _WRITERS[form](size):
            stream.write(text)
    return file.stat().st_size


def _body(n: int) -> dict[str, Any]:
    return {
        "id": f"T{n}",
        "agent_id": f"A{n // 7}",
        "course": "pci-awareness",
        "completed_on": f"202{n % 7}-0{n % 9 + 1}-11",
        "score": n % 100,
    }


def _until(size: int, text_of: Callable[[int], str]) -> Iterator[str]:
    n = 0
    while size > 0:
        text = text_of(n)
        yield text
        size -= len(text)
        n += 1


def _ndjson(size: int) -> Iterator[str]:
    envelope = {"kind": "training-record", "observed_at": AS_OF}
    return _until(size, lambda n: json.dumps({**envelope, "id": f"T{n}", "data": _body(n)}) + "\n")


def _json(size: int) -> Iterator[str]:
    claim = {"by": "HR", "on": AS_OF, "basis": "export"}
    head = json.dumps({"kind": "training-record", "observed_at": AS_OF, "complete": claim})
    return chain([head[:-1] + ', "records": [\n'], _until(size, lambda n: (",\n" if n else "") + json.dumps(_body(n))), ["]}\n"])


def _csv(size: int) -> Iterator[str]:
    return chain([",".join(_body(0)) + "\n"], _until(size, lambda n: ",".join(map(str, _body(n).values())) + "\n"))


_WRITERS = {"ndjson": _ndjson, "json": _json, "csv": _csv}


def allowed(size: int) -> int:
    """The bytes that a check of so many bytes of input may take at most."""
    return 6 * size + 150_000_000


def peak_of(folder: Path) -> tuple[int, int]:
    """Exit code and peak memory, in bytes, of a check of the folder."""
    words = [sys.executable, "-c", _CHILD, "check", str(folder), "--quiet", "--output", str(folder.parent / "report.txt")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    found = re.fullmatch(r"(\d+) (\d+)", done.stderr.strip().rpartition("\n")[2])
    if found is None:
        raise SystemExit(done.stderr)
    return int(found[1]), int(found[2])


def main() -> None:
    """Prints one row for each form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES, help="size of each file")
    asked = parser.parse_args()
    print("form       input      peak   allowed   peak / input")
    met = True
    for form in FORMS:
        with tempfile.TemporaryDirectory() as place:
            size = write_centre(Path(place) / "centre", form, asked.megabytes * 1_000_000)
            code, peak = peak_of(Path(place) / "centre")
        met &= peak <= allowed(size) and code == 1
        print(
            f"{form:<7}{size / 1e6:6.0f} MB{peak / 1e6:7.0f} MB{allowed(size) / 1e6:7.0f} MB{peak / size:12.1f}"
            + ("" if code == 1 else f"   exit {code}")
        )
    print("all within six times the input and 150 MB" if met else "MISSED")


if __name__ == "__main__":
    main()
