"""
What a page of the catalogue asks besides finding, as functions: their plans are kept, and planning took longer than
running. And `catalogue_hits` meets what it has found with each array by itself: putting arrays of a whole round together
first cost more than all the rest.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("catalogue.migrations.0007_postings")

# As AwardQuerySet.published has it, in the order of the keys; of each the first photo.
CARDS = """
CREATE OR REPLACE FUNCTION catalogue_cards(awards bigint[])
RETURNS TABLE (
    award bigint, slug varchar, product_name varchar, ikm_name varchar, regency_name varchar, province_name varchar,
    star smallint, maximum_star smallint, year smallint, ornament varchar, is_revoked boolean, is_of_the_archive boolean,
    is_example boolean, photo uuid, alt varchar, alt_en varchar, width integer, height integer, widths jsonb
)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT a.id, a.slug, a.product_name, a.ikm_name, a.regency_name, a.province_name, a.star_in_force, a.maximum_star,
        d.round_id, g.ornament, a.revoked_at IS NOT NULL, d.plenary_id IS NULL, r.is_example,
        p.id, p.alt, p.alt_en, p.width, p.height, p.widths
    FROM unnest(awards) WITH ORDINALITY AS t (key, n)
        JOIN awards_award a ON a.id = t.key
        JOIN awards_decree d ON d.id = a.decree_id
        JOIN nominations_round r ON r.year = d.round_id
        JOIN nominations_commoditygroup g ON g.code = a.group_id
        LEFT JOIN LATERAL (
            SELECT * FROM catalogue_shownphoto s WHERE s.award_id = a.id ORDER BY s.position, s.at, s.id LIMIT 1
        ) p ON true
    WHERE d.published_at <= statement_timestamp()
    ORDER BY t.n;
END
$$;
"""

NAMES = """
CREATE OR REPLACE FUNCTION catalogue_names(groups text[], provinces text[], regencies text[])
RETURNS TABLE (facet text, code varchar, name varchar, other varchar)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT f.facet, f.code, f.name, f.other FROM (
        SELECT 'komoditas' AS facet, code, name, name_en AS other, position
        FROM nominations_commoditygroup WHERE code = ANY(groups)
        UNION ALL
        SELECT 'provinsi', code, name, '', 0 FROM regions_province WHERE code = ANY(provinces)
        UNION ALL
        SELECT 'daerah', code, name, kind, 0 FROM regions_regency WHERE code = ANY(regencies)
    ) f
    ORDER BY f.facet, f.position, f.other, f.name;
END
$$;
"""


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
            SELECT coalesce(
                catalogue_union(CASE WHEN these IS NULL THEN p.awards ELSE intarray._int_inter(these, p.awards) END), '{}'
            ) INTO part
            FROM catalogue_posting p
            WHERE p.lexeme = ANY(string_to_array(term, chr(10))) AND p.star = level
                AND (newest IS NULL OR p.is_newest = newest);
            these := part;
            EXIT WHEN these = '{}';
        END LOOP;
        CONTINUE WHEN these = '{}';
        IF none_of <> '{}' THEN
            SELECT catalogue_union(intarray._int_inter(these, p.awards)) INTO part FROM catalogue_posting p
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
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_postings")]

    operations = [
        migrations.RunSQL(CARDS, "DROP FUNCTION catalogue_cards;"),
        migrations.RunSQL(NAMES, "DROP FUNCTION catalogue_names;"),
        migrations.RunSQL(HITS, BEFORE.HITS),
    ]
