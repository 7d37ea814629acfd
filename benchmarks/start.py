"""How long ccpolicy takes to start: `--version` and a check of ten files, as multiples of an empty Python program."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
GOALS = {"--version": 4.5, "check of ten files": 6.0}
AS_OF = "2026-06-30"


def write_ten(folder: Path) -> None:
    """Ten small documents."""
    for n in range(10):
        body = {"id": f"A{n}", "hired_on": "2025-02-03", "skills": ["payments"]}
        (folder / f"agent-{n}.json").write_text(json.dumps({"kind": "agent", "id": f"A{n}", "observed_at": AS_OF, "data": body}))


def seconds_of(words: list[str]) -> float:
    """Wall-clock seconds of one program."""
    started = time.perf_counter()
    subprocess.run(words, capture_output=True, check=False)
    return time.perf_counter() - started


def main() -> None:
    """Prints the table: the least of some rounds, in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        write_ten(Path(place))
        ours = [sys.executable, "-m", "ccpolicy"]
        programs = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "--version": [*ours, "--version"],
            "check of ten files": [*ours, "check", place, "--as-of", AS_OF],
        }
        runs = [{name: seconds_of(words) for name, words in programs.items()} for _ in range(asked.rounds)]
    least = {name: min(run[name] for run in runs) for name in programs}
    for name, spent in least.items():
        ratio = spent / least["python -c pass"]
        goal = f"   goal {GOALS[name]}: {'met' if ratio <= GOALS[name] else 'missed'}" if name in GOALS else ""
        print(f"{name:<20}{spent * 1000:7.0f} ms   x {ratio:5.1f}{goal}")


if __name__ == "__main__":
    main()
