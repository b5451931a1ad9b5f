"""Does what the public's pages are searched and counted by agree with the awards? What triggers keep is counted again."""

from collections.abc import Iterator

from django.db import connection

# Every kind of listed award and how many there are of it, made from the listing itself (as migrations/0004 counts them).
TALLIES = """
SELECT s.star, g.code AS group_code, p.within, p.place, f.later, f.year, f.valid_until, f.published_at,
    sum(f.count)::integer AS count
FROM (
    SELECT star, group_id, province_id, regency_id, later, year, published_at,
        coalesce(valid_until, DATE '9999-12-31') AS valid_until, count(*) AS count
    FROM catalogue_listing GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
) f
    CROSS JOIN LATERAL (VALUES (0::smallint), (f.star)) s (star)
    CROSS JOIN LATERAL (VALUES (''), (f.group_id)) g (code)
    CROSS JOIN LATERAL (VALUES ('', ''), ('ID', f.province_id), (f.province_id, f.regency_id)) p (within, place)
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
POSTINGS = """
SELECT u.lexeme, l.star, l.is_newest, intarray.sort(array_agg(l.award_id::integer)) AS awards
FROM catalogue_listing l, unnest(l.words) u GROUP BY 1, 2, 3
"""
LEXEMES = "SELECT u.lexeme, count(*)::integer AS count FROM catalogue_listing l, unnest(l.words) u GROUP BY 1"

_LISTED = """
SELECT count(*) FROM (
    SELECT a.id, a.star_in_force, d.round_id, d.published_at, d.valid_until, a.product_name, a.group_id, a.regency_id
    FROM awards_award a JOIN awards_decree d ON d.id = a.decree_id
    WHERE a.revoked_at IS NULL AND d.published_at IS NOT NULL
) a
FULL JOIN (
    SELECT award_id, star, year, published_at, valid_until, product_name, group_id, regency_id FROM catalogue_listing
) l ON l.award_id = a.id
WHERE (a.id, a.star_in_force, a.round_id, a.published_at, a.valid_until, a.product_name, a.group_id, a.regency_id)
    IS DISTINCT FROM (l.award_id, l.star, l.year, l.published_at, l.valid_until, l.product_name, l.group_id, l.regency_id)
"""
_TALLIED = f"""
SELECT count(*) FROM (
    (SELECT star, group_code, within, place, later, year, valid_until, published_at, count FROM catalogue_tally
        EXCEPT ({TALLIES}))
    UNION ALL
    ({TALLIES} EXCEPT
        SELECT star, group_code, within, place, later, year, valid_until, published_at, count FROM catalogue_tally)
) t
"""
_KNOWN = f"""
SELECT count(*) FROM catalogue_lexeme x FULL JOIN ({LEXEMES}) r ON r.lexeme = x.lexeme
WHERE x.count IS DISTINCT FROM r.count
"""
_POSTED = f"""
SELECT count(*) FROM catalogue_posting p
    FULL JOIN ({POSTINGS}) r ON (r.lexeme, r.star, r.is_newest) = (p.lexeme, p.star, p.is_newest)
WHERE p.awards IS DISTINCT FROM r.awards
"""


def problems() -> Iterator[str]:
    """Yield one line per thing that does not hold; nothing where all is well."""
    for statement, words in (
        (_LISTED, "daftar katalog: {} penghargaan tidak sama dengan penghargaan yang diumumkan"),
        (_TALLIED, "jumlah di katalog: {} baris tidak sama dengan hitungan ulang daftarnya"),
        (_KNOWN, "kata di katalog: {} kata tidak sama dengan hitungan ulang daftarnya"),
        (_POSTED, "pencarian di katalog: {} baris tidak sama dengan kata-kata daftarnya"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            (differing,) = cursor.fetchone()
        if differing:
            yield words.format(differing)
