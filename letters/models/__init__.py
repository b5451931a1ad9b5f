from .calendar import Holiday, HolidayYear
from .letterheads import Letterhead, SigningOfficer, SigningOfficerQuerySet
from .numbers import Counter, NumberPattern
from .official import Letter, LetterQuerySet
from .outbox import Batch, MailTemplate, Message, MessageQuerySet

__all__ = [
    "Batch",
    "Counter",
    "Holiday",
    "HolidayYear",
    "Letter",
    "LetterQuerySet",
    "Letterhead",
    "MailTemplate",
    "Message",
    "MessageQuerySet",
    "NumberPattern",
    "SigningOfficer",
    "SigningOfficerQuerySet",
]
