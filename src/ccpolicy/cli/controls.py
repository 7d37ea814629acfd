"""`ccpolicy controls`: standards, their controls, and how they relate."""

from __future__ import annotations

import click

from ccpolicy.cli.options import asked_of, evidence_options, pack_options

_FORMAT = click.option("--format", "form", metavar="text|json|csv", default="text", show_default=True, help="Form of the report.")


@click.group()
def controls() -> None:
    """Hold standards against each other: what the packs say about their controls."""


@controls.command("map")
@pack_options
@click.argument("left", metavar="STANDARD")
@click.argument("right", metavar="STANDARD")
@click.option("--hops", type=click.IntRange(1, 6), default=4, show_default=True, help="Longest path of links to follow.")
@_FORMAT
def map_(packs: tuple[str, ...], no_shipped_rules: bool, left: str, right: str, hops: int, form: str) -> int:
    """Show how the controls of two standards relate: what reviewed links prove, conflicts, and honest blanks.

    Of each pair it shows the relations that are still possible, with the path of links that proves it. Drafts prove nothing and are listed
    apart, as are controls for which no counterpart was found, and those that nobody looked at yet.
    """
    from ccpolicy.cli.control_map import show_map  # lazy: brings pydantic and jsonschema along

    return show_map(packs, not no_shipped_rules, (left, right), hops, form)


_STANDARD = click.option("--standard", "standards", metavar="ID", multiple=True, help="Only this standard. Repeatable.")


@controls.command("show")
@pack_options
@evidence_options
@click.argument("control", metavar="ID")
@_FORMAT
def show(packs: tuple[str, ...], no_shipped_rules: bool, evidence: tuple[str, ...], as_of: str | None, control: str, form: str) -> int:
    """Show one control: what it is, which rules judge it, the evidence they read, and its neighbours in other standards.

    With --evidence it says what the control came to as well, and the rules, statements, waivers and documents behind that.
    """
    from ccpolicy.cli.control_views import show_control  # lazy: brings pydantic and jsonschema along

    return show_control(asked_of(evidence, as_of, packs, no_shipped_rules), control, form)


@controls.command("coverage")
@pack_options
@evidence_options
@_STANDARD
@_FORMAT
def coverage(
    packs: tuple[str, ...], no_shipped_rules: bool, evidence: tuple[str, ...], as_of: str | None, standards: tuple[str, ...], form: str
) -> int:
    """Count, for each standard, the controls that rules judge wholly or in part, those that people judge, and the rest.

    Headings are not counted: they ask for nothing themselves. With --evidence those that somebody attests, or a provider answers for, are
    counted apart, and so is what the controls came to.
    """
    from ccpolicy.cli.control_views import show_coverage  # lazy: brings pydantic and jsonschema along

    return show_coverage(asked_of(evidence, as_of, packs, no_shipped_rules, standards), form)


@controls.command("gaps")
@pack_options
@evidence_options
@_STANDARD
@_FORMAT
def gaps(
    packs: tuple[str, ...], no_shipped_rules: bool, evidence: tuple[str, ...], as_of: str | None, standards: tuple[str, ...], form: str
) -> int:
    """List the controls that no rule reaches, why, and which evidence may serve them.

    With --evidence those are left out that somebody attests, that a provider answers for, or that do not bind here.
    """
    from ccpolicy.cli.control_views import show_gaps  # lazy: brings pydantic and jsonschema along

    return show_gaps(asked_of(evidence, as_of, packs, no_shipped_rules, standards), form)


@controls.command("impact")
@pack_options
@click.argument("what", metavar="FILE|FILE#POINTER|RULE|CONTROL|-", nargs=-1, required=True)
@click.option("--evidence", "evidence", metavar="PATH", multiple=True, help="Know the documents in this file or folder too. Repeatable.")
@_FORMAT
def impact(packs: tuple[str, ...], no_shipped_rules: bool, what: tuple[str, ...], evidence: tuple[str, ...], form: str) -> int:
    """Show which rules, controls and standards depend on files, fields, rules or controls.

    With - the names are read from standard input, one a line: `git diff --name-only | ccpolicy controls impact - --evidence .`
    """
    from ccpolicy.cli.control_graph import show_impact  # lazy: brings networkx along

    return show_impact(packs, not no_shipped_rules, what, evidence, form)


@controls.command("graph")
@pack_options
@evidence_options
@click.option("--format", "form", metavar="dot|mermaid|graphml|json", default="dot", show_default=True, help="Form of the graph.")
def graph(packs: tuple[str, ...], no_shipped_rules: bool, evidence: tuple[str, ...], as_of: str | None, form: str) -> int:
    """Print standards, controls, rules, kinds and fields as one graph, for other tools to draw.

    With --evidence it holds the files too, with the attestations, responsibilities and waivers in them, and statuses.
    """
    from ccpolicy.cli.control_graph import show_graph  # lazy: brings networkx along

    return show_graph(asked_of(evidence, as_of, packs, no_shipped_rules), form)


@controls.command("plan")
@pack_options
@evidence_options
@_STANDARD
@_FORMAT
def plan(
    packs: tuple[str, ...], no_shipped_rules: bool, evidence: tuple[str, ...], as_of: str | None, standards: tuple[str, ...], form: str
) -> int:
    """Put repairs in order: root causes first, then what turns most controls for its price, and what each step buys in each standard.

    A step is a rule that does not hold, a statement to renew, or a control to attest. What it buys is computed by rolling the controls up
    again as if it were done. What repairs take, and what standards weigh, stands in [plan] of ccpolicy.toml. Without --evidence nothing is
    assessed: the steps are the rules by the controls that they can decide, and the order is that of building evidence.

    Exit codes: 0, or 3 if a file of the evidence could not be read.
    """
    from ccpolicy.cli.control_plan import show_plan  # lazy: brings pydantic and jsonschema along

    return show_plan(asked_of(evidence, as_of, packs, no_shipped_rules, standards), form)


@controls.command("requests")
@pack_options
@evidence_options
@_STANDARD
@_FORMAT
def requests(
    packs: tuple[str, ...], no_shipped_rules: bool, evidence: tuple[str, ...], as_of: str | None, standards: tuple[str, ...], form: str
) -> int:
    """List the evidence to ask for: a row for each kind of documents, with its fields, the controls it serves, and how far back.

    The ids stay the same from run to run. What only people can show is asked for as attestations, by standard. With --evidence each row
    says whether it is provided, partly (and what is lacking) or missing, and who brings it by when, as [owners] of ccpolicy.toml says.

    Exit codes: 0, or 3 if a file of the evidence could not be read.
    """
    from ccpolicy.cli.control_requests import show_requests  # lazy: brings pydantic and jsonschema along

    return show_requests(asked_of(evidence, as_of, packs, no_shipped_rules, standards), form)
