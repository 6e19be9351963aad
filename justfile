# The same steps as `.ci/run`, one at a time.

# Everything.
ci:
    bash .ci/run

# Format, lint and document.
lint:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked --quiet

# The test suite.
test:
    cargo test --locked

# What needs real time or a foreign program: pace on the wire, other people's servers and calendars.
wire:
    cargo build --release --locked
    .ci/pace target/release/announce
    .ci/foreign target/release/announce
    .ci/calendar target/release/announce
    .ci/half-open target/release/announce
    .ci/postfix target/release/announce
    .ci/cron target/release/announce

# Kills at every write and every socket operation, and so many at random (needs strace).
kills number="1000":
    scripts/kills {{number}}

# Random bytes for whatever reads a stranger's: addresses, front matter, lists, replies.
fuzz seconds="60":
    scripts/fuzz {{seconds}}

# Pictures of the seven sample mails, wide and narrow, light and dark.
pictures:
    cargo build --release --locked
    .ci/pictures target/release/announce target/pictures

# The page of the preview in a real browser (needs chromium, node and npm).
browser:
    cargo build --release --locked
    .ci/browser target/release/announce target/browser

# So many random lives of a campaign, with definition X looked at after each step.
seeds number="100000":
    scripts/seeds {{number}}

# Measures `announce` beside other programs and writes docs/performance.md; `just performance --only pace`.
performance *arguments:
    benches/side-by-side {{arguments}}

# Tries every fault and writes what happened into docs/reliability.md.
reliability:
    rm -rf target/reliability
    ANNOUNCE_RELIABILITY=$PWD/target/reliability cargo test --locked
    ANNOUNCE_RELIABILITY=$PWD/target/reliability scripts/kills 100
    cargo build --release --locked
    ANNOUNCE_RELIABILITY=$PWD/target/reliability .ci/half-open target/release/announce
    ANNOUNCE_RELIABILITY=$PWD/target/reliability .ci/postfix target/release/announce
    ANNOUNCE_RELIABILITY=$PWD/target/reliability .ci/cron target/release/announce
    scripts/reliability target/reliability

# How many lines of each room the unit tests run (needs cargo-llvm-cov).
coverage:
    scripts/coverage
