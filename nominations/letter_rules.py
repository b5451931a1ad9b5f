"""
Who may write which official letter: the one table. "Who may draft a refusal notice?" is answered here.

Whoever may draft a kind for an office takes it all its way there: paraf, number, signed file, delivery, an end.
Who may read one is asked of `LetterQuerySet.visible_to`.
"""

from dataclasses import dataclass

from accounts.models import Office, Person
from accounts.roles import Right, Role
from letters import kinds
from letters.models import Letter


@dataclass(frozen=True)
class Rule:
    """The right that drafting a kind needs, and the roles in which it is held in the letter's own office."""

    right: Right
    roles: tuple[Role, ...]
    # Completes "… disusun oleh".
    whose: str


_SECRETARIAT = Rule(Right.SCREEN, (Role.SEKRETARIAT,), "Sekretariat")
_PROVINCE = Rule(Right.ENDORSE, (Role.PROVINSI,), "dinas provinsi")
WHO_WRITES: dict[str, Rule] = {
    # The province's office where there is no dinas (DKI Jakarta): rules.nominates_for.
    "surat_usulan": Rule(Right.NOMINATE, (Role.DINAS, Role.PROVINSI), "dinas yang mengusulkan"),
    "berita_acara_provinsi": _PROVINCE,
    "surat_pengantar": _PROVINCE,
    "lembar_seleksi": _SECRETARIAT,
    "permintaan_perbaikan": _SECRETARIAT,
    "tidak_lolos": _SECRETARIAT,
    "jawaban_sanggah": _SECRETARIAT,
}
# Whoever has a page of letters at all.
WRITERS = tuple(dict.fromkeys(rule.right for rule in WHO_WRITES.values()))
READERS = (*WRITERS, Right.READ_ALL)


def may_write(person: Person, kind: str, office: Office) -> bool:
    """Whether this person drafts and handles letters of this kind for this office."""
    rule = WHO_WRITES[kind]
    return person.may(rule.right) and any(office in person.offices(role) for role in rule.roles)


def may_handle(person: Person, letter: Letter) -> bool:
    """Whether this person takes this letter to its next step."""
    return letter.kind in WHO_WRITES and may_write(person, letter.kind, letter.office)


def whose(kind: str) -> str:
    """ "Surat pengantar provinsi disusun oleh dinas provinsi." """
    return f"{kinds.KINDS[kind].name} disusun oleh {WHO_WRITES[kind].whose}."
