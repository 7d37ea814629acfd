"""Own targets are nobody's default, and a rule rests on what was seen where it can."""

from __future__ import annotations

from tests.test_fixtures import library

# What a default is harmless for: a convention of statistics, numbers that a standard itself sets, and those names in the customer's
# systems whose wrong value makes a rule fail. A wrong name of a role would make it pass, so roles have no default.
SETTLED = {
    "access_review_look_back",
    "administrator_profiles",
    "asv_look_back",
    "health_information_course",
    "min_characters",
    "monitoring_confidence",
    "payment_training_course",
    "survey_confidence",
}
# Rules on figures that no public source names, so that nothing else can be cited; the first is a hint, the target of others is own.
ASSUMED = {"workforce/handling-time-not-only-target", "people/absenteeism", "people/attrition", "people/leavers-split"}


def test_no_target_of_an_organisation_has_a_default() -> None:
    """Unset, its rule is undetermined; a public benchmark is never filled in."""
    named = {name for rule in library().rulebook.rules.values() for name, told in rule.parameters.items() if told.default is not None}
    assert named == SETTLED


def test_a_rule_rests_on_more_than_what_is_assumed() -> None:
    """Beside a control that no source names, a rule cites one that was seen, except for the few that are listed."""
    titles = {f"{standard}/{number}": told.title for standard, one in library().catalogues.items() for number, told in one.controls.items()}
    alone = {
        rule.id for rule in library().rulebook.rules.values() if all("(assumed" in titles[citation.control] for citation in rule.citations)
    }
    assert alone == ASSUMED


def test_no_title_names_a_number_that_is_a_parameter() -> None:
    """The number would be wrong for whoever sets another one."""
    numbers = {"five", "ten", "twelve", "ninety"}
    named = [rule.id for rule in library().rulebook.rules.values() if rule.parameters and numbers & set(rule.title.lower().split())]
    assert named == ["people/attrition"]  # the year is the rule's own, its parameter is the limit
