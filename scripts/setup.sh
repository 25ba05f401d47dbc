# Functions that build.sh and test.sh share. Sourced with the repository as the working directory.

say() { printf '%s\n' "$*"; }

# as_root COMMAND…: runs it directly as root, through sudo otherwise.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    say "error: installing packages needs root or sudo; install these yourself and use --no-install: $*" >&2
    return 1
  fi
}

# install_debian_packages LIST…: installs what the lists name and the machine lacks; says what.
install_debian_packages() {
  local wanted missing
  wanted=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]*$//' "$@" | sort -u)
  # shellcheck disable=SC2086
  missing=$(comm -23 <(printf '%s\n' "$wanted") \
    <(dpkg-query -W -f '${db:Status-Abbrev}${binary:Package}\n' $wanted 2>/dev/null | sed -n 's/^ii *//p' | sed 's/:.*//' | sort -u))
  [ -z "$missing" ] && return 0
  say "installing Debian packages: $(printf '%s ' $missing)"
  as_root apt-get update -q
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}

# install_debian_commands COMMAND:PACKAGE…: for tools that may have come from elsewhere than Debian.
install_debian_commands() {
  local pair
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || install_debian_packages <(printf '%s\n' "${pair##*:}")
  done
}

# install_npm_packages FOLDER: what its lock file says, once per lock file.
install_npm_packages() {
  local stamp="$1/node_modules/.installed-lock"
  cmp -s "$1/package-lock.json" "$stamp" && return 0
  say "installing npm packages of $1"
  (cd "$1" && npm ci --no-audit --no-fund --ignore-scripts)
  cp "$1/package-lock.json" "$stamp"
}

# configure_and_build PRESET TARGET…
configure_and_build() {
  local preset=$1 log
  shift
  log=$(mktemp)
  if [ ! -f "build/$preset/build.ninja" ] && ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
  rm -f "$log"
  if [ -t 1 ]; then
    cmake --build --preset "$preset" --target "$@"
  else
    cmake --build --preset "$preset" --target "$@" -- --quiet
  fi
}
