//! Weight, size and damage; and the pictures of the sample drafts.

use std::{fs, path::Path};

use super::{
    super::{Photo, check, strip},
    builder::{Exif, app1_exif, jpeg, png},
};
use crate::check::Finding;

fn found(bytes: &[u8]) -> Vec<Finding> {
    check(&[Photo { file: "files/a.png", place: None, bytes, is_shown: true }])
}

/// Rules and messages.
fn said(bytes: &[u8]) -> Vec<String> {
    found(bytes).iter().map(|finding| format!("{} {}", finding.rule, finding.fault)).collect()
}

#[test]
fn a_picture_of_more_than_a_megabyte_is_heavy() {
    let padded = |length: usize| {
        let bytes = png(&[]);
        let padding = vec![0; length - bytes.len()];
        [bytes, padding].concat()
    };
    assert_eq!(said(&padded(1 << 20)), [""; 0]);
    assert_eq!(
        said(&padded((1 << 20) + 1)),
        ["I4/bytes files/a.png: picture `files/a.png` has `1.1` MB, with every mail"]
    );
}

#[test]
fn a_picture_of_more_than_1200_pixels_a_side_is_large() {
    let sized = |width: u16, height: u16| {
        let mut bytes = jpeg(&[]);
        let frame = memchr::memmem::find(&bytes, b"\xff\xc0").expect("a frame");
        bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        said(&bytes)
    };
    let large = |size: &str| {
        [format!("I4/pixels files/a.png: picture `files/a.png` is `{size}` pixels large")]
    };
    assert_eq!(sized(1200, 1200), [""; 0]);
    assert_eq!(sized(1201, 10), large("1201×10"));
    assert_eq!(sized(10, 1201), large("10×1201"));
}

#[test]
fn a_damaged_picture_is_called_damaged_and_still_looked_into() {
    let exif = Exif { picture: vec![(0x0110, 2, b"Camera 1")], ..Exif::default() };
    let bytes = jpeg(&[app1_exif(&exif.tiff())]);
    assert_eq!(
        said(&bytes[..bytes.len() - 2]),
        [
            "I6a/metadata files/a.png: picture `files/a.png` carries the make or model of the camera",
            "I6a/damaged files/a.png: picture `files/a.png` is damaged or breaks off",
        ]
    );
    let hint = found(&bytes[..bytes.len() - 2])[0].fault.hint.clone();
    assert_eq!(hint.as_deref(), Some("save the picture anew as JPEG or PNG, and check again"));
    assert_eq!(said(b"%PDF-1.7"), [""; 0], "no picture, no claim");
}

#[test]
fn the_pictures_of_the_sample_drafts_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("drafts/files");
    let mut pictures = 0;
    for file in fs::read_dir(folder).expect("the folder").flatten() {
        if file.path().extension().is_some_and(|extension| extension == "png") {
            let bytes = fs::read(file.path()).expect("a readable picture");
            assert_eq!(said(&bytes), [""; 0], "{}", file.path().display());
            assert!(strip(&bytes).is_some(), "{}", file.path().display());
            pictures += 1;
        }
    }
    assert!(pictures > 0);
}
