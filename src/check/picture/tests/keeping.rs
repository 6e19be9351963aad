//! What is needed to show a picture stays byte for byte; everything else goes.

use super::{
    super::{crc::checksum, exif, strip},
    builder::{
        Chunk, Exif, app1_exif, app1_xmp, app13, data_set, extension, gif, jfif, jpeg, png, webp,
    },
};

fn telling() -> Vec<u8> {
    Exif { picture: vec![(0x0110, 2, b"Camera 1")], ..Exif::default() }.tiff()
}

#[test]
fn a_jpeg_keeps_its_profile_and_density_and_loses_the_rest() {
    let icc = (0xe2, b"ICC_PROFILE\0\x01\x01profile".to_vec());
    let adobe = (0xee, b"Adobe\0\x64\0\0\0\0\x01".to_vec());
    let restart = (0xdd, vec![0, 4]);
    let bytes = jpeg(&[
        jfif(b"rgb"),
        app1_exif(&telling()),
        app1_xmp("<r tiff:Make='X'>"),
        icc.clone(),
        app13(0x0404, &data_set(90, "Seoul")),
        (0xee, [&adobe.1[..], b"more"].concat()),
        restart.clone(),
        (0xfe, b"comment".to_vec()),
    ]);
    let appended = [&bytes[..], b"ftypmp42"].concat();
    assert_eq!(strip(&appended), Some(jpeg(&[jfif(b""), icc, adobe, restart])));
}

#[test]
fn all_scans_of_a_jpeg_stay_and_blocks_between_them_go() {
    let first = jpeg(&[]);
    let (head, end) = first.split_at(first.len() - 2);
    let scan = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\xff\0\x34\xff\xd0\x56\xff";
    let between = b"\xff\xfe\0\x09comment";
    let bytes = [head, between, scan, end].concat();
    assert_eq!(strip(&bytes), Some([head, scan, end].concat()));
}

#[test]
fn a_turned_picture_is_still_shown_upright() {
    for orientation in 1..=9 {
        let upright = (2..=8).contains(&orientation).then(|| Exif::turned(orientation));
        for is_little_endian in [false, true] {
            let short = u16::from(orientation);
            let value = if is_little_endian { short.to_le_bytes() } else { short.to_be_bytes() };
            let picture = vec![(0x0110, 2, &b"Camera 1"[..]), (0x0112, 3, &value[..])];
            let tiff = Exif { is_little_endian, picture, ..Exif::default() }.tiff();
            let read = exif::Exif::read(&tiff).upright();
            assert_eq!(read.is_some(), upright.is_some());
            let written = |bytes: &[u8]| exif::Exif::read(bytes).upright();
            assert_eq!(read, upright.as_deref().and_then(written));

            let block = read.map(|block| block.to_vec());
            let segments: Vec<_> = block.iter().map(|block| app1_exif(block)).collect();
            assert_eq!(strip(&jpeg(&[app1_exif(&tiff)])), Some(jpeg(&segments)));
            let chunk = |name: &[u8; 4]| -> Vec<Chunk> {
                block.iter().map(|block| (*name, block.clone())).collect()
            };
            assert_eq!(strip(&png(&[(*b"eXIf", tiff.clone())])), Some(png(&chunk(b"eXIf"))));
            let flags = if block.is_some() { 8 } else { 0 };
            let turned = webp(0x0c, &[(*b"EXIF", tiff), (*b"XMP ", b"x".to_vec())]);
            assert_eq!(strip(&turned), Some(webp(flags, &chunk(b"EXIF"))));
        }
    }
}

#[test]
fn only_the_first_block_says_which_side_is_up() {
    let turned = |orientation| Exif::turned(orientation);
    let upright = exif::Exif::read(&turned(6)).upright().expect("turned").to_vec();
    let twice = jpeg(&[app1_exif(&turned(6)), app1_exif(&turned(8))]);
    assert_eq!(strip(&twice), Some(jpeg(&[app1_exif(&upright)])));
    let twice = png(&[(*b"eXIf", turned(6)), (*b"eXIf", turned(8))]);
    assert_eq!(strip(&twice), Some(png(&[(*b"eXIf", upright)])));
}

#[test]
fn a_webp_without_room_for_flags_keeps_its_image_only() {
    let extended = webp(0, &[]);
    let image = &extended[30..];
    let simple = |chunks: &[u8]| {
        let length = u32::try_from(4 + image.len() + chunks.len()).expect("a small file");
        [b"RIFF", &length.to_le_bytes()[..], b"WEBP", image, chunks].concat()
    };
    let exif = [b"EXIF\x26\0\0\0", &Exif::turned(6)[..38]].concat();
    assert_eq!(strip(&simple(&exif)), Some(simple(b"")));
}

#[test]
fn a_png_keeps_colours_and_animation_and_loses_the_rest() {
    let names = [
        b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"tRNS", b"bKGD", b"cICP", b"acTL",
        b"fcTL", b"fdAT",
    ];
    let needed: Vec<Chunk> = names.iter().map(|name| (**name, b"content".to_vec())).collect();
    let others = [b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf", b"caBX", b"prVt"];
    let others = others.iter().map(|name| (**name, b"Author\0Somebody".to_vec()));
    let mixed: Vec<Chunk> = needed.iter().cloned().chain(others).collect();
    assert_eq!(strip(&png(&mixed)), Some(png(&needed)));
}

#[test]
fn a_gif_keeps_its_frames_and_rounds_and_loses_the_rest() {
    let rounds = extension(0xff, b"NETSCAPE2.0", b"\x01\0\0");
    let frame = extension(0xf9, b"", b"\x04\x0a\0\0");
    let bytes = gif(&[
        rounds.clone(),
        extension(0xfe, b"", b"comment"),
        extension(0xff, b"XMP DataXMP", b"<x/>"),
        frame.clone(),
    ]);
    assert_eq!(strip(&[&bytes[..], b"more"].concat()), Some(gif(&[rounds, frame])));
}

#[test]
fn a_webp_keeps_its_profile_and_loses_the_rest() {
    let profile = (*b"ICCP", b"profile".to_vec());
    let others = [(*b"EXIF", telling()), (*b"XMP ", b"<x/>".to_vec()), (*b"misc", b"?".to_vec())];
    let mixed: Vec<Chunk> = [profile.clone()].into_iter().chain(others).collect();
    assert_eq!(strip(&webp(0x2c, &mixed)), Some(webp(0x20, &[profile])));
}

#[test]
fn a_damaged_or_foreign_file_is_left_alone() {
    for whole in [jpeg(&[jfif(b"")]), png(&[]), gif(&[]), webp(0, &[])] {
        assert!(strip(&whole).is_some());
        for end in 0..whole.len() {
            assert_eq!(strip(&whole[..end]), None, "cut at {end} of {whole:?}");
        }
    }
    let mut spoilt = png(&[]);
    spoilt[45] ^= 1;
    assert_eq!(strip(&spoilt), None, "the checksum of the data is wrong");
    assert_eq!(strip(&png(&[(*b"CgBI", vec![0; 4])])), None, "another picture without it");
    assert_eq!(strip(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
}

#[test]
fn checksums_are_those_of_png() {
    assert_eq!(checksum(b"IEND", b""), 0xae42_6082);
}
