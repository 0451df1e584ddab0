# What the scripts in bin/ share. Sourced, never run: it goes to the root of the checkout and sets up
# the paths that every step needs.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"

say() { printf '%s\n' "$*" >&2; }

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

# wasm-opt comes from npm, cargo-leptos and wasm-bindgen from cargo.
export PATH="$ROOT/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

GUILDHALL=$CARGO_TARGET_DIR/release/guildhall

# The server's settings for serving what `build_release` built, wherever the build folder is.
release_env() {
  export LEPTOS_SITE_ROOT="$CARGO_TARGET_DIR/site" LEPTOS_HASH_FILES=true LEPTOS_ENV=PROD
}

# One line that changes when anything does that goes into the release build.
fingerprint() {
  {
    rustc --version
    find .cargo Cargo.toml Cargo.lock package-lock.json migrations public src style \
      -path src/tests -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum
}

# Builds the server, the WebAssembly and the site for production; does nothing where nothing changed.
build_release() {
  local stamp=$CARGO_TARGET_DIR/release/built now
  now=$(fingerprint)
  if [ -x "$GUILDHALL" ] && [ -d "$CARGO_TARGET_DIR/site/pkg" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then
    return
  fi
  say "Building the release: the sources changed since the last build, or there is none yet."
  rm -f "$stamp"
  LEPTOS_SITE_ROOT=$CARGO_TARGET_DIR/site cargo leptos build --release --precompress || return
  printf '%s\n' "$now" >"$stamp"
}

# install_tool WHY CRATE VERSION [OPTION...]: in a build folder of its own, and built for a quick install
# where its own release profile would take a quarter of an hour.
install_tool() {
  local why=$1 crate=$2 version=$3
  shift 3
  say "Installing $crate $version: $why. This takes some minutes, once."
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
