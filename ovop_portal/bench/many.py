"""A catalogue of a hundred thousand awards and more, written in few statements: thirty rounds, the country's real places."""

import random

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from catalogue.integrity import LEXEMES, POSTINGS, TALLIES
from nominations.models import Round

FIRST_YEAR, ROUNDS = 2010, 30
# Of four awards three are the first of their product: a product comes back once, some rounds later.
_COME_BACK = 4

# What is made, by commodity group; the first of each is named most often.
_GOODS = {
    "makanan_minuman": (
        "Dodol", "Keripik", "Kopi", "Abon", "Sirup", "Bumbu rendang", "Kerupuk", "Gula aren", "Sambal", "Teh",
        "Bandeng presto", "Wajik", "Madu hutan", "Emping melinjo", "Bakpia", "Cokelat", "Sagu lempeng", "Minyak kelapa",
        "Serundeng", "Rengginang",
    ),
    "kain_tenun": (
        "Kain tenun", "Songket", "Tenun ikat", "Ulos", "Kain gringsing", "Selendang tenun", "Sarung goyor",
        "Kain sasirangan", "Tapis", "Kain lurik", "Sarung Samarinda", "Kain endek",
    ),
    "kain_batik": ("Batik tulis", "Batik cap", "Batik kombinasi", "Kain batik", "Selendang batik", "Batik warna alam"),
    "anyaman": (
        "Anyaman ketak", "Tas pandan", "Tikar mendong", "Keranjang rotan", "Topi bambu", "Anyaman lidi", "Kursi rotan",
        "Anyaman eceng gondok", "Nampan bambu", "Tikar purun",
    ),
    "gerabah": (
        "Gerabah", "Keramik hias", "Guci", "Vas bunga", "Cobek", "Genteng keramik", "Kendi", "Piring keramik",
        "Pot tanah liat",
    ),
}  # fmt: skip
_KINDS = (
    "asli", "khas", "halus", "pedas", "manis", "merah", "hitam", "putih", "nangka", "durian", "pisang", "singkong",
    "arabika", "robusta", "jahe", "kencur", "motif mawar", "motif kawung", "motif parang", "motif pucuk rebung",
    "motif burung", "motif sulur", "pewarna alam", "sutra", "katun", "ukir", "lipat", "besar", "kecil", "tradisional",
    "premium", "susu", "wijen", "kacang", "udang", "ikan tenggiri", "rumput laut", "kelapa muda", "salak", "apel",
)  # fmt: skip
_FORMS = ("UD", "CV", "Koperasi", "Kelompok", "Rumah", "PT", "Sanggar", "Sentra")
# Names of makers are made of syllables.
_BEGINNINGS = (
    "su", "wa", "mar", "da", "ra", "han", "nur", "si", "ba", "pra", "ka", "lem", "in", "ar", "ci", "pa", "gun", "tri", "man",
    "ja", "ko", "ma", "bu", "an", "we", "ro", "ti", "sa", "di", "la",
)  # fmt: skip
_MIDDLES = (
    "ka", "ri", "ta", "ni", "wa", "li", "ra", "di", "lo", "sa", "ma", "pu", "ti", "ya", "gu", "be", "no", "la", "se", "mi",
)  # fmt: skip
_ENDINGS = (
    "ti", "na", "wan", "yah", "sih", "ni", "di", "ya", "jaya", "asri", "sari", "lestari", "mulya", "indah", "makmur",
    "rejeki", "abadi", "mandiri", "baru", "karya",
)  # fmt: skip

# What a row would leave in the history, or bring about, is not what is measured; nor is what it costs to write it.
_QUIET = ("awards_award", "awards_decree", "catalogue_listing")
_WRITTEN = ("awards_award", "catalogue_listing", "catalogue_tally", "catalogue_posting")
_KEPT_BESIDE = ("awards_decree", "catalogue_lexeme", "catalogue_word")


def fill(count: int) -> None:
    """
    Publish so many awards in an empty portal with its reference data; the same ones each time.

    What triggers would write row by row is written at once: the same rows (a test compares), in minutes. The products
    and IKM that the awards name are not made, as nothing reads them that is measured: good for a scratch database only.
    """
    years = range(FIRST_YEAR, FIRST_YEAR + ROUNDS)
    Round.objects.bulk_create([Round(year=year, is_example=True) for year in years], ignore_conflicts=True)
    with connection.cursor() as cursor:
        for table in _QUIET:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        again = [statement for table in _WRITTEN for statement in _stripped(cursor, table)]
        cursor.execute("SELECT setseed(0.7)")
        cursor.execute(_WORDS, [*_word_lists(), list(_KINDS), list(_FORMS)])
        cursor.execute(_PRODUCTS, {"products": count - count // _COME_BACK})
        cursor.execute(_DECREES, {"years": list(years), "at": timezone.now()})
        cursor.execute(_AWARDS, {"back": count // _COME_BACK, "first": FIRST_YEAR, "rounds": ROUNDS})
        cursor.execute(_LISTING)
        cursor.execute("SET work_mem = '512MB'")
        cursor.execute(_KEPT)
        cursor.execute("RESET work_mem")
        for statement in again:
            cursor.execute(statement)
        for table in _QUIET:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table in ("goods", "kinds", "forms", "makers", "places", "products"):
            cursor.execute(f"DROP TABLE bench_{table}")


def settle() -> None:
    """What the server does by itself sooner or later."""
    with connection.cursor() as cursor:
        for table in (*_WRITTEN, *_KEPT_BESIDE):
            cursor.execute(f"VACUUM ANALYZE {table}")


def empty() -> None:
    """Take away what `fill` wrote, rounds excepted."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join([*_WRITTEN, *_KEPT_BESIDE])} CASCADE")


def _stripped(cursor: CursorWrapper, table: str) -> list[str]:
    """Take a table's indexes and what it refers to away; how to make the indexes again."""
    cursor.execute(
        "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND contype IN ('f', 'u')",
        [table],
    )
    again = []
    for name, kind, definition in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        if kind == "u":
            again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname <> %s",
        [table, f"{table}_pkey"],
    )
    for name, definition in cursor.fetchall():
        cursor.execute(f'DROP INDEX "{name}"')
        again.append(definition)
    return again


def _word_lists() -> tuple[list[str], list[str], list[str]]:
    """(group, what is made) as two lists of the same length, weighted by being in them more than once; and makers."""
    pairs = [
        (group, good)
        for group, goods in _GOODS.items()
        for place, good in enumerate(goods)
        for _ in range(1 + 12 // (1 + place))
    ]
    chance = random.Random(7)
    names = [
        "".join(
            [
                chance.choice(_BEGINNINGS),
                *chance.choices(_MIDDLES, k=chance.randint(0, 3)),
                chance.choice(_ENDINGS),
            ]
        ).capitalize()
        for _ in range(40_000)
    ]
    return [group for group, _ in pairs], [good for _, good in pairs], names


# Every part of a name with its lexemes, so that those of the whole are put together from them.
_WORDS = """
CREATE OR REPLACE FUNCTION pg_temp.lexemes(words text) RETURNS tsvector LANGUAGE sql AS
    $$ SELECT strip(to_tsvector('ovop', words) || to_tsvector('ovop_plain', words)) $$;
CREATE TABLE bench_goods AS
    SELECT row_number() OVER () AS n, t.*, g.name AS group_name, g.position, pg_temp.lexemes(t.name || ' ' || g.name) AS v
    FROM unnest(%s::text[], %s::text[]) AS t(group_id, name) JOIN nominations_commoditygroup g ON g.code = t.group_id;
CREATE TABLE bench_makers AS SELECT n, name, pg_temp.lexemes(name) AS v
    FROM unnest(%s::text[]) WITH ORDINALITY AS t(name, n);
CREATE TABLE bench_kinds AS SELECT n, name, pg_temp.lexemes(name) AS v
    FROM unnest(%s::text[]) WITH ORDINALITY AS t(name, n);
CREATE TABLE bench_forms AS SELECT n, name, pg_temp.lexemes(name) AS v
    FROM unnest(%s::text[]) WITH ORDINALITY AS t(name, n);
CREATE TABLE bench_places AS
    SELECT row_number() OVER (ORDER BY md5(r.code)) AS n, r.code, r.province_id, initcap(r.kind) || ' ' || r.name AS name,
        p.name AS province, pg_temp.lexemes(r.kind || ' ' || r.name || ' ' || p.name) AS v
    FROM regions_regency r JOIN regions_province p ON p.code = r.province_id;
ANALYZE bench_goods; ANALYZE bench_makers; ANALYZE bench_kinds; ANALYZE bench_forms; ANALYZE bench_places;
"""

# Some places and some names are met far more often than others: the square of an even chance.
_PRODUCTS = """
CREATE TABLE bench_products AS
SELECT c.*, g.name || ' ' || k.name AS product_name, f.name || ' ' || m.name || ' ' || s.name AS ikm_name, g.group_id,
    g.group_name, g.position, b.code AS regency_id, b.province_id, b.name AS regency_name, b.province AS province_name,
    g.v || k.v || f.v || m.v || s.v || b.v AS v
FROM (
    SELECT n, 1 + floor(random() * (SELECT count(*) FROM bench_goods)) AS good,
        1 + floor(random() * random() * (SELECT count(*) FROM bench_makers)) AS maker,
        1 + floor(random() * random() * (SELECT count(*) FROM bench_makers)) AS second,
        1 + floor(random() * random() * (SELECT count(*) FROM bench_places)) AS place,
        1 + floor(random() * (SELECT count(*) FROM bench_kinds)) AS kind,
        1 + floor(random() * (SELECT count(*) FROM bench_forms)) AS form,
        random() AS once, random() AS again, 1 + floor(5 * sqrt(random()))::int AS star
    FROM generate_series(1, %(products)s) n
) c
    JOIN bench_goods g ON g.n = c.good JOIN bench_kinds k ON k.n = c.kind JOIN bench_forms f ON f.n = c.form
    JOIN bench_makers m ON m.n = c.maker JOIN bench_makers s ON s.n = c.second JOIN bench_places b ON b.n = c.place;
CREATE UNIQUE INDEX ON bench_products (n);
ANALYZE bench_products;
"""

_DECREES = """
INSERT INTO awards_decree (
    level, number, date, place, signatory_office, signatory_name, annex, annex_sha256, drafted_at, issued_at, published_at,
    round_id, kind, rests_on, valid_until
)
SELECT 'menteri', 'BANYAK/' || y, make_date(y, 11, 1), 'Jakarta', 'Menteri', 'NAMA', '[]', repeat('0', 64), %(at)s, %(at)s,
    %(at)s, y, 'penetapan', 'portal', CASE WHEN y > 2020 THEN make_date(y + 5, 12, 31) END
FROM unnest(%(years)s::int[]) y;
"""

# Within a round by commodity group, as annexes are.
_AWARDS = """
INSERT INTO awards_award (
    id, slug, position, star, maximum_star, ikm_name, product_name, group_name, regency_name, province_name, story,
    raw_material, revocation_decree, revocation_reason, group_id, product_id, regency_id, decree_id
)
SELECT row_number() OVER (ORDER BY t.year, p.position, p.n), 'banyak-' || p.n || '-' || t.year,
    row_number() OVER (PARTITION BY t.year ORDER BY p.position, p.n), t.star, 5, p.ikm_name, p.product_name, p.group_name,
    p.regency_name, p.province_name, 'Dibuat dengan tangan.', '', '', '', p.group_id, p.n, p.regency_id, d.id
FROM (
    SELECT n, star, %(first)s + floor(once * (%(rounds)s - 6))::int AS year FROM bench_products
    UNION ALL
    SELECT n, least(star + 1, 5), %(first)s + floor(once * (%(rounds)s - 6))::int + 1 + floor(again * 6)::int
    FROM bench_products WHERE n <= %(back)s
) t JOIN bench_products p ON p.n = t.n JOIN awards_decree d ON d.round_id = t.year;
"""

_LISTING = """
INSERT INTO catalogue_listing (
    award_id, product_id, group_id, regency_id, province_id, star, year, product_name, published_at, valid_until, is_newest,
    later, words
)
SELECT a.id, p.n, p.group_id, p.regency_id, p.province_id, a.star, d.round_id, p.product_name, d.published_at,
    d.valid_until, n.later = '{}', n.later,
    strip(p.v) || array_to_tsvector(
        ARRAY[
            '=s' || a.star, '=g' || p.group_id, '=p' || p.province_id, '=r' || p.regency_id, '=y' || d.round_id,
            '=u' || coalesce(d.valid_until, '9999-12-31')
        ] || ARRAY(SELECT '=l' || one FROM unnest(n.later) one)
    )
FROM (
    SELECT a.id, a.product_id, a.star, a.decree_id,
        lead(d.round_id) OVER (PARTITION BY a.product_id ORDER BY d.round_id) AS again
    FROM awards_award a JOIN awards_decree d ON d.id = a.decree_id
) a
    JOIN bench_products p ON p.n = a.product_id JOIN awards_decree d ON d.id = a.decree_id
    CROSS JOIN LATERAL (SELECT CASE WHEN a.again IS NULL THEN '{}' ELSE ARRAY[a.again] END AS later) n
ORDER BY a.id;
"""

_KEPT = f"""
INSERT INTO catalogue_tally (star, group_code, within, place, later, year, valid_until, published_at, count) {TALLIES};
INSERT INTO catalogue_lexeme (lexeme, count) {LEXEMES};
INSERT INTO catalogue_posting (lexeme, star, is_newest, awards) {POSTINGS};
INSERT INTO catalogue_word (word)
SELECT DISTINCT w FROM (
    SELECT name || ' ' || group_name FROM bench_goods UNION SELECT name FROM bench_kinds UNION SELECT name FROM bench_forms
    UNION SELECT name FROM bench_makers UNION SELECT name || ' ' || province FROM bench_places
) t(words), regexp_split_to_table(lower(unaccent(t.words)), '[^[:alnum:]]+') w
WHERE EXISTS (SELECT FROM catalogue_lexeme x WHERE x.lexeme = w) AND length(w) > 2
ON CONFLICT DO NOTHING;
"""
