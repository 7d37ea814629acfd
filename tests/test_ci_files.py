"""What pipelines are made of: each file and each block of docs/ci fits its validator, and names options that there are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from ccpolicy.cli.file_schemas import file_schema
from ccpolicy.cli.main import ccpolicy
from ccpolicy.documents.source import read_value

TOP = Path(__file__).resolve().parent.parent
PAGES = sorted((TOP / "docs" / "ci").glob("*.md"))
BLOCK = re.compile(r"(?:^`(?P<file>[^`\n]+)`:\n\n)?^```(?P<form>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: str, form: str) -> Iterator[tuple[str, str]]:
    """The blocks of a page in a form, each with its file."""
    for found in BLOCK.finditer((TOP / "docs" / "ci" / page).read_text("utf-8")):
        if found["form"] == form:
            yield found["file"] or "", found["body"]


def official(name: str) -> Any:
    """A schema of SchemaStore, as check-jsonschema carries it."""
    return json.loads(files("check_jsonschema").joinpath("builtin_schemas", "vendor", f"{name}.json").read_text("utf-8"))


def faults(value: Any, name: str) -> list[str]:
    """What is wrong with a value by an official schema."""
    schema = official(name)
    return [error.message for error in jsonschema.validators.validator_for(schema)(schema).iter_errors(value)]


def _value(text: str) -> Any:
    """YAML 1.2, in which `on` is no truth value."""
    return read_value(text.encode(), "page", "yaml")


# ---- the files themselves ------------------------------------------------------------------------------------------------------


def test_the_action_fits_the_schema_of_actions() -> None:
    """And no input stands in a script: each comes by the environment."""
    action = yaml.safe_load((TOP / "action.yml").read_text("utf-8"))
    assert faults(action, "github-actions") == []
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert scripts
    assert not any("${{" in script for script in scripts)


def test_the_hooks_fit_pre_commit() -> None:
    """By its own validator."""
    from pre_commit.clientlib import load_manifest

    hooks = load_manifest(str(TOP / ".pre-commit-hooks.yaml"))
    assert {hook["id"]: hook["pass_filenames"] for hook in hooks} == {"ccpolicy-documents": True, "ccpolicy": False}


def test_the_gitlab_template_fits_the_schema_of_gitlab() -> None:
    """By the schema of GitLab's own editor."""
    assert faults(yaml.safe_load((TOP / "templates" / "gitlab-ci.yml").read_text("utf-8")), "gitlab-ci") == []


def test_the_image_runs_without_rights() -> None:
    """In two stages, by hashes, and from nowhere but the registry that the tools are set up for."""
    lines = (TOP / "Dockerfile").read_text("utf-8").splitlines()
    stages = [line for line in lines if line.startswith("FROM ")]
    words = " ".join(lines)
    assert len(stages) == 2
    assert [line for line in lines if line.startswith("USER ")][-1] != "USER root"
    assert "--require-hashes" in words
    assert not re.search(r"https?://|--index-url|--extra-index-url|--trusted-host", words)
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    assert all((TOP / name).exists() for name in copied)


# ---- the pages -----------------------------------------------------------------------------------------------------------------


def test_the_pipelines_of_github_fit_the_schema_of_workflows() -> None:
    """The whole file; of the short form, the steps."""
    whole, short = (_value(body) for _, body in blocks("github.md", "yaml"))
    assert faults(whole, "github-workflows") == []
    assert faults({"on": "push", "jobs": {"a": {"runs-on": "ubuntu-latest", "steps": short}}}, "github-workflows") == []
    inputs = set(yaml.safe_load((TOP / "action.yml").read_text("utf-8"))["inputs"])
    used = [step["with"] for step in whole["jobs"]["check"]["steps"] if "ccpolicy@" in step.get("uses", "") and "with" in step]
    assert used
    assert all(set(step) <= inputs for step in used)


def test_the_pipelines_of_gitlab_fit_its_schema() -> None:
    """With the template beside it, from which the jobs take what they do not say."""
    template = yaml.safe_load((TOP / "templates" / "gitlab-ci.yml").read_text("utf-8"))
    for _, body in blocks("gitlab.md", "yaml"):
        pipeline = yaml.safe_load(body)
        assert faults(pipeline, "gitlab-ci") == []
        assert {job["extends"] for job in pipeline.values() if isinstance(job, dict) and "extends" in job} <= set(template)


def test_the_configs_of_pre_commit_fit_it(tmp_path: Path) -> None:
    """By its own validator; the hooks that they name are there."""
    from pre_commit.clientlib import load_config

    ours = {hook["id"] for hook in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    for _, body in blocks("pre-commit.md", "yaml"):
        (tmp_path / "config.yaml").write_text(body, "utf-8")
        config = load_config(str(tmp_path / "config.yaml"))
        assert {hook["id"] for repo in config["repos"] for hook in repo["hooks"]} <= ours


def test_the_jenkinsfile_is_balanced() -> None:
    """No validator of it can be had without a Jenkins: its brackets close, and its sections are those of a declarative pipeline."""
    ((_, body),) = blocks("jenkins.md", "groovy")
    code = re.sub(r'"(?:\$\{[^}]*\}|[^"])*"|\'[^\']*\'', "''", body)
    open_: list[str] = []
    for sign in re.findall(r"[(){}\[\]]", code):
        if sign in "({[":
            open_.append(sign)
        else:
            assert open_.pop() + sign in ("()", "{}", "[]")
    assert open_ == []
    sections = re.findall(r"^    (\w+)", body, re.MULTILINE)
    assert set(sections) <= {"agent", "triggers", "options", "environment", "stages", "post"}


def test_the_configs_fit_the_schema_of_ours() -> None:
    """Those that are of ccpolicy."""
    validator = jsonschema.Draft202012Validator(file_schema("config"))
    found = [body for page in PAGES for file, body in blocks(page.name, "toml") if file == "ccpolicy.toml" or "#:schema" in body]
    assert len(found) == 2
    for body in found:
        assert [error.message for error in validator.iter_errors(tomllib.loads(body))] == []


def commands_in(text: str) -> Iterator[list[str]]:
    """The commands of ours in a text, as words."""
    for line in re.sub(r"\\\n|\n\s+(?=--)", " ", text).splitlines():
        for found in re.finditer(
            r"(?<![\w/'\[.-])(?:\.venv/bin/)?ccpolicy ((?:check|baseline|completion|schemas|rules|controls)\b[^`<>|#;\"]*)", line
        ):
            yield found[1].replace("'", " ").split()


PLACES = [*PAGES, TOP / "action.yml", TOP / "templates" / "gitlab-ci.yml", TOP / ".pre-commit-hooks.yaml"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_commands_have_the_options_that_are_named(place: Path) -> None:
    """Every option of every command in a page or a file of a pipeline."""
    for words in commands_in(place.read_text("utf-8")):
        command = ccpolicy.commands[words[0]]
        if isinstance(command, click.Group):
            command = command.commands[words[1]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, words


# ---- what the action does ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("bash") is None, reason="the script of the action is one for bash")
def test_the_action_passes_its_inputs_on_word_by_word(tmp_path: Path) -> None:
    """Whatever stands in them, and ends with the exit code of the check."""
    steps = yaml.safe_load((TOP / "action.yml").read_text("utf-8"))["runs"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "check")
    program = tmp_path / "ccpolicy" / "bin" / "ccpolicy"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/bash\nprintf "%s\\n" "$@" > "$RUNNER_TEMP/words"\nexit 3\n')
    program.chmod(0o755)
    given = {"PATHS": "a b\n$(touch pwned)\n", "ARGS": "--fail-on\nhigh\n`x`", "SARIF": "x.sarif"}
    env = {**os.environ, **given, "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "out")}
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=tmp_path, env=env, check=False, timeout=60)
    assert (done.returncode, (tmp_path / "out").read_text()) == (3, "code=3\n")
    words = (tmp_path / "words").read_text().splitlines()
    ours = ["--format", "sarif", "--output", "x.sarif", "--format", "github", "--"]
    assert words == ["check", "--fail-on", "high", "`x`", *ours, "a b", "$(touch pwned)"]
    assert not (tmp_path / "pwned").exists()


# ---- completion ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete -o nosort -F"), ("zsh", "#compdef ccpolicy"), ("fish", "complete --no-files")]
)
def test_completion_is_a_script_for_the_shell(shell: str, sign: str) -> None:
    """The same bytes each time, and no shell is asked."""
    ran = [CliRunner().invoke(ccpolicy, ["completion", shell], prog_name="ccpolicy") for _ in range(2)]
    assert {one.exit_code for one in ran} == {0}
    assert ran[0].stdout == ran[1].stdout
    assert sign in ran[0].stdout
    assert ran[0].stdout.endswith("\n")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_reads_its_script() -> None:
    """Without running it."""
    script = CliRunner().invoke(ccpolicy, ["completion", "bash"], prog_name="ccpolicy").stdout
    assert subprocess.run(["bash", "-n"], input=script.encode(), check=False, timeout=60).returncode == 0


def test_commands_and_options_are_completed() -> None:
    """By the program itself, which the script asks."""
    for words, number, completed in (("ccpolicy ch", "1", "check"), ("ccpolicy check --changed", "2", "--changed-since")):
        env = {"_CCPOLICY_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": number}
        told = CliRunner().invoke(ccpolicy, [], env=env, prog_name="ccpolicy").stdout
        assert f"plain,{completed}" in told.splitlines()
