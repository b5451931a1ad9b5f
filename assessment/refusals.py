"""What this room says when it does not do a thing."""


class Refused(Exception):
    """Nothing was done. `code`: for the log; `for_reader`: what stands in the way and who can remove it."""

    def __init__(self, code: str, for_reader: str) -> None:
        super().__init__(code)
        self.code = code
        self.for_reader = for_reader


NOT_YOURS = "Peran Anda tidak dapat melakukan tindakan ini. Tidak ada yang berubah."
