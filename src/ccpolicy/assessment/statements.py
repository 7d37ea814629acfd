"""What people and providers state about controls: attestations, and who is responsible; and whether it counts today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from ccpolicy.controls.register import Register
from ccpolicy.documents.document import Document, Evidence
from ccpolicy.documents.moment import read_date
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import OpenMap

State: TypeAlias = Literal["applied", "ours", "unknown_control", "invalid", "same_person", "undated", "not_yet", "expired"]
Party: TypeAlias = Literal["provider", "shared", "client"]
_Check: TypeAlias = "tuple[State, str] | None"


@dataclass(frozen=True, slots=True)
class Statement:
    """An attestation of a control (`party` is empty), or a row of a responsibility document. It counts if it is `applied`."""

    kind: Literal["attestation", "responsibility"]
    document: Document
    pointer: Pointer
    control: str  # full id, or as it is written where no catalogue has it
    state: State
    message: str  # what it says if it counts, else why it does not
    party: Party | Literal[""] = ""
    alternative: bool = False  # a documented alternative to an addressable control

    @property
    def data_classes(self) -> frozenset[str]:
        """Over which data it is stated."""
        return classes_of(self.document.envelope)


def classes_of(envelope: Mapping[str, Any]) -> frozenset[str]:
    """The classes of data that an envelope names."""
    stated = envelope.get("data_classes")
    return frozenset(name for name in stated if isinstance(name, str)) if isinstance(stated, list) else frozenset()


def statements_in(evidence: Evidence, register: Register) -> tuple[Statement, ...]:
    """All statements in force, in the order of their documents."""
    found: list[Statement] = []
    for document in sorted(evidence.of("attestation"), key=lambda document: (document.id, document.file)):
        found.append(_attestation(document, register, evidence.as_of))
    for document in sorted(evidence.of("responsibility"), key=lambda document: (document.id, document.file)):
        found += _responsibilities(document, register, evidence.as_of)
    return tuple(found)


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """The text without needless spaces; empty for what is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""


# ---- attestations --------------------------------------------------------------------------------------------------------------


def _attestation(document: Document, register: Register, as_of: date) -> Statement:
    body = _map(document.body)
    name = _text(body.get("control"))
    control = register.find(name)
    addressable = control is not None and register.entries[control].control.obligation == "addressable"
    wrong = _known(control) or _persons(body) or _alternative(body, addressable) or _dated(body, as_of)
    alternative = _map(body.get("alternative"))
    state, message = wrong or ("applied", _attested(document, body, alternative))
    return Statement("attestation", document, document.base, control or name, state, message, alternative=bool(alternative))


def _known(control: str | None) -> _Check:
    return ("unknown_control", "it names no control of a catalogue") if control is None else None


def _persons(body: Mapping[str, Any]) -> _Check:
    by, approved_by = (_text(body.get(role)).casefold() for role in ("by", "approved_by"))
    if not by or not approved_by:
        return "invalid", "who attests it, or who approved it, is not known"
    return ("same_person", "the same person attests and approved it") if by == approved_by else None


def _alternative(body: Mapping[str, Any], addressable: bool) -> _Check:
    if "alternative" not in body:
        unseen = isinstance(body, OpenMap) and addressable
        return ("invalid", "it is not in evidence whole, so whether it is of an alternative cannot be told") if unseen else None
    if not addressable:
        return "invalid", "only an addressable control may have an alternative"
    stated = _map(body["alternative"])
    lacking = [word for word in ("measure", "rationale") if not _text(stated.get(word))]
    return ("invalid", f"the {' and the '.join(lacking)} of the alternative {_are(lacking)} not known") if lacking else None


def _are(words: list[str]) -> str:
    return "is" if len(words) == 1 else "are"


def _dated(body: Mapping[str, Any], as_of: date) -> _Check:
    on, until = read_date(body.get("on")), read_date(body.get("valid_until"))
    if on is None or until is None:
        return "undated", f"{'when it was made' if on is None else 'until when it is valid'} is not known"
    if as_of < on:
        return "not_yet", f"it was made on {on.isoformat()}, after the day of assessment"
    return ("expired", f"it expired on {until.isoformat()}") if until < as_of else None


def _attested(document: Document, body: Mapping[str, Any], alternative: Mapping[str, Any]) -> str:
    told = f"documented alternative ({_text(alternative['measure'])}), " if alternative else ""
    return f"{told}attested by {_text(body['by'])} on {body['on']} until {body['valid_until']} ({document.id})"


# ---- responsibilities ----------------------------------------------------------------------------------------------------------


def _responsibilities(document: Document, register: Register, as_of: date) -> Iterator[Statement]:
    body = _map(document.body)
    rows = body.get("controls")
    for position, row in enumerate(rows if isinstance(rows, list) else ()):
        stated = _map(row)
        name = _text(stated.get("control"))
        control, party = register.find(name), stated.get("responsible")
        attestation = _map(body.get("attestation"))
        wrong = _known(control) or _party(body, party) or (_dated(attestation, as_of) if party != "client" else None)
        state, message = wrong or (("ours", "it is ours alone") if party == "client" else ("applied", _inherited(body, attestation)))
        kept: Party = party if party in ("provider", "client") else "shared"
        if state != "applied" and state != "ours" and (provider := _text(body.get("provider"))):
            message = f"{provider}: {message}"
        yield Statement("responsibility", document, document.pointer(("controls", position)), control or name, state, message, kept)


def _party(body: Mapping[str, Any], party: Any) -> _Check:
    if party not in ("provider", "shared", "client"):
        return "invalid", "who is responsible is not known"
    nameless = party != "client" and not _text(body.get("provider"))
    return ("invalid", "which provider it is, is not known") if nameless else None


def _inherited(body: Mapping[str, Any], attestation: Mapping[str, Any]) -> str:
    reference = _text(attestation.get("reference"))
    named = f" {reference}" if reference else ""
    return f"{_text(body['provider'])}, attestation of compliance{named} of {attestation['on']} valid until {attestation['valid_until']}"
