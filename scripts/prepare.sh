# Shared by ./tandem and ./check: what must be there before anything is built. Sourced, with $root set.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_CLI_UI_LANGUAGE=en
stamps="$root/artifacts/stamps"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "tandem: $1"
  shift
  local line
  for line in "$@"; do say "  $line"; done
  exit 1
}

# The SDK's own folder, so that the built program finds the runtime wherever the SDK was unpacked.
find_dotnet() {
  if ! command -v dotnet >/dev/null 2>&1; then
    [ -x "$HOME/.dotnet/dotnet" ] && PATH="$HOME/.dotnet:$PATH" && export PATH
  fi
  command -v dotnet >/dev/null 2>&1 || fail "the .NET SDK 10 is missing." \
    "Install it from https://dotnet.microsoft.com/download/dotnet/10.0" \
    "or run: curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
  if [ -z "${DOTNET_ROOT:-}" ]; then
    DOTNET_ROOT="$(dirname "$(readlink -f "$(command -v dotnet)")")"
    export DOTNET_ROOT
  fi
}

need_sdk() {
  local version
  version="$(cd "$root" && dotnet --version 2>/dev/null)" || version=""
  case "$version" in
    10.*) ;;
    *) fail "the .NET SDK 10 is needed; found '${version:-none}' ($(command -v dotnet))." \
      "Install it from https://dotnet.microsoft.com/download/dotnet/10.0" ;;
  esac
}

need_node() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || fail "Node.js 20.19 or newer, with npm, is missing." \
    "Install it from https://nodejs.org (it brings the native engines and builds the page; nothing runs on it)."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node.js 20.19 or newer is needed; found $(node --version)." "Install it from https://nodejs.org"
}

# True where any of the given paths is newer than the stamp, or the stamp is absent.
changed_since() {
  local stamp="$1" path
  shift
  [ -e "$stamp" ] || return 0
  local paths=()
  for path in "$@"; do [ -e "$path" ] && paths+=("$path"); done
  [ ${#paths[@]} -gt 0 ] || return 1
  [ -n "$(find "${paths[@]}" \( -name node_modules -o -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit)" ]
}

# Runs a step quietly; shows its output only where it fails. The stamp carries the time the step began.
step() {
  local stamp="$1" title="$2" output started status=0
  shift 2
  mkdir -p "$stamps"
  output="$(mktemp)"
  started="$(mktemp)"
  say "tandem: $title"
  "$@" >"$output" 2>&1 || status=$?
  if [ $status -ne 0 ]; then
    cat "$output" >&2
    rm -f "$output" "$started"
    return $status
  fi
  rm -f "$output"
  mv "$started" "$stamps/$stamp"
}

npm_quiet() { npm --no-fund --no-audit --no-update-notifier --loglevel=error "$@"; }

prepare_native() {
  [ -f "$root/native/package-lock.json" ] || return 0
  if [ ! -d "$root/native/node_modules" ] || changed_since "$stamps/native" "$root/native/package-lock.json"; then
    need_node
    step native "fetching native engines" npm_quiet --prefix "$root/native" ci --fetch-retries=5 --ignore-scripts ||
      fail "the native engines could not be fetched." "Check the network, then run the command again."
    trim_onnxruntime
  fi
}

# The package carries every platform's library, 288 MB; only this platform's is kept.
trim_onnxruntime() {
  local bin="$root/native/node_modules/onnxruntime-node/bin" own
  own="$(node -p 'process.platform + "/" + process.arch')"
  [ ! -d "$bin" ] || find "$bin" -mindepth 3 -maxdepth 3 -type d ! -path "*/$own" -exec rm -rf {} +
}

prepare_studio_packages() {
  if [ ! -d "$root/studio/node_modules" ] || changed_since "$stamps/studio-packages" "$root/studio/package-lock.json"; then
    need_node
    step studio-packages "fetching packages of the page" npm_quiet --prefix "$root/studio" ci --fetch-retries=5 ||
      fail "the packages of the page could not be fetched." "Check the network, then run the command again."
  fi
}

studio_sources() {
  printf '%s\n' "$root/studio/src" "$root/studio/public" "$root/studio/index.html" "$root/studio/vite.config.ts" \
    "$root/studio/tsconfig.json" "$root/studio/package-lock.json"
}

prepare_studio() {
  [ -f "$root/studio/package-lock.json" ] || return 0
  local sources
  mapfile -t sources < <(studio_sources)
  if [ ! -f "$root/studio/dist/index.html" ] || changed_since "$stamps/studio" "${sources[@]}"; then
    prepare_studio_packages
    step studio "building the page" npm_quiet --prefix "$root/studio" run build ||
      fail "the page could not be built; the output above says why."
  fi
}
