# Installs Debian's packages. Sourced, not run.

# As root. A mirror that fails may answer a little later: three tries.
install_packages() {
  local tries=3
  until apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 10
  done
}
