#!/usr/bin/env bash
# A RabbitMQ broker for tests: one node on loopback and random free ports, with everything it writes under one folder.
#
#   scripts/rabbitmq.sh install         installs Debian's package (as root)
#   scripts/rabbitmq.sh start FOLDER    starts it, and prints lines for eval: its address; what the folder holds of an
#                                       earlier start, which may have been killed, is there again
#   scripts/rabbitmq.sh stop FOLDER     stops what was started in the folder, by process id
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/servers.sh"

readonly user=tandem password=tandem-test-secret
readonly server=/usr/lib/rabbitmq/bin/rabbitmq-server

install() {
  [ -x "$server" ] && return
  install_packages rabbitmq-server
}

write_configuration() {
  local folder="$1"
  [ -f "$folder/ports" ] || echo "$(free_port) $(free_port) $(free_port)" >"$folder/ports"
  read -r port dist_port epmd_port <"$folder/ports"
  echo '[].' >"$folder/enabled_plugins"
  cat >"$folder/rabbitmq.conf" <<C
listeners.tcp.1 = 127.0.0.1:$port
default_user = $user
default_pass = $password
C
}

# Erlang's name server; started here, so that its process id is known.
start_names() {
  ERL_EPMD_ADDRESS=127.0.0.1 setsid epmd -port "$1" &
  echo $! >epmd.pid
  wait_for 600 answers "$1"
}

start_node() {
  export HOME=$PWD ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$epmd_port RABBITMQ_NODENAME=tandem@localhost
  export RABBITMQ_MNESIA_BASE=$PWD/mnesia RABBITMQ_LOG_BASE=$PWD/log RABBITMQ_CONFIG_FILE=$PWD/rabbitmq.conf
  export RABBITMQ_ENABLED_PLUGINS_FILE=$PWD/enabled_plugins RABBITMQ_DIST_PORT=$dist_port
  export RABBITMQ_PID_FILE=$PWD/beam.pid RABBITMQ_CONF_ENV_FILE=/dev/null
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
  setsid "$server" &
  wait_for 1500 answers "$port"
}

start() {
  local folder="$1" port dist_port epmd_port
  [ -x "$server" ] || fail "RabbitMQ is not installed: scripts/rabbitmq.sh install"
  mkdir -p "$folder"/{mnesia,log}
  folder="$(cd "$folder" && pwd)"
  cd "$folder"
  stop "$folder"
  write_configuration "$folder"
  {
    start_names "$epmd_port" && start_node
  } >"$folder/log/start.txt" 2>&1 </dev/null || {
    tail -n 20 "$folder/log/start.txt" >&2
    stop "$folder"
    fail "the broker did not start; $folder/log tells more."
  }
  printf 'export TANDEM_TEST_AMQP=amqp://%s:%s@127.0.0.1:%s TANDEM_TEST_RABBITMQ=%s\n' \
    "$user" "$password" "$port" "$script"
}

stop() {
  local file pid
  for file in "$1"/*.pid; do
    [ -s "$file" ] || continue
    pid="$(cat "$file")"
    # Who was killed before may have left the number to a stranger. Test data need no farewell.
    case "$(cat "/proc/$pid/comm" 2>/dev/null)" in
      beam.smp | epmd)
        kill -9 "$pid" 2>/dev/null || true

        # While it dies it still has its port and its folder.
        wait_for 600 gone "$pid"
        ;;
    esac
    rm -f "$file"
  done
}

script="$(readlink -f "${BASH_SOURCE[0]}")"
case "${1:-} ${2:+folder}" in
  "install ") install ;;
  "start folder") start "$2" ;;
  "stop folder") stop "$2" ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
