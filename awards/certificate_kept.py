"""What is kept of one certificate for the next, and how much of it."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any


class LeastRecent(OrderedDict[Hashable, Any]):
    """The last few things by their key; the one that was not asked for longest goes first."""

    def __init__(self, at_most: int) -> None:
        super().__init__()
        self._at_most = at_most

    def known(self, key: Hashable) -> Any:
        if key in self:
            self.move_to_end(key)
        return self.get(key)

    def keep(self, key: Hashable, thing: Any) -> None:
        self[key] = thing
        if len(self) > self._at_most:
            self.popitem(last=False)
