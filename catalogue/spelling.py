"""What a visitor typed, read as words: which are known, and which known ones a misspelt one may have meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .bounded import rows

WORDS_AT_MOST = 8
# Under this share of common trigrams two words are not each other's misspelling; as pg_trgm has it by itself.
LIKE_ENOUGH = 0.3
_WITHIN_OF_THE_BEST = 0.1
_LIKE_AT_MOST = 3
_LETTERS_AT_LEAST = 4
# What a beginning may go on to, the commonest first; more would find nothing further among a thousand hits.
_ENDINGS_AT_MOST = 200
_MET_OFTEN, _OF_MANY = 10_000, 12
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Typed:
    """
    words: as typed, at most WORDS_AT_MOST. lexemes: word -> what the listing has of it (Lexeme): those it is the
    beginning of, in its stem or as it stands; for an unknown one those of its likes. unknown: the words that nothing in
    the catalogue is found by. alike: word -> known words like it, the likest first. last_days: marks of the last days
    that awards have.
    """

    words: tuple[str, ...]
    lexemes: dict[str, tuple[str, ...]]
    unknown: frozenset[str] = frozenset()
    alike: dict[str, tuple[str, ...]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()

    def marked(self, mark: str) -> list[str]:
        """What stands behind a mark ("=u") in those that awards have."""
        return [one.removeprefix(mark) for one in self.marks if one.startswith(mark)]

    @property
    def corrected(self) -> dict[str, str]:
        """Unknown word -> the known one that is searched for in its place."""
        return {word: self.alike[word][0] for word in self.words if word in self.unknown and self.alike[word]}

    def instead(self) -> list[tuple[str, ...]]:
        """Other words to ask for: one exchanged for a like one, or each word alone."""
        others = [
            tuple(like if one == word else one for one in self.words)
            for word in self.words
            for like in self.alike.get(word, ())
        ]
        alone = [(word,) for word in self.words] if len(self.words) > 1 else []
        return list(dict.fromkeys([*others, *alone]))


def read(text: str) -> Typed | None:
    """None where there is no word in it; asks the lexicon once, and once more for the likes of unknown words."""
    words = tuple(dict.fromkeys(_WORD.findall(text)))[:WORDS_AT_MOST]
    if not words:
        return None
    found: list[dict[str, tuple[int, bool]]] = [{} for _ in words]
    marks = ""
    for number, lexeme, count, is_whole in rows(_KNOWN, {"words": list(words), "at_most": _ENDINGS_AT_MOST}):
        if number:
            found[number - 1][lexeme] = (count, is_whole)
        else:
            marks = lexeme
    typed = Typed(
        words,
        {word: _enough(of_it) for word, of_it in zip(words, found, strict=True)},
        frozenset(word for word, of_it in zip(words, found, strict=True) if not of_it),
        marks=tuple(marks.split()),
    )
    return with_likes(typed, typed.unknown) if typed.unknown else typed


def _enough(counts: dict[str, tuple[int, bool]]) -> tuple[str, ...]:
    """All of the lexemes, unless they are met so often that a few of them find enough: each costs for each row."""
    if sum(count for count, _ in counts.values()) <= _MET_OFTEN:
        return tuple(counts)
    whole = tuple(lexeme for lexeme, (_, is_whole) in counts.items() if is_whole)
    return whole or tuple(counts)[:_OF_MANY]


def with_likes(typed: Typed, words: Iterable[str]) -> Typed:
    """With the known words that these may have meant, and what the listing has of them; a statement of its own."""
    asked = list(words)
    alike: dict[str, tuple[str, ...]] = dict.fromkeys(asked, ())
    lexemes = dict(typed.lexemes)
    best: dict[str, float] = {}
    params = {
        "plain": [_plain(word) for word in asked],
        "least": LIKE_ENOUGH,
        "letters": _LETTERS_AT_LEAST,
        "likes": _LIKE_AT_MOST,
        "at_most": _OF_MANY,
    }
    for number, like, share, found in rows(_LIKES, params):
        word = asked[number - 1]
        if share < best.setdefault(word, share) - _WITHIN_OF_THE_BEST:
            continue
        alike[word] += (like,)
        lexemes[like] = tuple(found)
        if word in typed.unknown:
            lexemes[word] = tuple(dict.fromkeys((*lexemes[word], *found)))
    return replace(typed, lexemes=lexemes, alike={**typed.alike, **alike})


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(one for one in decomposed if not unicodedata.combining(one))


# Functions (migrations/0007), as planning these takes longer than running them.
_KNOWN = "SELECT * FROM catalogue_known(%(words)s, %(at_most)s)"
# Apart from the statements that find rows: within one of them it takes a hundred times as long.
_LIKES = "SELECT * FROM catalogue_likes(%(plain)s, %(least)s, %(letters)s, %(likes)s, %(at_most)s)"
