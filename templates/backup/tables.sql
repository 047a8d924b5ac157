-- A line of JSON for the server, one for each table, and one for the end: without the last the answer is not whole.
-- The digest of a table is the sum of those of its rows, so their order says nothing, and no table has to fit into memory.
SET client_encoding = 'UTF8';
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'postgres';
SET timezone = 'UTC';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
SELECT json_build_object('server', current_setting('server_version_num')::int, 'encoding', current_setting('server_encoding'),
  'bytes', pg_database_size(current_database()));
SELECT format(
  'SELECT json_build_object(''table'', %L, ''rows'', count(*), ''digest'', coalesce(sum((''x'' || left(encode(sha256(convert_to(studio_setup_row::text, ''UTF8'')), ''hex''), 16))::bit(64)::bigint), 0)::text) FROM ONLY %I.%I AS studio_setup_row',
  n.nspname || '.' || c.relname, n.nspname, c.relname)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
\gexec
SELECT json_build_object('whole', true);
