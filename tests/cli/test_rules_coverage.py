"""`ccpolicy rules test --coverage`: what it prints, as text and as JSON."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_coverage_names_what_the_cases_never_decide(run: Run, pack: Path) -> None:
    """With file and line; it changes no exit code."""
    rule = pack / "checks" / "house" / "mask.yaml"
    rule.write_text(rule.read_text().replace("require: {", "require:\n  any_of:\n    - {name: {is: a, present: true}}\n    - {"))
    ran = run("rules", "test", "house/*", "--pack", pack, "--coverage")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "4 cases of 1 rule: 4 passed, 0 failed",
        "house/mask: decided both ways: 1 of 3 leaves, 1 of 2 branches",
        f"  never true: the branch require/any_of/0 ({rule}:12)",
        f"  never decided: require/any_of/0/name/is ({rule}:12)",
        f"  never true: require/any_of/0/name/present ({rule}:12)",
        "coverage of 1 rule: decided both ways: 1 of 3 leaves, 1 of 2 branches",
    ]


def test_coverage_as_json(run: Run, pack: Path) -> None:
    """With the cases, and a count of each truth at each place."""
    found = run("rules", "test", "house/*", "--pack", pack, "--coverage", "--format", "json").json
    assert (found["passed"], found["failed"], len(found["cases"])) == (4, 0, 4)
    assert found["cases"][0] == {
        "rule": "house/mask",
        "name": "masks",
        "file": f"{pack}/checks/house/mask.cases.yaml",
        "line": 3,
        "expected": "pass",
        "status": "pass",
        "ok": True,
        "message": None,
    }
    assert found["coverage"] == {
        "both_ways": 1,
        "total": 1,
        "rules": [
            {
                "rule": "house/mask",
                "points": [
                    {
                        "place": "require/recording.pause_mode/is",
                        "part": "leaf",
                        "file": f"{pack}/checks/house/mask.yaml",
                        "line": 10,
                        "true": 2,
                        "false": 1,
                        "unknown": 1,
                        "lack": None,
                    }
                ],
            }
        ],
    }
    assert "mutation" not in found


def test_a_form_that_is_not_known_is_wrong_use(run: Run) -> None:
    """With what is meant."""
    ran = run("rules", "test", "--format", "jsn")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `json`?" in ran.err


def test_failed_cases_are_in_the_json_too(run: Run, pack: Path) -> None:
    """With what they gave."""
    cases = pack / "checks" / "house" / "mask.cases.yaml"
    cases.write_text(cases.read_text().replace("status: pass", "status: fail", 1))
    ran = run("rules", "test", "house/*", "--pack", pack, "--format", "json")
    assert ran.code == 1
    assert ran.json["failed"] == 1
    assert ran.json["cases"][0]["message"] == "expected fail, got pass"
    assert set(ran.json) == {"passed", "failed", "cases"}
