#!/bin/sh
# PostgreSQL's own archive, for going back to any moment: web/docs/content/en/run/point-in-time-restore.md. As the user of PostgreSQL:
#   wal-archive.sh store PATH NAME      archive_command: keeps a piece of the log
#   wal-archive.sh fetch NAME PATH      restore_command: brings it back
#   wal-archive.sh base [DSN]           a base backup, checked, beside the last ones; two are kept, with the log since the older
#   wal-archive.sh restore TIME DATA    the state of a moment, such as '2026-11-29 10:15:00+08', in a new data directory
# WISP_ARCHIVE is the folder: on another machine's disk, in the third place if there is one.
set -eu
umask 077
archive=${WISP_ARCHIVE:-/var/backups/wisp-archive}
bin=${PG_BIN:-/usr/lib/postgresql/17/bin}
kept=2

fail() {
  echo "wal-archive: $*" >&2
  exit 1
}

store() {
  file="$archive/wal/$2"
  # After a crash PostgreSQL gives the same piece again; another one of the same name is somebody else's.
  if [ -e "$file" ]; then
    cmp -s "$1" "$file" || fail "$2 is there already, and differs: do two servers write to $archive?"
    return
  fi
  mkdir -p "$archive/wal"
  cp "$1" "$file.part"
  sync "$file.part"
  mv "$file.part" "$file"
  sync "$archive/wal"
}

base() {
  mkdir -p "$archive/base"
  part="$archive/base/new.part"
  rm -rf "$part"
  "$bin/pg_basebackup" -d "${1:-}" -D "$part" -c fast -X stream --no-password
  "$bin/pg_verifybackup" -q "$part" || fail 'the base backup is not whole'
  # It is called by when it ended, because PostgreSQL goes back to no moment before that with it.
  name=$(date -u +%Y%m%dT%H%M%SZ)
  mv -T "$part" "$archive/base/$name"
  # shellcheck disable=SC2012 # names of ours
  ls "$archive/base" | sort -r | tail -n +$((kept + 1)) | while read -r old; do rm -rf "$archive/base/${old:?}"; done
  # shellcheck disable=SC2012
  oldest=$(ls "$archive/base" | sort | head -1)
  first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\)).*/\1/p' "$archive/base/$oldest/backup_label")
  "$bin/pg_archivecleanup" "$archive/wal" "$first"
  echo "$archive/base/$name"
}

restore() {
  at=$(date -u -d "$1" +%Y%m%dT%H%M%SZ) || fail "no time: $1"
  [ ! -e "$2" ] || [ -z "$(ls -A "$2")" ] || fail "$2 is not empty"
  # The last base backup that had ended by then.
  # shellcheck disable=SC2012
  name=$(ls "$archive/base" | sort | awk -v at="$at" '$0 <= at' | tail -1)
  [ -n "$name" ] || fail "no base backup is that old"
  mkdir -p "$2"
  cp -a "$archive/base/$name/." "$2"
  chmod 700 "$2"
  {
    echo "restore_command = '$(readlink -f "$0") fetch %f %p'"
    echo "recovery_target_time = '$1'"
    # Whoever restores looks first, and lets it take writes then.
    echo "recovery_target_action = 'pause'"
    # It has no standbys yet, and follows nobody.
    echo "synchronous_standby_names = ''"
    echo "primary_conninfo = ''"
  } >>"$2/postgresql.auto.conf"
  rm -f "$2/standby.signal"
  touch "$2/recovery.signal"
  echo "$name"
}

case "${1:-}" in
store) store "$2" "$3" ;;
fetch) cp "$archive/wal/$2" "$3" ;;
base) base "${2:-}" ;;
restore) restore "$2" "$3" ;;
*) fail 'store PATH NAME, fetch NAME PATH, base [DSN] or restore TIME DATA' ;;
esac
