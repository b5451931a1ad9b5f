"""Why something is not signed."""


class CannotSign(Exception):
    """The signature cannot be made; `for_reader` says why and what to do, in Indonesian."""

    def __init__(self, code: str, for_reader: str) -> None:
        super().__init__(code)
        self.code = code
        self.for_reader = for_reader


class SecretNeeded(CannotSign):
    """The signatory's secret is absent or no longer accepted: the batch waits for a new one."""
