"""One line per log record; what stands in `extra` is added as key=value. Ids only, never personal data."""

import logging

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "data"}


class LineFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        extra = " ".join(f"{key}={value}" for key, value in vars(record).items() if key not in _STANDARD)
        first, newline, rest = line.partition("\n")
        return f"{first} {extra}{newline}{rest}" if extra else line
