//! Whatever the bytes, nothing breaks, and what was stripped is bare.

use proptest::prelude::*;

use super::{
    super::{METADATA, Photo, check, strip},
    builder::{
        Chunk, Exif, Segment, app1_exif, app1_xmp, app13, data_set, extension, gif, jfif, jpeg,
        png, webp,
    },
};
use crate::render::size;

/// An EXIF block with something in every directory.
fn tiff(is_little_endian: bool, orientation: u8) -> Vec<u8> {
    let short = u16::from(orientation);
    let value = if is_little_endian { short.to_le_bytes() } else { short.to_be_bytes() };
    Exif {
        is_little_endian,
        picture: vec![(0x0110, 2, b"Camera 1"), (0x0112, 3, &value)],
        camera: vec![(0xa431, 2, b"12345678"), (0x927c, 7, b"notes of the maker")],
        gps: vec![(0x02, 7, b"\0\0\0\x33\0\0\0\x01")],
        thumbnail: vec![(0x0201, 7, b"\0\0\x01\0")],
    }
    .tiff()
}

const PACKET: &str = "<r photoshop:City='Seoul'><dc:creator><rdf:li>A</rdf:li></dc:creator></r>";

fn segment() -> impl Strategy<Value = Segment> {
    prop_oneof![
        (any::<bool>(), 0..=9_u8).prop_map(|(order, side)| app1_exif(&tiff(order, side))),
        Just(app1_xmp(PACKET)),
        Just(app13(0x0404, &data_set(90, "Seoul"))),
        Just(jfif(b"rgb")),
        Just((0xee, b"Adobe\0\x64\0\0\0\0\x01".to_vec())),
        (0xe0..=0xef_u8, proptest::collection::vec(any::<u8>(), 0..40)),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(|comment| (0xfe, comment)),
    ]
}

fn chunk() -> impl Strategy<Value = Chunk> {
    let names = [*b"tEXt", *b"zTXt", *b"iTXt", *b"eXIf", *b"EXIF", *b"XMP ", *b"gAMA", *b"ICCP"];
    prop_oneof![
        (any::<bool>(), 0..=9_u8, prop_oneof![Just(*b"eXIf"), Just(*b"EXIF")])
            .prop_map(|(order, side, name)| (name, tiff(order, side))),
        Just((*b"XMP ", PACKET.as_bytes().to_vec())),
        Just((*b"tEXt", b"Author\0Somebody".to_vec())),
        (proptest::sample::select(names.to_vec()), proptest::collection::vec(any::<u8>(), 0..40)),
    ]
}

fn picture() -> impl Strategy<Value = Vec<u8>> {
    let extension = prop_oneof![
        Just(extension(0xff, b"NETSCAPE2.0", b"\x01\0\0")),
        Just(extension(0xff, b"XMP DataXMP", PACKET.as_bytes())),
        proptest::collection::vec(any::<u8>(), 1..40)
            .prop_map(|comment| extension(0xfe, b"", &comment)),
    ];
    let pictures = prop_oneof![
        proptest::collection::vec(segment(), 0..6).prop_map(|segments| jpeg(&segments)),
        proptest::collection::vec(chunk(), 0..6).prop_map(|mut chunks| {
            chunks.retain(|(name, _)| name[0].is_ascii_lowercase());
            png(&chunks)
        }),
        proptest::collection::vec(extension, 0..6).prop_map(|extensions| gif(&extensions)),
        (any::<u8>(), proptest::collection::vec(chunk(), 0..6))
            .prop_map(|(flags, chunks)| webp(flags, &chunks)),
    ];
    (pictures, proptest::collection::vec(any::<u8>(), 0..12))
        .prop_map(|(picture, appended)| [picture, appended].concat())
}

/// A picture with some bytes changed, cut out or put in.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..3_u8);
    (picture(), proptest::collection::vec(change, 1..8)).prop_map(|(mut bytes, changes)| {
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => {
                    bytes.remove(at);
                }
            }
        }
        bytes
    })
}

fn tells(bytes: &[u8]) -> bool {
    let findings = check(&[Photo { file: "files/a", place: None, bytes, is_shown: true }]);
    findings.iter().any(|finding| *finding.rule == METADATA)
}

/// What must hold of any bytes.
fn holds(bytes: &[u8]) -> Result<bool, TestCaseError> {
    tells(bytes);
    let Some(bare) = strip(bytes) else { return Ok(false) };
    prop_assert!(!tells(&bare), "still telling: {bare:?}");
    prop_assert_eq!(strip(&bare), Some(bare.clone()));
    prop_assert_eq!(size(&bare), size(bytes));
    prop_assert!(bare.len() <= bytes.len() + 64);
    Ok(true)
}

proptest! {
    #[test]
    fn a_stripped_picture_tells_nothing_and_stays_as_it_is(bytes in picture()) {
        prop_assert!(holds(&bytes)?, "a whole picture can be stripped");
    }

    #[test]
    fn a_spoilt_picture_breaks_nothing(bytes in mutated()) {
        holds(&bytes)?;
    }

    #[test]
    fn random_bytes_break_nothing(
        start in proptest::sample::select(vec![
            &b""[..], b"\xff\xd8\xff\xe1\0\x40Exif\0\0MM\0\x2a\0\0\0\x08", b"\x89PNG\r\n\x1a\n",
            b"GIF89a", b"RIFF\x40\0\0\0WEBP", b"\0\0\0\x18ftypheicMM\0\x2a\0\0\0\x08",
        ]),
        rest in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        holds(&[start, &rest].concat())?;
    }

    #[test]
    fn random_tags_break_nothing(is_little_endian in any::<bool>(), rest in proptest::collection::vec(0..12_u8, 0..400)) {
        let order: &[u8] = if is_little_endian { b"II\x2a\0\x08\0\0\0" } else { b"MM\0\x2a\0\0\0\x08" };
        holds(&jpeg(&[app1_exif(&[order, &rest].concat())]))?;
        holds(&jpeg(&[app13(0x0404, &rest), app1_xmp(&String::from_utf8_lossy(&rest))]))?;
    }
}

#[test]
fn directories_in_a_ring_are_read_once() {
    let mut ring = tiff(false, 6);
    // The next directory of the first is the first.
    let entries = usize::from(ring[9]);
    ring[10 + 12 * entries..14 + 12 * entries].copy_from_slice(&8_u32.to_be_bytes());
    assert!(tells(&jpeg(&[app1_exif(&ring)])));
}
