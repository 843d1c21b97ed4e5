# shellcheck shell=bash
# Sourced by the commands of this folder: builds Sterna if it is needed.
# Before: me=NAME, how the command calls itself. After: $distribution, built by 'build_if_needed'.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
distribution="$root/deploy/target/sterna"
stamp="$root/deploy/target/.built"

say() { echo "$me: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# Programs of the sbin folders are needed, also under a user's PATH.
export PATH="$PATH:/usr/sbin:/sbin"

check_build_tools() {
  command -v mvn >/dev/null || fail "no Maven: apt-get install maven"
  command -v javac >/dev/null || fail "no JDK: apt-get install openjdk-17-jdk-headless"
}

# Arguments: pairs of a program and the Debian package that brings it.
install_missing() {
  local packages=()
  while [ $# -gt 0 ]; do
    command -v "$1" >/dev/null || packages+=("$2")
    shift 2
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "not root: cannot install ${packages[*]}"
    return 0
  fi
  command -v apt-get >/dev/null || fail "no apt-get to install ${packages[*]} with; install them yourself"
  say "installing ${packages[*]}"
  local log
  log=$(mktemp)
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install ${packages[*]}"
  fi
  rm -f "$log"
}

is_built() {
  [ -x "$distribution/bin/sterna" ] && [ -e "$stamp" ] || return 1
  local newer
  newer=$(find "$root" \( -name target -o -name .git \) -prune -o -type f -newer "$stamp" \
    \( -name pom.xml -o -path '*/src/main/*' \) -print -quit)
  [ -z "$newer" ]
}

build() {
  check_build_tools
  local log started status=0
  log=$(mktemp)
  started=$SECONDS
  say "building Sterna"
  mkdir -p "$root/deploy/target"
  touch "$stamp.new"
  (cd "$root" && exec mvn -B -q -ntp -Dmaven.test.skip=true -DskipTests -Djacoco.skip \
    -Dcyclonedx.skip -Dsterna.archive.skip=true package) >"$log" 2>&1 </dev/null &
  local builder=$!
  trap 'kill "$builder" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$builder" 2>/dev/null; do
    sleep 1
    if [ -t 2 ]; then
      printf '\r%s: ... %d s ' "$me" $((SECONDS - started)) >&2
    elif [ $(((SECONDS - started) % 30)) = 29 ]; then
      say "... still building after $((SECONDS - started)) s"
    fi
  done
  wait "$builder" || status=$?
  trap - INT TERM
  [ ! -t 2 ] || printf '\r' >&2
  if [ "$status" != 0 ]; then
    grep -v '^$' "$log" | tail -n 40 >&2
    rm -f "$log"
    fail "the build failed"
  fi
  rm -f "$log"
  mv "$stamp.new" "$stamp"
  say "built in $((SECONDS - started)) s"
}

build_if_needed() {
  is_built || build
}
