"""The province's one form about a nomination: five questions, and what each of its decisions needs besides."""

from typing import Any

from django import forms

from .guards import Refused
from .models import ProvinceAnswer, Submission, Verdict
from .repair_forms import RepairForm, reason_field
from .verdict_forms import note_field, verdict_errors, verdict_field

ENDORSE, RETURN, REFUSE, KEEP = "endorse", "return_to_dinas", "not_endorse", "keep"


class EndorsementForm(RepairForm):
    """`action` is what was pressed: what it does not need may stay empty."""

    def __init__(self, *args: Any, action: str = "", submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, content=submission.content, **kwargs)
        self.action = action
        given = {answer.question: answer for answer in submission.province_answers.order_by("pk")}
        for question in ProvinceAnswer.Question:
            there = given.get(question.value)
            self.fields[f"{question.value}-hasil"] = verdict_field(
                question.label, initial=there.verdict if there else ""
            )
            self.fields[f"{question.value}-catatan"] = note_field(
                question.label, initial=there.note if there else ""
            )
            self.fields[f"{question.value}-hasil"].required = action == ENDORSE
        self.fields["alasan_tolak"] = reason_field()
        self.fields["alasan_tolak"].required = action in ("", REFUSE)
        for name in ("alasan", "batas"):
            self.fields[name].required = action in ("", RETURN)
        questions = [
            f"{question}-{part}"
            for question in ProvinceAnswer.Question.values
            for part in ("hasil", "catatan")
        ]
        self.order_fields(questions)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for question in ProvinceAnswer.Question.values:
            for field, text in verdict_errors(cleaned, question):
                self.add_error(field, text)
        if self.action in (ENDORSE, REFUSE) and any(
            text for name, text in cleaned.items() if name.startswith("perbaikan-")
        ):
            self.add_error(
                None,
                "Ada catatan perbaikan pada isian, dan hanya pengembalian yang membawanya ke dinas. Kembalikan usulan untuk "
                "perbaikan, atau hapus catatan itu.",
            )
        return cleaned

    def answers(self) -> dict[str, tuple[str, str]]:
        """Question -> (verdict, note), of those that were answered; of a valid form."""
        found = {}
        for question in ProvinceAnswer.Question.values:
            if verdict := self.cleaned_data[f"{question}-hasil"]:
                found[question] = (Verdict(verdict).value, self.cleaned_data[f"{question}-catatan"])
        return found

    def reason(self) -> str:
        return str(self.cleaned_data["alasan_tolak" if self.action == REFUSE else "alasan"])

    def questions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [
            (self[f"{question}-hasil"], self[f"{question}-catatan"])
            for question in ProvinceAnswer.Question.values
        ]

    def refuse(self, refusal: Refused, **_: Any) -> None:
        reason = "alasan_tolak" if self.action == REFUSE else "alasan"
        super().refuse(refusal, fields={"reason_missing": reason, "due_missing": "batas"})
