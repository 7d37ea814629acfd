"""What `--changed-since` saves and takes: a centre of many files in a git repository, one of them changed, or very many."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dulwich import porcelain

AS_OF = "2026-06-30"
FILES, CHANGED = 2_000, 800
ROUNDS = 2

# Processor seconds and peak memory of the child alone (ru_maxrss would start at its parent's), on the last line of standard error.
_CHILD = """
import re, sys, time
from ccpolicy.cli.main import ccpolicy
code = ccpolicy.main(sys.argv[1:], "ccpolicy", standalone_mode=False)
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]
print(code, time.process_time(), int(peak) * 1024, file=sys.stderr)
"""


def write_centre(folder: Path, files: int, complaints: int) -> int:
    """Writes a repository in which everything is committed; the bytes of its evidence."""
    folder.mkdir()
    (folder / "ccpolicy.toml").write_text(f'as_of = "{AS_OF}"\n')
    for number in range(files):
        _write(folder, _document(number, complaints, "2026-05-26"))
    porcelain.init(folder)
    porcelain.add(folder, [str(file) for file in folder.rglob("*") if file.is_file() and ".git" not in file.parts])
    porcelain.commit(folder, b"all", author=b"A <a@example.org>", committer=b"A <a@example.org>", sign=False)
    return sum(file.stat().st_size for file in (folder / "evidence").rglob("*.json"))


def change(folder: Path, files: int) -> None:
    """Changes so many complaints, each of which was acknowledged too late now."""
    for number in range(files):
        _write(folder, _document(number, files, "2026-06-20"))


def _write(folder: Path, document: tuple[str, dict[str, Any]]) -> None:
    kind, body = document
    file = folder / "evidence" / kind / f"{body['id']}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"kind": kind, "id": body["id"], "observed_at": "2026-06-29", "data": body}, indent=1))


def _document(number: int, complaints: int, acknowledged: str) -> tuple[str, dict[str, Any]]:
    """Complaints first, then accounts and transcripts in turns."""
    if number < complaints:
        days = {"received_on": "2026-05-22", "acknowledged_on": acknowledged, "answered_on": "2026-06-10", "closed_on": "2026-06-12"}
        told = {"channel": "email", "customer_ref": f"CU{number}", "subject": "charged twice", "category": "billing", "owner": "desk"}
        rest = {"outcome": "upheld", "root_cause": "retry", "escalation_route_given": True}
        return "complaint", {"id": f"CMP{number}", **days, **told, **rest}
    if number % 2:
        texts = ["Good morning, how can I help?", "I would like to pay my bill.", "Thank you, goodbye."]
        turns = [{"offset_ms": k * 2000, "speaker": "agent", "text": text} for k, text in enumerate(texts)]
        told = {"id": f"TR{number}", "contact_id": f"C{number}", "channel": "voice", "agent_id": f"A{number}"}
        return "transcript", {**told, "started_at": "2026-06-11T09:14:05Z", "turns": turns}
    told = {"id": f"U{number}", "system": "directory", "username": f"u{number}", "owner": f"A{number}", "type": "person"}
    dates = {"created_on": "2025-02-03", "last_login": "2026-06-29T08:02:11Z", "disabled_on": None}
    rights = {"enabled": True, "administrator": False, "cde_access": True, "roles": ["take_payment"]}
    return "account", {**told, **dates, **rights, "mfa": {"enabled": number % 10 != 0, "factors": ["password", "totp"]}}


# ---- one check -----------------------------------------------------------------------------------------------------------------


def cost_of(folder: Path, *options: str) -> tuple[float, int]:
    """Processor seconds and peak memory of a check in a process of its own."""
    words = [sys.executable, "-c", _CHILD, "check", str(folder), "--quiet", "--output", str(folder.parent / "report.txt"), *options]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    found = re.fullmatch(r"1 ([\d.]+) (\d+)", done.stderr.strip().rpartition("\n")[2])
    if found is None:
        raise SystemExit(done.stderr)
    return float(found[1]), int(found[2])


def _rows(folder: Path, size: int, counts: tuple[int, ...], rounds: int) -> Iterator[str]:
    for count in counts:
        change(folder, count)
        whole, part = [], []
        for _ in range(rounds):
            whole.append(cost_of(folder))
            part.append(cost_of(folder, "--changed-since", "HEAD"))
        (full, _), (only, _) = min(whole), min(part)
        peak, allowed = max(peak for _, peak in part), 6 * size + 150_000_000
        told = "" if peak <= allowed else "   MISSED"
        yield f"{count:>8}{full:10.1f} s{only:10.1f} s{only / full:9.2f}{peak / 1e6:9.0f} MB{allowed / 1e6:7.0f} MB{told}"


def main() -> None:
    """Prints a row for one changed file, and one for very many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES, help="documents of the centre, each a file")
    parser.add_argument("--changed", type=int, default=CHANGED, help="files of the second row that changed")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs of each sort, in turns; the least counts")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        size = write_centre(Path(place) / "centre", asked.files, asked.changed)
        print(f"{asked.files} files, {size / 1e6:.1f} MB\n\n changed    all rules   changed    ratio      peak   allowed")
        for row in _rows(Path(place) / "centre", size, (1, asked.changed), asked.rounds):
            print(row)


if __name__ == "__main__":
    main()
