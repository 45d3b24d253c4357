# What the scripts that start servers for tests share. Sourced, not run.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/packages.sh"

fail() { printf '%s: %s\n' "$(basename "$0")" "$1" >&2; exit 1; }

# Runs a command until it succeeds, at most so many times, a fifth of a second apart.
wait_for() {
  local tries="$1"
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.2
  done
}

# True where no process has this id any more, or only one that is dead and that nobody waited for.
gone() {
  local stat
  stat="$(cat "/proc/$1/stat" 2>/dev/null)" || return 0
  case "${stat##*) }" in [ZX]*) ;; *) return 1 ;; esac
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port below the range that the system hands out by itself, which nobody answers.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    answers "$port" || break
  done
  echo "$port"
}
