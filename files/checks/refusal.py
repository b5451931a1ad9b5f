"""How a check says no: a code that files/refusals.py has the sentence for, and the figures that belong in it."""


class No(Exception):
    """A file is refused. `facts` are figures only, never something that the file says about itself."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
