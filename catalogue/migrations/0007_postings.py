"""
Words and filters meet in sorted arrays (decision 0115) in place of indexes of the listing; slips of one letter are looked
up (0116). Not atomic, as indexes are made and dropped beside the portal's work: every step may be taken again.
"""

from importlib import import_module

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# What is put back where this is taken back.
BEFORE = import_module("catalogue.migrations.0004_tallies_follow_the_listing")

# In a schema of its own: its operators would take the place of PostgreSQL's for every integer[] of the portal.
SETS = """
CREATE SCHEMA IF NOT EXISTS intarray;
GRANT USAGE ON SCHEMA intarray TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS intarray WITH SCHEMA intarray;
CREATE OR REPLACE AGGREGATE catalogue_union(integer[]) (SFUNC = intarray._int_union, STYPE = integer[]);
"""

# An array that is compressed must be unpacked each time it is read.
UNCOMPRESSED = "ALTER TABLE catalogue_posting ALTER COLUMN awards SET STORAGE EXTERNAL;"

# As in 0004, without the drawer and with a lexeme for each round in which the product was awarded again.
REFRESH = """
CREATE OR REPLACE FUNCTION catalogue_refresh(products bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_changed();
    DELETE FROM catalogue_listing WHERE product_id IN (SELECT unnest(products));
    INSERT INTO catalogue_listing (
        award_id, product_id, group_id, regency_id, province_id, star, year, product_name, published_at, valid_until,
        is_newest, later, words
    )
    SELECT a.id, a.product_id, a.group_id, a.regency_id, r.province_id, a.star_in_force, d.round_id, a.product_name,
        d.published_at, d.valid_until, n.later = '{}', n.later,
        strip(to_tsvector('ovop', t.searched) || to_tsvector('ovop_plain', t.searched)) || array_to_tsvector(
            ARRAY[
                '=s' || a.star_in_force, '=g' || a.group_id, '=p' || r.province_id, '=r' || a.regency_id,
                '=y' || d.round_id, '=u' || coalesce(d.valid_until, '9999-12-31')
            ] || ARRAY(SELECT '=l' || one FROM unnest(n.later) one)
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

_POSTED = """
            SELECT u.lexeme, l.star, l.is_newest, intarray.sort(array_agg(l.award_id::integer)) AS awards
            FROM {rows} l, unnest(l.words) u GROUP BY 1, 2, 3
"""
POSTINGS = f"""
CREATE OR REPLACE FUNCTION catalogue_listing_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE catalogue_posting p SET awards = intarray.intset_subtract(p.awards, w.awards)
        FROM ({_POSTED.format(rows="before")}) w
        WHERE (p.lexeme, p.star, p.is_newest) = (w.lexeme, w.star, w.is_newest);
        DELETE FROM catalogue_posting p
        USING (SELECT DISTINCT u.lexeme, b.star, b.is_newest FROM before b, unnest(b.words) u) w
        WHERE (p.lexeme, p.star, p.is_newest) = (w.lexeme, w.star, w.is_newest) AND p.awards = '{{}}';
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO catalogue_posting AS p (lexeme, star, is_newest, awards)
        {_POSTED.format(rows="written")}
        ON CONFLICT (lexeme, star, is_newest)
            DO UPDATE SET awards = intarray._int_union(p.awards, excluded.awards);
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER catalogue_listing_inserted_posted AFTER INSERT ON catalogue_listing
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION catalogue_listing_posted();
CREATE OR REPLACE TRIGGER catalogue_listing_updated_posted AFTER UPDATE ON catalogue_listing
    REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION catalogue_listing_posted();
CREATE OR REPLACE TRIGGER catalogue_listing_deleted_posted AFTER DELETE ON catalogue_listing
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION catalogue_listing_posted();
"""

_NOT_POSTED = """
DROP TRIGGER IF EXISTS catalogue_listing_inserted_posted ON catalogue_listing;
DROP TRIGGER IF EXISTS catalogue_listing_updated_posted ON catalogue_listing;
DROP TRIGGER IF EXISTS catalogue_listing_deleted_posted ON catalogue_listing;
DROP FUNCTION IF EXISTS catalogue_listing_posted;
"""

# Star after star from the highest, until `at_most` are found: their numbers first, the rows of those alone. all_of: of
# each entry one of its lexemes (in lines); none_of: none of these. newest: only of the awards that are, or are not, the
# newest of their products. bare: where `at_most` are found, their numbers
# alone in one row, the highest stars first; no other row is read.
HITS = """
CREATE OR REPLACE FUNCTION catalogue_hits(
    all_of text[], none_of text[], stars integer[], newest boolean, bare boolean, at_most integer
)
RETURNS TABLE (
    award_id bigint, group_id varchar, province_id varchar, regency_id varchar, star smallint, year smallint,
    product_name varchar, valid_until date, numbers integer[]
)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    level smallint;
    term text;
    part integer[];
    these integer[];
    found integer[] := '{}';
BEGIN
    FOR level IN
        SELECT substr(x.lexeme, 3)::smallint FROM catalogue_lexeme x
        WHERE x.lexeme >= '=s' AND x.lexeme < '=t' AND (stars = '{}' OR substr(x.lexeme, 3)::integer = ANY(stars))
        ORDER BY 1 DESC
    LOOP
        these := NULL;
        FOREACH term IN ARRAY all_of LOOP
            SELECT catalogue_union(p.awards) INTO part FROM catalogue_posting p
            WHERE p.lexeme = ANY(string_to_array(term, chr(10))) AND p.star = level
                AND (newest IS NULL OR p.is_newest = newest);
            IF part IS NULL THEN
                these := '{}';
            ELSIF these IS NULL THEN
                these := part;
            ELSE
                these := intarray._int_inter(these, part);
            END IF;
            EXIT WHEN these = '{}';
        END LOOP;
        CONTINUE WHEN these = '{}';
        IF none_of <> '{}' THEN
            SELECT catalogue_union(p.awards) INTO part FROM catalogue_posting p
            WHERE p.lexeme = ANY(none_of) AND p.star = level AND (newest IS NULL OR p.is_newest = newest);
            these := intarray.intset_subtract(these, coalesce(part, '{}'));
        END IF;
        these := these[1:at_most - cardinality(found)];
        found := found || these;
        EXIT WHEN cardinality(found) >= at_most;
    END LOOP;
    IF bare AND cardinality(found) >= at_most THEN
        numbers := found;
        RETURN NEXT;
    ELSE
        RETURN QUERY
        SELECT l.award_id, l.group_id, l.province_id, l.regency_id, l.star, l.year, l.product_name, l.valid_until,
            NULL::integer[]
        FROM catalogue_listing l
        WHERE l.award_id = ANY(found) AND l.published_at <= statement_timestamp();
    END IF;
END
$$;
DROP FUNCTION IF EXISTS catalogue_hits(tsquery, integer[], smallint[], boolean, integer);
"""

NEAR = """
CREATE OR REPLACE FUNCTION catalogue_near(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(left(word, n) || substr(word, n + 2)) || word FROM generate_series(0, length(word) - 1) n
$$;
"""

# A word's stem and the word as it stands, each as the beginning of a lexeme: one look into the index for each. A single
# letter begins too many.
_GOES_ON_TO = """
SELECT x.lexeme, max(x.count) AS count, bool_or(x.lexeme = s.stem) AS is_whole
FROM unnest(tsvector_to_array(to_tsvector('ovop', {word}) || to_tsvector('ovop_plain', {word}))) s (stem)
    JOIN catalogue_lexeme x
        ON x.lexeme >= s.stem AND x.lexeme < s.stem || CASE WHEN length(s.stem) > 1 THEN chr(1114111) ELSE chr(1) END
GROUP BY 1 ORDER BY 3 DESC, 2 DESC, 1 LIMIT at_most
"""

# Of the nth word what it goes on to, and as the word 0 all marks that awards have, places excepted, in one.
KNOWN = f"""
CREATE OR REPLACE FUNCTION catalogue_known(words text[], at_most integer)
RETURNS TABLE (n bigint, lexeme text, count integer, is_whole boolean)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.n, l.lexeme::text, l.count, l.is_whole
    FROM unnest(words) WITH ORDINALITY AS t (word, n)
        CROSS JOIN LATERAL ({_GOES_ON_TO.format(word="t.word")}) l
    UNION ALL
    SELECT 0, coalesce(string_agg(x.lexeme, ' '), ''), 0, true FROM catalogue_lexeme x
    WHERE x.lexeme >= '=g' AND x.lexeme < '=h' OR x.lexeme >= '=p' AND x.lexeme < '=q' OR x.lexeme >= '=s' AND x.lexeme < '=z';
END
$$;
"""

# One slip is looked up (catalogue_near); only where no word is so near are all compared. A few letters are near to too
# many.
LIKES = f"""
CREATE OR REPLACE FUNCTION catalogue_likes(
    plain text[], at_least double precision, letters integer, likes integer, at_most integer
)
RETURNS TABLE (n bigint, word varchar, share real, lexemes varchar[])
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (SELECT * FROM unnest(plain) WITH ORDINALITY AS t (plain, n)),
    near AS MATERIALIZED (
        SELECT t.n, w.word, w.share
        FROM asked t CROSS JOIN LATERAL (
            SELECT word, similarity(word, t.plain) AS share FROM catalogue_word
            WHERE catalogue_near(word) && catalogue_near(t.plain) AND word <> t.plain
                AND length(t.plain) >= letters AND length(word) >= letters
                AND EXISTS (SELECT FROM catalogue_lexeme x WHERE x.lexeme = word)
            ORDER BY share DESC, word LIMIT likes
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
            WHERE word % t.plain AND word <> t.plain AND similarity(word, t.plain) >= at_least
                AND EXISTS (SELECT FROM catalogue_lexeme x WHERE x.lexeme = word)
            ORDER BY share DESC, word LIMIT likes
        ) f
    ) w
    ORDER BY w.n, w.share DESC, w.word;
END
$$;
"""

# Open data lists the revoked too: they are counted each time, the others are kept in tallies. Beside the triggers that
# this room has on the table already.
REVOKED = "CREATE INDEX CONCURRENTLY IF NOT EXISTS catalogue_award_revoked ON awards_award (id) WHERE revoked_at IS NOT NULL;"

# Written anew, so that each row has the lexemes of its later rounds, and the triggers post it.
BEGIN = """
SELECT catalogue_refresh(array_agg(DISTINCT product_id)) FROM awards_award HAVING count(*) > 0;
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalogue", "0006_entries")]

    operations = [
        migrations.RunSQL(SETS, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lexeme", models.CharField(db_collation="C", max_length=255)),
                ("star", models.PositiveSmallIntegerField()),
                ("is_newest", models.BooleanField()),
                (
                    "awards",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("lexeme", "star", "is_newest"), name="posting_is_one_row")
                ],
            },
        ),
        migrations.RunSQL(UNCOMPRESSED, migrations.RunSQL.noop),
        migrations.RunSQL(REFRESH, BEFORE.REFRESH),
        migrations.RunSQL(POSTINGS, _NOT_POSTED),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.RunSQL(HITS, f"DROP FUNCTION catalogue_hits; {BEFORE.HITS}"),
        migrations.RunSQL(NEAR, migrations.RunSQL.noop),
        migrations.RunSQL(KNOWN, "DROP FUNCTION catalogue_known;"),
        migrations.RunSQL(LIKES, "DROP FUNCTION catalogue_likes;"),
        migrations.RunSQL(REVOKED, "DROP INDEX CONCURRENTLY IF EXISTS catalogue_award_revoked;"),
        AddIndexConcurrently(
            "word",
            GinIndex(models.Func("word", function="catalogue_near"), fastupdate=False, name="word_by_slips"),
        ),
        AddIndexConcurrently(
            "listing", models.Index(fields=["province", "-star", "award"], name="listing_by_province")
        ),
        *(RemoveIndexConcurrently("listing", f"listing_by_words_{drawer}") for drawer in (1, 2, 3, 4)),
    ]
