"""What the catalogue is searched by follows awards and decrees by itself: text configurations, functions, triggers."""

from django.db import migrations

CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION ovop (COPY = indonesian);
ALTER TEXT SEARCH CONFIGURATION ovop ALTER MAPPING FOR word, hword, hword_part WITH unaccent, indonesian_stem;
CREATE TEXT SEARCH CONFIGURATION ovop_plain (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION ovop_plain ALTER MAPPING FOR word, hword, hword_part WITH unaccent, simple;
"""

# Whoever changes what is public waits for the other here: two at once would each miss what the other wrote.
CHANGED = """
CREATE FUNCTION catalogue_changed() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalogue_lastchange SET at = greatest(clock_timestamp(), at + interval '1 microsecond') WHERE id = 1;
    IF NOT FOUND THEN
        INSERT INTO catalogue_lastchange (id, at) VALUES (1, clock_timestamp());
    END IF;
END
$$;
"""

REFRESH = """
CREATE FUNCTION catalogue_refresh(products bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_changed();
    DELETE FROM catalogue_listing WHERE product_id = ANY(products);
    INSERT INTO catalogue_listing (
        award_id, product_id, group_id, regency_id, province_id, star, year, product_name, published_at, valid_until,
        is_newest, words
    )
    SELECT a.id, a.product_id, a.group_id, a.regency_id, r.province_id, a.star_in_force, d.round_id, a.product_name,
        d.published_at, d.valid_until,
        NOT EXISTS (
            SELECT FROM awards_award b JOIN awards_decree e ON e.id = b.decree_id
            WHERE b.product_id = a.product_id AND b.revoked_at IS NULL AND e.published_at IS NOT NULL
                AND e.round_id > d.round_id
        ),
        strip(to_tsvector('ovop', t.searched) || to_tsvector('ovop_plain', t.searched))
    FROM awards_award a
        JOIN awards_decree d ON d.id = a.decree_id
        JOIN regions_regency r ON r.code = a.regency_id
        CROSS JOIN LATERAL (
            SELECT concat_ws(' ', a.product_name, a.ikm_name, a.group_name, a.regency_name, a.province_name) AS searched
        ) t
    WHERE a.product_id = ANY(products) AND a.revoked_at IS NULL AND d.published_at IS NOT NULL;
    INSERT INTO catalogue_word (word)
    SELECT DISTINCT left(w, 60)
    FROM catalogue_listing l JOIN awards_award a ON a.id = l.award_id
        CROSS JOIN LATERAL regexp_split_to_table(
            lower(unaccent(concat_ws(' ', a.product_name, a.ikm_name, a.group_name, a.regency_name, a.province_name))),
            '[^[:alnum:]]+'
        ) w
    WHERE l.product_id = ANY(products) AND length(w) > 2
    ON CONFLICT DO NOTHING;
END
$$;
"""

TRIGGERS = """
CREATE FUNCTION catalogue_awards_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_refresh(p.products)
    FROM (
        SELECT array_agg(DISTINCT w.product_id) AS products
        FROM written w JOIN awards_decree d ON d.id = w.decree_id
        WHERE d.published_at IS NOT NULL
    ) p
    WHERE p.products IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_awards_inserted AFTER INSERT ON awards_award
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION catalogue_awards_written();
CREATE TRIGGER catalogue_awards_updated AFTER UPDATE ON awards_award
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION catalogue_awards_written();

-- Demo data that is taken away: its decree may be gone already, and its words are nobody's any more.
CREATE FUNCTION catalogue_awards_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_refresh(p.products)
    FROM (
        SELECT array_agg(DISTINCT w.product_id) AS products
        FROM written w JOIN catalogue_listing l ON l.award_id = w.id
    ) p
    WHERE p.products IS NOT NULL;
    DELETE FROM catalogue_word w
    WHERE NOT EXISTS (SELECT FROM catalogue_listing l WHERE l.words @@ to_tsquery('ovop_plain', w.word));
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_awards_deleted AFTER DELETE ON awards_award
    REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION catalogue_awards_deleted();

CREATE FUNCTION catalogue_decrees_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM written WHERE published_at IS NOT NULL) THEN
        PERFORM catalogue_changed();
    END IF;
    PERFORM catalogue_refresh(p.products)
    FROM (
        SELECT array_agg(DISTINCT a.product_id) AS products
        FROM written n JOIN before o ON o.id = n.id JOIN awards_award a ON a.decree_id = n.id
        WHERE (n.published_at, n.valid_until) IS DISTINCT FROM (o.published_at, o.valid_until)
    ) p
    WHERE p.products IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_decrees_updated AFTER UPDATE ON awards_decree
    REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT
    EXECUTE FUNCTION catalogue_decrees_written();

CREATE FUNCTION catalogue_page_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_changed();
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_decrees_inserted AFTER INSERT OR DELETE ON awards_decree
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_page_written();
CREATE TRIGGER catalogue_copies_written AFTER INSERT OR UPDATE OR DELETE ON awards_decreefile
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_page_written();
CREATE TRIGGER catalogue_photos_written AFTER INSERT OR UPDATE OR DELETE ON catalogue_shownphoto
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_page_written();
CREATE TRIGGER catalogue_places_written AFTER INSERT OR UPDATE OR DELETE ON catalogue_sellingplace
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_page_written();
CREATE TRIGGER catalogue_groups_written AFTER INSERT OR UPDATE OR DELETE ON nominations_commoditygroup
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_page_written();

CREATE FUNCTION catalogue_maker_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM catalogue_listing l JOIN nominations_product p ON p.id = l.product_id
            JOIN nominations_ikm i ON i.id = p.ikm_id
        WHERE (TG_TABLE_NAME = 'nominations_product' AND p.id = NEW.id)
            OR (TG_TABLE_NAME = 'nominations_ikm' AND i.id = NEW.id)
            OR (TG_TABLE_NAME = 'nominations_sentra' AND i.sentra_id = NEW.id)
    ) THEN
        PERFORM catalogue_changed();
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER catalogue_product_updated AFTER UPDATE ON nominations_product
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalogue_maker_written();
CREATE TRIGGER catalogue_ikm_updated AFTER UPDATE ON nominations_ikm
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalogue_maker_written();
CREATE TRIGGER catalogue_sentra_updated AFTER UPDATE ON nominations_sentra
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalogue_maker_written();
"""

BEGIN = """
SELECT catalogue_changed();
SELECT catalogue_refresh(array_agg(DISTINCT product_id)) FROM awards_award HAVING count(*) > 0;
"""

_GONE = """
DROP TRIGGER catalogue_awards_inserted ON awards_award;
DROP TRIGGER catalogue_awards_updated ON awards_award;
DROP TRIGGER catalogue_awards_deleted ON awards_award;
DROP TRIGGER catalogue_decrees_updated ON awards_decree;
DROP TRIGGER catalogue_decrees_inserted ON awards_decree;
DROP TRIGGER catalogue_copies_written ON awards_decreefile;
DROP TRIGGER catalogue_photos_written ON catalogue_shownphoto;
DROP TRIGGER catalogue_places_written ON catalogue_sellingplace;
DROP TRIGGER catalogue_groups_written ON nominations_commoditygroup;
DROP TRIGGER catalogue_product_updated ON nominations_product;
DROP TRIGGER catalogue_ikm_updated ON nominations_ikm;
DROP TRIGGER catalogue_sentra_updated ON nominations_sentra;
DROP FUNCTION catalogue_awards_written, catalogue_awards_deleted, catalogue_decrees_written, catalogue_page_written, catalogue_maker_written;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(
            CONFIGURATIONS,
            "DROP TEXT SEARCH CONFIGURATION ovop; DROP TEXT SEARCH CONFIGURATION ovop_plain;",
        ),
        migrations.RunSQL(CHANGED, "DROP FUNCTION catalogue_changed;"),
        migrations.RunSQL(REFRESH, "DROP FUNCTION catalogue_refresh;"),
        migrations.RunSQL(TRIGGERS, _GONE),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
