"""
The decree as PDF: the draft with RANCANGAN across it, and once issued the original and the salinan, each made once
for archives (PDF/A-3a) and kept with its hash (documents.md 7).
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import translation

from files import disk
from letters import pdf as letters_pdf

from . import decree_text, signing
from .models import Decree, DecreeFile

FOLDER = "keputusan"
Variant = DecreeFile.Variant
OVERDUE = timedelta(minutes=5)
MADE = (Variant.ORIGINAL, Variant.COPY)


def html(decree: Decree, variant: str = Variant.ORIGINAL, *, is_draft: bool | None = None) -> str:
    """
    The page that the PDF is made of; marked as a draft where the decree is not issued, unless `is_draft` says
    otherwise. Raises decrees.Refused (totals).
    """
    with translation.override("id"):
        return render_to_string(
            "awards/pdf/decree.html",
            {
                "text": decree_text.text_of(decree),
                "is_draft": decree.issued_at is None if is_draft is None else is_draft,
                "is_copy": variant == Variant.COPY,
                "is_example": decree.round.is_example,
            },
        )


def draft(decree: Decree) -> bytes:
    """The PDF of a decree as it would read now; nothing of it is kept."""
    return letters_pdf.from_html(html(decree))


def to_sign_by_hand(decree: Decree) -> bytes:
    """The same without its mark, number and date left open: what the signatory signs on paper."""
    return letters_pdf.from_html(html(decree, is_draft=False))


def make(decree_id: int, variant: str, *, at: datetime) -> DecreeFile:
    """
    Make one paper of an issued decree, or return the one that is there: two deliveries of a task give one file.

    What an issued decree says never changes, so it is laid out and signed before its row is locked: whoever publishes
    meanwhile does not wait. The file is written beside its place and renamed, and only then recorded.
    """
    decree = Decree.objects.select_related("round", "plenary", "changes", "wording").get(pk=decree_id)
    if decree.issued_at is None:
        raise ValueError("a draft is not kept")
    if (there := _there(decree, variant)) is not None:
        return there
    data = letters_pdf.archived(html(decree, variant))
    if variant == Variant.ORIGINAL:
        data = signing.sign_pdf(data, reason=str(decree), at=at, batch=decree.pk)
    with transaction.atomic():
        Decree.objects.select_for_update(no_key=True).get(pk=decree_id)
        if (there := _there(decree, variant)) is not None:
            return there
        path = f"{FOLDER}/{decree.round_id}/{decree.pk}-{variant}.pdf"
        disk.keep(Path(settings.MEDIA_ROOT) / path, data)
        return DecreeFile.objects.create(
            decree=decree,
            variant=variant,
            path=path,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            made_at=at,
        )


def _there(decree: Decree, variant: str) -> DecreeFile | None:
    return DecreeFile.objects.filter(decree=decree, variant=variant).first()


def unmade(*, at: datetime) -> list[int]:
    """
    The decrees issued here a while ago that lack a paper. The papers of one taken over from an earlier round are not
    ours to make.
    """
    issued = Decree.objects.of_the_portal().filter(issued_at__lt=at - OVERDUE, issued_by__isnull=False)
    papers = DecreeFile.objects.filter(decree=OuterRef("pk"))
    lacks = ~Exists(papers.filter(variant=Variant.COPY)) | (
        Q(rests_on=Decree.Basis.PORTAL) & ~Exists(papers.filter(variant=Variant.ORIGINAL))
    )
    return list(issued.filter(lacks).order_by("pk").values_list("pk", flat=True)[:50])


def made_of(decree: Decree) -> tuple[str, ...]:
    """The papers that are ours to make: beside a decree signed by hand stands no other original."""
    return (Variant.COPY,) if decree.rests_on == Decree.Basis.SCAN else MADE


def file_of(paper: DecreeFile) -> Path:
    return Path(settings.MEDIA_ROOT) / paper.path
