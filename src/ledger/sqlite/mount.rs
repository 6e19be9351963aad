//! Whether a folder is on a disk of this machine.
//!
//! The write-ahead log needs memory that all processes at the database share, and so one machine
//! (<https://www.sqlite.org/wal.html>, "WAL does not work over a network filesystem"). The database
//! itself does not notice: two machines would each go by a log that the other does not see.

use std::path::{Path, PathBuf};

/// File systems that other machines write to as well.
const NETWORKED: [&str; 9] =
    ["afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs"];

/// The file system that an absolute path is on, if other machines may write to it. `mountinfo` is
/// Linux's `/proc/self/mountinfo` (`proc_pid_mountinfo(5)`).
pub(super) fn networked<'a>(mountinfo: &'a str, path: &Path) -> Option<&'a str> {
    let mounts = mountinfo.lines().filter_map(|line| {
        let (mount, device) = line.split_once(" - ")?;
        let point = PathBuf::from(unescape(mount.split(' ').nth(4)?));
        Some((point, device.split(' ').next()?))
    });
    let (_, kind) = mounts
        .filter(|(point, _)| path.starts_with(point))
        // Of several on one point the last hides the others.
        .max_by_key(|(point, _)| point.components().count())?;
    Some(kind).filter(|kind| NETWORKED.contains(kind))
}

/// White space and backslashes are written in octal: `\040`.
fn unescape(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..3).and_then(|code| u8::from_str_radix(code, 8).ok());
        match code {
            Some(code) => {
                plain.push(code.into());
                plain.push_str(&part[3..]);
            }
            None => plain.push_str(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::tests::reliability::found;

    const MOUNTS: &str = "\
        22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
        23 22 0:21 / /proc rw - proc proc rw\n\
        40 22 0:50 / /home rw,relatime shared:9 - nfs4 files.example:/home rw,vers=4.2\n\
        41 40 8:2 / /home/local rw - xfs /dev/sdb1 rw\n\
        42 22 0:51 / /srv/press\\040office rw master:2 - cifs //files.example/press rw\n\
        43 22 8:3 / /mnt rw - nfs files.example:/old rw\n\
        44 43 8:3 / /mnt rw - ext4 /dev/sdc1 rw\n";

    #[test]
    fn a_folder_that_other_machines_write_to_is_known_by_its_mount() {
        let kind = |path| networked(MOUNTS, Path::new(path));
        assert_eq!(kind("/home/ann/newsroom/.announce"), Some("nfs4"));
        assert_eq!(kind("/srv/press office/newsroom"), Some("cifs"));
        for local in ["/", "/homework", "/home/local/newsroom", "/srv/press", "/mnt/newsroom"] {
            assert_eq!(kind(local), None, "{local}");
        }
        assert_eq!(networked("", Path::new("/home")), None);
        assert_eq!(networked("no mounts at all - \n\n", Path::new("/home")), None);
        let happened = "refused when it is opened, before any connection; known by its mount";
        found("F35h", "the ledger is on a network file system (NFS, SMB)", happened);
    }
}
