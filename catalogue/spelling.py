"""What a visitor typed, read as words: which are known, and which known ones a misspelt one may have meant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import connection

WORDS_AT_MOST = 8
# Under this share of common trigrams two words are not each other's misspelling; as pg_trgm has it by itself.
LIKE_ENOUGH = 0.3
_WITHIN_OF_THE_BEST = 0.1
_LIKE_AT_MOST = 3
_WORD = re.compile(r"[^\W_]+")

AnyQuery = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True)
class Typed:
    """
    words: as typed, at most WORDS_AT_MOST. alike: word -> known words like it, the likest first. unknown: those words
    that nothing in the catalogue is found by.
    """

    words: tuple[str, ...]
    alike: dict[str, tuple[str, ...]]
    unknown: frozenset[str]

    def as_query(self) -> AnyQuery:
        """All words, each as the beginning of a word, in its stem or as it stands; an unknown one by its likes."""
        return reduce(and_, (self._either(word) for word in self.words))

    def _either(self, word: str) -> AnyQuery:
        meant = [word, *(self.alike[word] if word in self.unknown else ())]
        return reduce(or_, (_begins(one) for one in meant))

    @property
    def corrected(self) -> dict[str, str]:
        """Unknown word -> the known one that is searched for in its place."""
        return {word: self.alike[word][0] for word in self.words if word in self.unknown and self.alike[word]}

    def instead(self) -> list[str]:
        """Other things to ask for: one word exchanged for a like one, or each word alone."""
        others = [
            " ".join(like if one == word else one for one in self.words)
            for word in self.words
            for like in self.alike[word]
        ]
        alone = list(self.words) if len(self.words) > 1 else []
        return list(dict.fromkeys([*others, *alone]))


def read(text: str) -> Typed | None:
    """None where there is no word in it; asks the lexicon once."""
    words = tuple(dict.fromkeys(_WORD.findall(text)))[:WORDS_AT_MOST]
    if not words:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            _LEXICON, {"words": list(words), "plain": [_plain(one) for one in words], "least": LIKE_ENOUGH}
        )
        rows = cursor.fetchall()  # fmt: skip
    alike: dict[str, tuple[str, ...]] = {}
    for word, _, likes, shares in rows:
        best = max(shares, default=0) - _WITHIN_OF_THE_BEST
        near = [like for like, share in zip(likes, shares, strict=True) if share >= best]
        alike[word] = tuple(near[:_LIKE_AT_MOST])
    return Typed(words, alike, frozenset(word for word, known, *_ in rows if not known))


def _begins(word: str) -> AnyQuery:
    """`word` holds letters and digits only, so that it needs no quoting in the language of tsquery."""
    return SearchQuery(f"{word}:*", config="ovop", search_type="raw") | SearchQuery(
        f"{word}:*", config="ovop_plain", search_type="raw"
    )


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(one for one in decomposed if not unicodedata.combining(one))


# A statement of its own: within the one that finds the rows it takes a hundred times as long.
_LEXICON = """
SELECT t.word,
    EXISTS (
        SELECT FROM catalogue_listing
        WHERE words @@ (to_tsquery('ovop', t.word || ':*') || to_tsquery('ovop_plain', t.word || ':*'))
    ),
    coalesce(n.words, '{}'), coalesce(n.shares, '{}')
FROM unnest(%(words)s::text[], %(plain)s::text[]) AS t(word, plain)
    LEFT JOIN LATERAL (
        SELECT array_agg(w.word ORDER BY w.share DESC, w.word) AS words,
            array_agg(w.share ORDER BY w.share DESC, w.word) AS shares
        FROM (
            SELECT word, similarity(word, t.plain) AS share FROM catalogue_word
            WHERE word %% t.plain AND word <> t.plain AND similarity(word, t.plain) >= %(least)s
            ORDER BY share DESC, word LIMIT 8
        ) w
    ) n ON true
"""
