-- The two database roles. `ovop_owner` owns the tables and migrates; `ovop_app` is what the portal runs as: it
-- reads and writes rows, makes no tables, truncates none, and the migrations take from it what history must not
-- suffer. Run as superuser, first in template1 (so that every database made later has the same rights), then in
-- each database that already exists. May be repeated.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ovop_owner') THEN
        CREATE ROLE ovop_owner LOGIN CREATEDB;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ovop_app') THEN
        CREATE ROLE ovop_app LOGIN;
    END IF;
END
$$;
-- The owner can act as the app: tests look through its eyes with SET ROLE.
GRANT ovop_app TO ovop_owner;
GRANT USAGE ON SCHEMA public TO ovop_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ovop_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ovop_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ovop_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ovop_app;
