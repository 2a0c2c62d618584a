#!/bin/sh
# The roles of the database. The superuser stays with the container; nobody else is one.
#
#   blockbot_owner    owns the tables; migrations, a restore
#   blockbot_app      the router: reads and writes rows, and of the audit trail only reads and adds (db/app-role.ts)
#   blockbot_backup   reads everything, for the dump
#   blockbot_monitor  reads the server's statistics
#
# Postgres runs it on an empty volume. It can be run again at any time: it makes what is missing, sets the passwords of the
# secrets, and gives what somebody else owns to blockbot_owner:
#   docker compose exec -u postgres postgres sh /docker-entrypoint-initdb.d/roles.sh
set -eu

# The shell of psql reads the files: a password on a command line would be seen by everybody on the host.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'END'
\set owner_password `cat /run/secrets/database_owner_password`
\set app_password `cat /run/secrets/database_app_password`
\set backup_password `cat /run/secrets/database_backup_password`
\set monitor_password `cat /run/secrets/database_monitor_password`
set log_min_error_statement = panic;
set client_min_messages = warning;
begin;
select format('create role %I', name) from unnest('{blockbot_owner,blockbot_app,blockbot_backup,blockbot_monitor}'::text[]) as name
where not exists (select from pg_roles where rolname = name) \gexec
-- It makes the scratch database of backup.sh check.
alter role blockbot_owner login createdb password :'owner_password';
alter role blockbot_app login password :'app_password';
alter role blockbot_backup login password :'backup_password';
alter role blockbot_monitor login password :'monitor_password';
grant pg_read_all_data to blockbot_backup;
grant pg_monitor to blockbot_monitor;
select format('alter database %I owner to blockbot_owner', current_database()) \gexec
select format('alter schema %I owner to blockbot_owner', nspname) from pg_namespace where nspname = 'drizzle' \gexec
-- Tables and views; an identity's or serial's sequence and every index go with their table.
select format('alter %s %s owner to blockbot_owner', case relkind when 'v' then 'view' else 'table' end, pg_class.oid::regclass)
from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where nspname in ('public', 'drizzle') and relkind in ('r', 'v') \gexec
select format('alter function %s owner to blockbot_owner', pg_proc.oid::regprocedure)
from pg_proc join pg_namespace on pg_namespace.oid = pronamespace where nspname = 'public' \gexec
commit;
END
