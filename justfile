# Daily commands. `just` lists them. https://just.systems

# Lists the commands.
default:
    @just --list

# Runs Notes at http://localhost:3000 and rebuilds after changes.
dev:
    cargo run -- --watch

# Formats Rust, Python and TypeScript.
format:
    cargo fmt --all
    target/tools/lint/bin/ruff check --fix --quiet tests
    target/tools/lint/bin/ruff format --quiet tests
    npm --silent --prefix functions/web run format

# Checks layout and lints.
lint:
    cargo fmt --all --check
    cargo clippy --quiet --workspace --all-targets --locked -- -D warnings
    tests/lint

# Runs Rust tests by name: `just test a_stale_version`.
test name="":
    cargo test --quiet --workspace --locked {{ name }}

# Runs the page's unit tests.
page:
    npm --prefix functions/web test

# Runs the browser tests beside a new local cloud.
browser:
    tests/with-cloud npm --prefix tests/browser test

# Writes openapi.json again after a handler changed.
openapi:
    UPDATE_EXPECT=1 cargo test --quiet -p http-function openapi

# Runs everything that must hold for a change.
all:
    tests/run

# Also runs cold starts, MiniStack, Lighthouse and long fuzzing.
nightly:
    tests/run --all
