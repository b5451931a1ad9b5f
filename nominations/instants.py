"""An instant typed into a form: on the clock that decides (WIB), whatever the clock of whoever types."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from letters.wording import WIB

_FORMAT = "%Y-%m-%dT%H:%M"


class WibInstantField(forms.DateTimeField):
    """
    A browser's field for date and time, read and shown as WIB; gives an aware instant, None where it is empty.

    Whole minutes: an instant whose seconds nobody could see is unchanged while its minute is.
    """

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "medium"}, format=_FORMAT)
        super().__init__(widget=widget, input_formats=[_FORMAT], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(WIB):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(WIB):
            instant: datetime | None = super().to_python(value)
        if instant is not None and not 2000 <= instant.year <= 2100:
            raise ValidationError("Tahun harus antara 2000 dan 2100.")
        return instant

    def has_changed(self, initial: Any, data: Any) -> bool:
        if isinstance(initial, datetime):
            initial = initial.replace(second=0, microsecond=0)
        return super().has_changed(initial, data)


def end_of_day_in(days: int, *, at: datetime) -> datetime:
    """23.59 WIB of the day that many days after `at`: what a form suggests for an end."""
    return timezone.localtime(at + timedelta(days=days), WIB).replace(
        hour=23, minute=59, second=0, microsecond=0
    )
