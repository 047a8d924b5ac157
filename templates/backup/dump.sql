-- One snapshot for the dump and for what it is compared with, while the site goes on writing.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv STUDIO_SETUP_SNAPSHOT :snapshot
\set failed `pg_dump --format=custom --no-password --snapshot="$STUDIO_SETUP_SNAPSHOT" >&3 && echo off || echo on`
\if :failed
\q
\endif
