//! The program under `SIGKILL`: at every write to its ledger, at every socket operation, and at
//! random, up to three times a campaign. Its ledger is a real file, its sockets are real; the
//! judge is the record of a server in this process, and definition X must hold after every kill.
//!
//! `cargo test` kills at a few points. With `ANNOUNCE_KILLS=N` it is every point and N random
//! kills: `scripts/kills N`. `strace` does the killing where a system call is meant.

mod case;
#[path = "../../src/campaign/tests/simulation/chance.rs"]
#[expect(dead_code, reason = "the simulation needs more of it")]
mod chance;
mod corrected;
#[path = "../../src/campaign/tests/definition_x.rs"]
mod definition_x;
mod judge;
mod kill;
mod points;
mod random;
#[path = "../../src/campaign/tests/reliability.rs"]
mod reliability;
#[path = "../it/server.rs"]
#[expect(dead_code, reason = "the other tests need more of it")]
mod server;
mod talk;
mod tally;
#[path = "../it/workspace.rs"]
#[expect(dead_code, reason = "the other tests need more of it")]
mod workspace;

// As definition X names them inside the library.
use announce::{campaign, keys, ledger};
