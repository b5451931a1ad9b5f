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
    found: list[dict[str, tuple[int, bool]]] = [{} for _ in range(len(words) + 1)]
    for number, lexeme, count, is_whole in rows(_KNOWN, {"words": list(words), "at_most": _ENDINGS_AT_MOST}):
        found[number][lexeme] = (count, is_whole)
    marks, *counts = found
    typed = Typed(
        words,
        {word: _enough(of_it) for word, of_it in zip(words, counts, strict=True)},
        frozenset(word for word, of_it in zip(words, counts, strict=True) if not of_it),
        marks=tuple(marks),
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


# A word's stem and the word as it stands, each as the beginning of a lexeme: one look into the index for each. A single
# letter begins too many.
_GOES_ON_TO = """
SELECT x.lexeme, max(x.count) AS count, bool_or(x.lexeme = s.stem) AS is_whole
FROM unnest(tsvector_to_array(to_tsvector('ovop', {word}) || to_tsvector('ovop_plain', {word}))) s (stem)
    JOIN catalogue_lexeme x
        ON x.lexeme >= s.stem AND x.lexeme < s.stem || CASE WHEN length(s.stem) > 1 THEN chr(1114111) ELSE chr(1) END
GROUP BY 1 ORDER BY 3 DESC, 2 DESC, 1 LIMIT %(at_most)s
"""
_KNOWN = f"""
SELECT t.n, l.lexeme, l.count, l.is_whole
FROM unnest(%(words)s::text[]) WITH ORDINALITY AS t (word, n)
    CROSS JOIN LATERAL ({_GOES_ON_TO.format(word="t.word")}) l
UNION ALL
SELECT 0, lexeme, count, true FROM catalogue_lexeme
WHERE lexeme >= '=g' AND lexeme < '=h' OR lexeme >= '=p' AND lexeme < '=q' OR lexeme >= '=s' AND lexeme < '=z'
"""
# One slip is looked up (catalogue_near); only where no word is so near are all compared. A few letters are near to too
# many. Apart from the statements that find rows: within one of them it takes a hundred times as long.
_LIKES = f"""
WITH asked AS MATERIALIZED (SELECT * FROM unnest(%(plain)s::text[]) WITH ORDINALITY AS t (plain, n)),
near AS MATERIALIZED (
    SELECT t.n, w.word, w.share
    FROM asked t CROSS JOIN LATERAL (
        SELECT word, similarity(word, t.plain) AS share FROM catalogue_word
        WHERE catalogue_near(word) && catalogue_near(t.plain) AND word <> t.plain
            AND length(t.plain) >= %(letters)s AND length(word) >= %(letters)s
            AND EXISTS (SELECT FROM catalogue_lexeme x WHERE x.lexeme = word)
        ORDER BY share DESC, word LIMIT %(likes)s
    ) w
),
far AS MATERIALIZED (SELECT * FROM asked t WHERE NOT EXISTS (SELECT FROM near w WHERE w.n = t.n))
SELECT w.n, w.word, w.share, ARRAY(SELECT l.lexeme FROM ({_GOES_ON_TO.format(word="w.word")}) l)
FROM (
    SELECT * FROM near
    UNION ALL
    SELECT t.n, f.word, f.share
    FROM far t CROSS JOIN LATERAL (
        SELECT word, similarity(word, t.plain) AS share FROM catalogue_word
        WHERE word %% t.plain AND word <> t.plain AND similarity(word, t.plain) >= %(least)s
            AND EXISTS (SELECT FROM catalogue_lexeme x WHERE x.lexeme = word)
        ORDER BY share DESC, word LIMIT %(likes)s
    ) f
) w
ORDER BY w.n, w.share DESC, w.word
"""
