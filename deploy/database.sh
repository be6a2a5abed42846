#!/bin/sh
# What the containers of compose.yaml run that are made of database.Dockerfile: `monitor`, `server` or `pgbouncer`. All of it is Debian's
# PostgreSQL 17, pg_auto_failover and PgBouncer. What is there already is used as it is.
set -eu
bin=/usr/lib/postgresql/17/bin
data=/var/lib/postgresql/data
local="--pgctl $bin/pg_ctl --auth scram-sha-256 --ssl-self-signed"
monitor="postgres://autoctl_node@monitor:5432/pg_auto_failover?sslmode=require"

# As a superuser of the server of this container.
sql() {
  psql -X -q -v ON_ERROR_STOP=1 -d postgres "$@"
}

# Passwords of the configuration are those of the roles, also after it was changed.
set_password() {
  until [ "$(sql -At -c 'select not pg_is_in_recovery()' 2>/dev/null)" = t ]; do sleep 1; done
  printf "set password_encryption = 'scram-sha-256'; alter role %s password '%s';\n" "$1" "$2" | sql >/dev/null || true
}

# A base backup of a new standby would wait for the next checkpoint, which may be minutes away.
checkpoint_for_backups() {
  while sleep 3; do
    [ -z "$(sql -At -c "select 1 from pg_stat_progress_basebackup where phase like 'waiting for checkpoint%'" 2>/dev/null)" ] ||
      sql -c checkpoint || true
  done
}

export PGPASSFILE="$HOME/.pgpass"
umask 077
{
  echo "monitor:*:*:autoctl_node:$MONITOR_PASSWORD"
  echo "*:*:*:pgautofailover_replicator:$REPLICATION_PASSWORD"
} >"$PGPASSFILE"
umask 022

case "$1" in
monitor)
  if [ ! -e "$data/PG_VERSION" ]; then
    # shellcheck disable=SC2086
    pg_autoctl create monitor --pgdata "$data" --hostname monitor $local
    cat /etc/wisp/pg_auto_failover-monitor.conf >>"$data/postgresql.conf"
    echo 'hostssl pg_auto_failover autoctl_node samenet scram-sha-256' >>"$data/pg_hba.conf"
  fi
  set_password autoctl_node "$MONITOR_PASSWORD" &
  exec pg_autoctl run --pgdata "$data"
  ;;
server)
  if [ ! -e "$data/PG_VERSION" ]; then
    # shellcheck disable=SC2086
    pg_autoctl create postgres --pgdata "$data" --name "$NAME" --hostname "$NAME" --dbname wisp --username wisp \
      --monitor "$monitor" $local
  fi
  for rule in 'host wisp wisp samenet scram-sha-256' 'hostssl replication pgautofailover_replicator samenet scram-sha-256' \
    'hostssl all pgautofailover_replicator samenet scram-sha-256'; do
    grep -qxF "$rule" "$data/pg_hba.conf" || echo "$rule" >>"$data/pg_hba.conf"
  done
  # A standby that is away for long has to be made anew, and does not fill the disk of the primary.
  grep -q '^max_slot_wal_keep_size' "$data/postgresql.conf" || echo 'max_slot_wal_keep_size = 4GB' >>"$data/postgresql.conf"
  (
    set_password wisp "$POSTGRES_PASSWORD"
    set_password pgautofailover_replicator "$REPLICATION_PASSWORD"
    checkpoint_for_backups
  ) &
  exec pg_autoctl run --pgdata "$data"
  ;;
pgbouncer)
  umask 077
  echo "\"wisp\" \"$POSTGRES_PASSWORD\"" >/etc/pgbouncer/userlist.txt
  exec pgbouncer /etc/pgbouncer/pgbouncer.ini
  ;;
esac
