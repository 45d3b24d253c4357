#!/usr/bin/env bash
# A PostgreSQL server for tests: on loopback and a random free port, with everything it writes under one folder.
#
#   scripts/postgres.sh install         installs Debian's package (as root)
#   scripts/postgres.sh start FOLDER    starts it, and prints lines for eval: its address and password; what the folder
#                                       holds of an earlier start, which may have been killed, is there again
#   scripts/postgres.sh stop FOLDER     stops what was started in the folder, by process id
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/servers.sh"

readonly user=tandem password=tandem-test-secret database=tandem

# Debian keeps the programs of each version in a folder of its own, and not on the path.
programs() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

install() {
  [ -n "$(programs)" ] && return
  install_packages postgresql
}

# The server refuses to run as root: then the package's own user runs it.
as_user=()
[ "$(id -u)" -ne 0 ] || as_user=(setpriv --reuid=postgres --regid=postgres --init-groups)

create() {
  echo "$password" >password
  [ "$(id -u)" -ne 0 ] || chown -R postgres:postgres .
  "${as_user[@]}" "$bin/initdb" -D data -U "$user" --auth=scram-sha-256 --pwfile=password --locale=C.UTF-8 --encoding=UTF8
  free_port >port
  cat >>data/postgresql.conf <<C
port = $(cat port)
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 128MB
max_wal_size = 1GB
C
}

ready() { PGPASSWORD=$password "$bin/psql" -h 127.0.0.1 -p "$(cat port)" -U "$user" -d "$1" -c 'select 1'; }

launch() {
  "${as_user[@]}" setsid "$bin/postgres" -D data &
  server=$!
}

run() {
  local server tries=1500
  [ -f data/PG_VERSION ] || create || return
  launch
  until ready postgres >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.2

    # Children of a server that was killed hold its memory until they notice; until then a new server ends at once.
    ! gone "$server" || launch
  done
  ready "$database" 2>/dev/null ||
    PGPASSWORD=$password "$bin/createdb" -h 127.0.0.1 -p "$(cat port)" -U "$user" "$database"
}

start() {
  local folder="$1" bin
  bin="$(programs)"
  [ -n "$bin" ] || fail "PostgreSQL is not installed: scripts/postgres.sh install"
  mkdir -p "$folder"
  folder="$(cd "$folder" && pwd)"
  cd "$folder"
  stop "$folder"
  run >"$folder/start.txt" 2>&1 </dev/null || {
    tail -n 20 "$folder/start.txt" >&2
    stop "$folder"
    fail "the server did not start; $folder/start.txt tells more."
  }
  printf 'export TANDEM_TEST_POSTGRES=postgres://%s@127.0.0.1:%s/%s\n' "$user" "$(cat port)" "$database"
  printf 'export TANDEM_TEST_POSTGRES_PASSWORD=%s TANDEM_TEST_POSTGRES_SCRIPT=%s\n' "$password" "$script"
}

stop() {
  local pid file="$1/data/postmaster.pid"
  [ -s "$file" ] || return 0
  pid="$(head -n 1 "$file")"
  # Who was killed before may have left the number to a stranger. Immediate shutdown: test data need no farewell.
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] || return 0
  kill -QUIT "$pid" 2>/dev/null || true
  wait_for 600 gone "$pid"

  # Where nobody waits for the dead, the next server would take this one for alive.
  rm -f "$file"
}

script="$(readlink -f "${BASH_SOURCE[0]}")"
case "${1:-} ${2:+folder}" in
  "install ") install ;;
  "start folder") start "$2" ;;
  "stop folder") stop "$2" ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
