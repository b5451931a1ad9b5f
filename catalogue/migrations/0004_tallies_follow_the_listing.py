"""Tallies and lexemes follow the listing by triggers; its rows say what they are filtered by; capped search by words."""

from django.db import migrations

# `later`, `drawer` and the lexemes of the filters are new in it; everything else is as in 0002.
REFRESH = """
CREATE OR REPLACE FUNCTION catalogue_refresh(products bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_changed();
    DELETE FROM catalogue_listing WHERE product_id IN (SELECT unnest(products));
    INSERT INTO catalogue_listing (
        award_id, product_id, group_id, regency_id, province_id, star, year, product_name, published_at, valid_until,
        is_newest, later, drawer, words
    )
    SELECT a.id, a.product_id, a.group_id, a.regency_id, r.province_id, a.star_in_force, d.round_id, a.product_name,
        d.published_at, d.valid_until, n.later = '{}', n.later,
        CASE WHEN hashint8(a.id) & 63 = 0 THEN 1 WHEN hashint8(a.id) & 15 = 0 THEN 2 WHEN hashint8(a.id) & 3 = 0 THEN 3 ELSE 4 END,
        strip(to_tsvector('ovop', t.searched) || to_tsvector('ovop_plain', t.searched)) || array_to_tsvector(
            ARRAY[
                '=s' || a.star_in_force, '=g' || a.group_id, '=p' || r.province_id, '=r' || a.regency_id,
                '=y' || d.round_id, '=u' || coalesce(d.valid_until, '9999-12-31')
            ]
        )
    FROM awards_award a
        JOIN awards_decree d ON d.id = a.decree_id
        JOIN regions_regency r ON r.code = a.regency_id
        CROSS JOIN LATERAL (
            SELECT concat_ws(' ', a.product_name, a.ikm_name, a.group_name, a.regency_name, a.province_name) AS searched
        ) t
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(DISTINCT e.round_id ORDER BY e.round_id), '{}') AS later
            FROM awards_award b JOIN awards_decree e ON e.id = b.decree_id
            WHERE b.product_id = a.product_id AND b.revoked_at IS NULL AND e.published_at IS NOT NULL
                AND e.round_id > d.round_id
        ) n
    WHERE a.product_id IN (SELECT unnest(products)) AND a.revoked_at IS NULL AND d.published_at IS NOT NULL;
    INSERT INTO catalogue_word (word)
    SELECT DISTINCT left(w, 60)
    FROM catalogue_listing l JOIN awards_award a ON a.id = l.award_id
        CROSS JOIN LATERAL regexp_split_to_table(
            lower(unaccent(concat_ws(' ', a.product_name, a.ikm_name, a.group_name, a.regency_name, a.province_name))),
            '[^[:alnum:]]+'
        ) w
    WHERE l.product_id IN (SELECT unnest(products)) AND length(w) > 2
    ON CONFLICT DO NOTHING;
END
$$;
"""

_CELLS = """
            SELECT s.star, g.code, p.within, p.place, f.later, f.year, f.valid_until, f.published_at,
                sum(f.count) AS count
            FROM (
                SELECT star, group_id, province_id, regency_id, later, year, published_at,
                    coalesce(valid_until, DATE '9999-12-31') AS valid_until, count(*) AS count
                FROM {rows} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
            ) f
                CROSS JOIN LATERAL (VALUES (0::smallint), (f.star)) s (star)
                CROSS JOIN LATERAL (VALUES (''), (f.group_id)) g (code)
                CROSS JOIN LATERAL (
                    VALUES ('', ''), ('ID', f.province_id), (f.province_id, f.regency_id)
                ) p (within, place)
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""

# Rows that go are counted off before those that come are counted in; no count ever falls below none.
TALLIES = f"""
CREATE FUNCTION catalogue_listing_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE catalogue_tally t SET count = t.count - c.count
        FROM ({_CELLS.format(rows="before")}) c
        WHERE (t.star, t.group_code, t.within, t.later, t.place, t.year, t.valid_until, t.published_at)
            = (c.star, c.code, c.within, c.later, c.place, c.year, c.valid_until, c.published_at);
        DELETE FROM catalogue_tally t
        USING ({_CELLS.format(rows="before")}) c
        WHERE (t.star, t.group_code, t.within, t.later, t.place, t.year, t.valid_until, t.published_at)
            = (c.star, c.code, c.within, c.later, c.place, c.year, c.valid_until, c.published_at) AND t.count = 0;
        UPDATE catalogue_lexeme x SET count = x.count - w.count
        FROM (SELECT u.lexeme, count(*) AS count FROM before b, unnest(b.words) u GROUP BY 1) w
        WHERE x.lexeme = w.lexeme;
        DELETE FROM catalogue_lexeme x
        USING (SELECT DISTINCT u.lexeme FROM before b, unnest(b.words) u) w
        WHERE x.lexeme = w.lexeme AND x.count = 0;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO catalogue_tally AS t (star, group_code, within, place, later, year, valid_until, published_at, count)
        {_CELLS.format(rows="written")}
        ON CONFLICT (star, group_code, within, later, place, year, valid_until, published_at)
            DO UPDATE SET count = t.count + excluded.count;
        INSERT INTO catalogue_lexeme AS x (lexeme, count)
        SELECT u.lexeme, count(*) FROM written b, unnest(b.words) u GROUP BY 1
        ON CONFLICT (lexeme) DO UPDATE SET count = x.count + excluded.count;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_listing_inserted AFTER INSERT ON catalogue_listing
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION catalogue_listing_written();
CREATE TRIGGER catalogue_listing_updated AFTER UPDATE ON catalogue_listing
    REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION catalogue_listing_written();
CREATE TRIGGER catalogue_listing_deleted AFTER DELETE ON catalogue_listing
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION catalogue_listing_written();

-- As in 0002, but a word is nobody's where no lexeme is left: a look into one index for each of them.
CREATE OR REPLACE FUNCTION catalogue_awards_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_refresh(p.products)
    FROM (
        SELECT array_agg(DISTINCT w.product_id) AS products
        FROM written w JOIN catalogue_listing l ON l.award_id = w.id
    ) p
    WHERE p.products IS NOT NULL;
    DELETE FROM catalogue_word w WHERE NOT EXISTS (SELECT FROM catalogue_lexeme x WHERE x.lexeme = w.word);
    RETURN NULL;
END
$$;
"""

# No further than `at_most`, drawer after drawer and the highest stars first: so the work does not grow with what a common
# word would find. The first drawer, a 64th, tells whether so few are found that they may be looked at in one go. From
# the indexes of words alone: else the planner may hope to meet enough rows by chance, and read the whole table where
# there are none.
_FITS = """
            l.words @@ {words} AND l.published_at <= statement_timestamp()
                AND (l.is_newest OR years <> '{{}}' OR each_round) AND NOT l.later && years
"""


def _hits_of(words: str) -> str:
    return " UNION ALL ".join(
        f"""
            SELECT l.award_id, l.group_id, l.province_id, l.regency_id, l.star, l.year, l.product_name, l.valid_until
            FROM catalogue_listing l WHERE l.drawer = {drawer} AND {_FITS.format(words=words)}
        """
        for drawer in (1, 2, 3, 4)
    )


HITS = f"""
CREATE FUNCTION catalogue_hits(wanted tsquery, stars integer[], years smallint[], each_round boolean, at_most integer)
RETURNS TABLE (
    award_id bigint, group_id varchar, province_id varchar, regency_id varchar, star smallint, year smallint,
    product_name varchar, valid_until date
)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    these tsquery;
    found integer := 0;
    more integer;
BEGIN
    SELECT count(*) INTO more FROM (
        SELECT FROM catalogue_listing l WHERE l.drawer = 1 AND {_FITS.format(words="wanted")} LIMIT at_most / 32 + 1
    ) f;
    IF more * 64 <= 2 * at_most THEN
        RETURN QUERY SELECT * FROM ({_hits_of("wanted")}) f ORDER BY f.star DESC LIMIT at_most;
        RETURN;
    END IF;
    FOR these IN
        SELECT wanted && quote_literal(x.lexeme)::tsquery
        FROM (
            SELECT lexeme, substr(lexeme, 3)::integer AS star FROM catalogue_lexeme
            WHERE lexeme >= '=s' AND lexeme < '=t'
        ) x
        WHERE x.star = ANY(stars) OR stars = '{{}}' ORDER BY x.star DESC
    LOOP
        RETURN QUERY SELECT * FROM ({_hits_of("these")}) f LIMIT at_most - found;
        GET DIAGNOSTICS more = ROW_COUNT;
        found := found + more;
        EXIT WHEN found >= at_most;
    END LOOP;
END
$$;
"""

# A row without its words is short: a hundred of them on a page of the table instead of fifteen.
WORDS_ASIDE = """
ALTER TABLE catalogue_listing ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE catalogue_listing SET (toast_tuple_target = 128);
"""

BEGIN = """
SELECT catalogue_refresh(array_agg(DISTINCT product_id)) FROM awards_award HAVING count(*) > 0;
"""

_GONE = """
DROP TRIGGER catalogue_listing_inserted ON catalogue_listing;
DROP TRIGGER catalogue_listing_updated ON catalogue_listing;
DROP TRIGGER catalogue_listing_deleted ON catalogue_listing;
DROP FUNCTION catalogue_listing_written;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_tallies_and_lexemes")]

    operations = [
        migrations.RunSQL(REFRESH, migrations.RunSQL.noop),
        migrations.RunSQL(TALLIES, _GONE),
        migrations.RunSQL(WORDS_ASIDE, migrations.RunSQL.noop),
        migrations.RunSQL(HITS, "DROP FUNCTION catalogue_hits;"),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
