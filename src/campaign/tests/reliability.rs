//! Notes for `docs/reliability.md`: what each fault did, as the test that made it saw it.

use std::{env, fs, path::PathBuf};

/// Notes in the folder named by `ANNOUNCE_RELIABILITY`, if any, what came of a fault. `key` is the
/// row of the table: `F17`, or `F4a` where a fault has several tests.
pub(crate) fn found(key: &str, fault: &str, happened: &str) {
    let Some(folder) = env::var_os("ANNOUNCE_RELIABILITY").map(PathBuf::from) else { return };
    let note = serde_json::json!({ "fault": key, "what": fault, "happened": happened });
    fs::create_dir_all(&folder).expect("a folder for the notes");
    fs::write(folder.join(format!("{key}.json")), note.to_string()).expect("a note");
}
