# Shared parts of the scripts in bin/. Sourced, never run: it goes to the root of the checkout and sets up
# the paths that every step needs.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"

say() { printf '%s\n' "$*" >&2; }

# stage NUMBER OF WHAT: what comes next, and how much of it there is.
stage() { say "[$1/$2] $3"; }

# One sentence, then the end.
die() {
  say "$(basename "$0"): $*"
  exit 1
}

# Continuous integration starts from a fresh checkout, so its build folder lies outside: the second run is warm.
if [ -n "${CARGO_TARGET_DIR:-}" ]; then
  mkdir -p "$CARGO_TARGET_DIR"
  CARGO_TARGET_DIR=$(cd "$CARGO_TARGET_DIR" && pwd)
elif [ "${CI:-}" = true ]; then
  CARGO_TARGET_DIR=${XDG_CACHE_HOME:-$HOME/.cache}/guildhall/target
else
  CARGO_TARGET_DIR=$ROOT/target
fi
export CARGO_TARGET_DIR

# wasm-opt, terser and lightningcss come from npm, cargo-leptos from cargo.
export PATH="$ROOT/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

# The release, in a folder of its own: what development builds is beside it, and never served as one.
# BUILD_PROFILE is `release`, or `dist` for the slower build of a quicker program.
BUILD_PROFILE=${BUILD_PROFILE:-release}
RELEASE=$CARGO_TARGET_DIR/$BUILD_PROFILE
GUILDHALL=$RELEASE/guildhall

# The server's settings for serving what `build_release` built, wherever the build folder is.
release_env() {
  export LEPTOS_SITE_ROOT="$RELEASE/site" LEPTOS_HASH_FILES=true LEPTOS_ENV=PROD
}

# One line that changes when anything does that goes into the release build.
sources() {
  {
    rustc --version
    find .cargo browser build.rs Cargo.toml Cargo.lock package-lock.json locales migrations proto public src style xtask \
      -path src/tests -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum
}

# One line that changes when anything does that was built, whoever changed it.
built() {
  (cd "$RELEASE" 2>/dev/null && find guildhall hash.txt site -type f -print0 2>/dev/null |
    LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum
}

# The release is what was built last, of the sources that are here now.
is_built() { [ "$(cat "$RELEASE/stamp" 2>/dev/null)" = "$(sources) $(built)" ]; }

# Builds the server, the WebAssembly and the site for production; does nothing where nothing changed.
build_release() {
  local of
  if is_built; then return; fi
  say "Building the release: its sources or its files changed since the last build, or there is none yet."
  rm -f "$RELEASE/stamp"
  of=$(sources)
  build_both_sides || return
  say "Making the site: script, module, stylesheet, and compressed copies."
  node xtask/site.mjs "$CARGO_TARGET_DIR/wasm32-unknown-unknown/wasm-release/browser.wasm" \
    "$CARGO_TARGET_DIR/debug/xtask" "$RELEASE" || return
  printf '%s\n' "$of $(built)" >"$RELEASE/stamp"
}

# At the same time, in folders of their own: each has long stretches in which it keeps one core busy
# alone. What the compiler says of the browser's side is shown where that fails.
build_both_sides() (
  log=$CARGO_TARGET_DIR/browser-side.log ok=0
  mkdir -p "$CARGO_TARGET_DIR"
  set -m # A process group of its own, so that it can be ended as a whole.
  build_browser_side >"$log" 2>&1 &
  browser=$!
  set +m
  trap 'kill -- -"$browser" 2>/dev/null' EXIT
  cargo build --profile "$BUILD_PROFILE" --bin guildhall || exit
  wait "$browser" || ok=1
  trap - EXIT
  [ $ok = 0 ] || cat "$log" >&2
  exit $ok
)

# It gives way to the server, which takes longer.
build_browser_side() {
  nice cargo build --package browser --profile wasm-release --target wasm32-unknown-unknown &&
    nice cargo build --package xtask
}

# install_tool WHY HOW_LONG CRATE VERSION [OPTION...]: in a build folder of its own, and built for a quick
# install where its own release profile would take a quarter of an hour.
install_tool() {
  local why=$1 how_long=$2 crate=$3 version=$4
  shift 4
  say "Installing $crate $version: $why. This takes $how_long, once."
  env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 cargo install "$crate" --version "$version" "$@" ||
    die "cargo could not install $crate $version."
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# listens PORT
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Where the newest PostgreSQL server's programs are, if there is one.
postgres_bin() {
  local found
  found=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  if [ -x "$found/initdb" ]; then
    printf '%s\n' "$found"
  elif command -v initdb >/dev/null; then
    dirname "$(command -v initdb)"
  fi
}

# first_start GUILDHALL...: demo data, where the server would begin on an empty database of its own. It
# gets its name when it is whole, so that what broke off is made anew.
first_start() {
  if [ -n "${DATABASE_URL:-}" ] || [ -f .env ] || [ -e data/guildhall.db ]; then return; fi
  say "First start: filling data/guildhall.db with demo data."
  rm -f data/seeding.db*
  DATABASE_URL=sqlite:data/seeding.db "$@" seed --demo || die "the demo data could not be written."
  [ ! -s data/seeding.db-wal ] || die "the demo data is still being written; run this again."
  mv data/seeding.db data/guildhall.db
  rm -f data/seeding.db*
}
