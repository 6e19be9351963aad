//! What a file tells is found, and said without its values.

use super::{
    super::{METADATA, Photo, check},
    builder::{
        Exif, Tag, app1_exif, app1_xmp, app13, data_set, extension, gif, jfif, jpeg, png, resource,
        webp,
    },
};
use crate::{check::Level, diagnostic::Source};

/// A value that no message may repeat.
const SECRET: &str = "Secret.example";

/// What the message says that the picture carries.
fn carried(bytes: &[u8]) -> Option<String> {
    let photo = Photo { file: "files/a.jpg", place: None, bytes, is_shown: true };
    let finding = check(&[photo]).into_iter().find(|finding| *finding.rule == METADATA)?;
    assert!(!finding.fault.to_string().contains(SECRET), "{}", finding.fault);
    let said = finding.fault.message.strip_prefix("picture `files/a.jpg` carries ")?;
    Some(said.to_owned())
}

fn carried_by(picture: &[Tag<'_>], camera: &[Tag<'_>], gps: &[Tag<'_>]) -> Option<String> {
    let said = [false, true].map(|is_little_endian| {
        let (picture, camera, gps) = (picture.to_vec(), camera.to_vec(), gps.to_vec());
        let exif = Exif { is_little_endian, picture, camera, gps, thumbnail: vec![] };
        carried(&jpeg(&[jfif(b""), app1_exif(&exif.tiff())]))
    });
    assert_eq!(said[0], said[1], "the order of bytes makes no difference");
    said[0].clone()
}

#[test]
fn tags_of_cameras_are_named_by_kind() {
    let value = SECRET.as_bytes();
    for (number, said) in [
        (0x010f, "the make or model of the camera"),
        (0x0110, "the make or model of the camera"),
        (0x013b, "the name of its author or of a right holder"),
        (0x8298, "the name of its author or of a right holder"),
    ] {
        assert_eq!(
            carried_by(&[(number, 2, value)], &[], &[]).as_deref(),
            Some(said),
            "{number:x}"
        );
    }
    for (number, said) in [
        (0xa430, "the name of the camera's owner"),
        (0xa431, "the serial number of the camera or lens"),
        (0xa435, "the serial number of the camera or lens"),
        (0xa434, "the make or model of the camera"),
        (0x9003, "when it was taken"),
        (0x927c, "the camera maker's own notes"),
    ] {
        assert_eq!(
            carried_by(&[], &[(number, 7, value)], &[]).as_deref(),
            Some(said),
            "{number:x}"
        );
    }
    for number in [0x02, 0x04, 0x1c] {
        let said = carried_by(&[], &[], &[(number, 7, value)]);
        assert_eq!(said.as_deref(), Some("the place where it was taken"), "{number:x}");
    }
}

#[test]
fn what_says_nothing_of_anybody_is_not_named() {
    // Resolution, orientation, the program; a blank date and owner; a GPS directory with its
    // version only.
    let picture: [Tag<'_>; 4] = [
        (0x011a, 7, b"\0\0\0\x48\0\0\0\x01"),
        (0x0112, 3, &[0, 1]),
        (0x0131, 2, b"Inkscape 1.3"),
        (0x013b, 2, b"   \0"),
    ];
    let camera: [Tag<'_>; 3] =
        [(0xa001, 3, &[0, 1]), (0x9003, 2, b"0000:00:00 00:00:00\0"), (0xa430, 2, b"\0\0\0\0\0\0")];
    assert_eq!(carried_by(&picture, &camera, &[(0, 7, &[2, 3, 0, 0])]), None);
    let comments = [b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90".to_vec()];
    assert_eq!(
        carried(&jpeg(&[(0xfe, comments.concat()), (0xe2, b"ICC_PROFILE\0\x01\x01".to_vec())])),
        None
    );
    assert_eq!(carried(&png(&[(*b"tEXt", b"Software\0Inkscape at example.org".to_vec())])), None);
    assert_eq!(carried(&png(&[(*b"tIME", vec![7, 224, 11, 2, 17, 0, 0])])), None);
    let empty = "<rdf:Description photoshop:City='' xmlns:aux='http://ns.example/'>\
                 <dc:creator><rdf:Seq> <rdf:li/> </rdf:Seq></dc:creator><aux:SerialNumber/>\
                 </rdf:Description> text";
    assert_eq!(carried(&jpeg(&[app1_xmp(empty)])), None);
}

#[test]
fn several_kinds_stand_in_one_sentence_with_the_most_telling_first() {
    let said = carried_by(
        &[(0x0110, 2, b"Camera 1"), (0x8298, 2, b"Somebody")],
        &[(0xa431, 2, b"12345678")],
        &[(0x02, 7, b"\0\0\0\x33\0\0\0\x01")],
    );
    assert_eq!(
        said.as_deref(),
        Some(
            "the place where it was taken, the serial number of the camera or lens, the make or \
             model of the camera and the name of its author or of a right holder"
        )
    );
}

#[test]
fn second_pictures_are_found_wherever_they_hide() {
    let second = Some("a second small picture that may show what was cut off");
    let exif = Exif { thumbnail: vec![(0x0201, 7, b"\0\0\x01\0")], ..Exif::default() };
    let hidden = [
        jpeg(&[app1_exif(&exif.tiff())]),
        jpeg(&[jfif(b"rgb")]),
        jpeg(&[jfif(b""), (0xe0, b"JFXX\0\x10\xff\xd8\xff\xd9".to_vec())]),
        jpeg(&[app13(0x040c, b"\0\0\0\x01")]),
        jpeg(&[app1_xmp("<xmpGImg:image>AAAA</xmpGImg:image>")]),
        png(&[(*b"eXIf", exif.tiff())]),
        webp(8, &[(*b"EXIF", exif.tiff())]),
    ];
    for bytes in hidden {
        assert_eq!(carried(&bytes).as_deref(), second);
    }
}

#[test]
fn what_stands_behind_the_end_is_found() {
    let appended = Some("a film or another picture behind its end");
    for whole in [jpeg(&[]), png(&[]), gif(&[]), webp(0, &[])] {
        assert_eq!(carried(&[&whole[..], b"\0\0\0\x18ftypmp42"].concat()).as_deref(), appended);
        assert_eq!(carried(&[&whole[..], b"\0\0\r\n"].concat()), None, "padding is nothing");
    }
}

#[test]
fn tags_of_editors_are_found_as_attributes_and_as_elements() {
    for (packet, said) in [
        ("<rdf:Description exif:GPSLatitude=\"37,33N\"/>", "the place where it was taken"),
        ("<photoshop:City>Secret.example</photoshop:City>", "the name of a place"),
        ("<r aux:SerialNumber = '0123'>", "the serial number of the camera or lens"),
        ("<r tiff:Model='X'>", "the make or model of the camera"),
        (
            "<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Secret.example</rdf:li></rdf:Bag>",
            "the names of people in it",
        ),
        (
            "<dc:creator>\n <rdf:Seq>\n <rdf:li>A</rdf:li></rdf:Seq></dc:creator>",
            "the name of its author or of a right holder",
        ),
        ("<r stRef:filePath='file:///Users/secret/x.psd'>", "the user name of somebody's computer"),
        (
            "<Iptc4xmpCore:CiTelWork>1</Iptc4xmpCore:CiTelWork>",
            "somebody's address or telephone number",
        ),
    ] {
        assert_eq!(carried(&jpeg(&[app1_xmp(packet)])).as_deref(), Some(said), "{packet}");
        let text = [b"XML:com.adobe.xmp\0\0\0\0\0", packet.as_bytes()].concat();
        assert_eq!(carried(&png(&[(*b"iTXt", text)])).as_deref(), Some(said), "{packet}");
        let chunk = (*b"XMP ", packet.as_bytes().to_vec());
        assert_eq!(carried(&webp(4, &[chunk])).as_deref(), Some(said), "{packet}");
        let gif = gif(&[extension(0xff, b"XMP DataXMP", packet.as_bytes())]);
        assert_eq!(carried(&gif).as_deref(), Some(said), "{packet}");
    }
}

#[test]
fn tags_of_newsrooms_are_found() {
    for (number, said) in [
        (80, "the name of its author or of a right holder"),
        (90, "the name of a place"),
        (122, "the name of its author or of a right holder"),
        (55, "when it was taken"),
    ] {
        let iptc = [data_set(0, "\0\x02"), data_set(number, SECRET)].concat();
        assert_eq!(carried(&jpeg(&[app13(0x0404, &iptc)])).as_deref(), Some(said), "{number}");
        let gif = gif(&[extension(0xff, b"MGK8BIM0000", &resource(0x0404, &iptc))]);
        assert_eq!(carried(&gif).as_deref(), Some(said), "{number}");
    }
}

#[test]
fn resources_behind_one_of_odd_length_are_found() {
    let resources = [resource(0x03f3, b"odd"), resource(0x0404, &data_set(90, SECRET))].concat();
    let segment = (0xed, [b"Photoshop 3.0\0", &resources[..]].concat());
    assert_eq!(carried(&jpeg(&[segment])).as_deref(), Some("the name of a place"));
}

#[test]
fn the_character_set_of_tags_is_not_taken_for_a_city() {
    let character_set = b"\x1c\x01\x5a\0\x03\x1b%G";
    assert_eq!(carried(&jpeg(&[app13(0x0404, character_set)])), None);
}

#[test]
fn values_that_share_their_bytes_are_not_read_over_and_over() {
    // Both values are the whole block.
    let first = |tag: &[u8; 2]| [tag, &b"\0\x07\0\0\0\x26\0\0\0\0"[..]].concat();
    let block = |tags: [&[u8; 2]; 2]| {
        let [one, other] = tags.map(first);
        [b"MM\0\x2a\0\0\0\x08\0\x02", &one[..], &other, b"\0\0\0\0"].concat()
    };
    let (description, make) = (b"\x01\x0e", b"\x01\x0f");
    let said = [[make, description], [description, make]]
        .map(|tags| carried(&jpeg(&[app1_exif(&block(tags))])));
    assert_eq!(said, [Some("the make or model of the camera".to_owned()), None]);
}

#[test]
fn comments_are_named_where_they_tell_of_somebody() {
    for (comment, said) in [
        ("taken by somebody@example.org", "somebody's address or telephone number"),
        ("GPS 37.5 N", "the place where it was taken"),
        ("saved to C:\\Users\\secret\\a.jpg", "the user name of somebody's computer"),
        ("made in /home/secret/a.xcf", "the user name of somebody's computer"),
        ("Copyright somebody", "the name of its author or of a right holder"),
    ] {
        let bytes = comment.as_bytes();
        assert_eq!(carried(&jpeg(&[(0xfe, bytes.to_vec())])).as_deref(), Some(said));
        assert_eq!(carried(&gif(&[extension(0xfe, b"", bytes)])).as_deref(), Some(said));
        let text = [b"Comment\0", bytes].concat();
        assert_eq!(carried(&png(&[(*b"tEXt", text)])).as_deref(), Some(said));
        let utf16: Vec<u8> = bytes.iter().flat_map(|byte| [*byte, 0]).collect();
        assert_eq!(carried_by(&[(0x9c9c, 7, &utf16)], &[], &[]).as_deref(), Some(said));
    }
    for comment in ["https://example.org/home/index", "icon@2x.png", "AGpsB64"] {
        assert_eq!(carried(&jpeg(&[(0xfe, comment.into())])), None, "{comment}");
    }
}

#[test]
fn blocks_that_cannot_be_looked_into_are_named_as_that() {
    let unreadable = Some("a block of data that cannot be looked into");
    let packed = (*b"zTXt", b"Raw profile type exif\0\0\x78\x9c".to_vec());
    assert_eq!(carried(&png(&[packed])).as_deref(), unreadable);
    assert_eq!(carried(&jpeg(&[(0xeb, b"JP\0\x01jumb".to_vec())])).as_deref(), unreadable);
    assert_eq!(carried(&png(&[(*b"caBX", b"jumb".to_vec())])).as_deref(), unreadable);
    assert_eq!(carried(&webp(0, &[(*b"C2PA", b"jumb".to_vec())])).as_deref(), unreadable);
    assert_eq!(carried(&jpeg(&[(0xe2, b"MPF\0MM\0*".to_vec())])), None);
}

#[test]
fn heic_is_looked_into_and_is_to_be_saved_anew() {
    let exif = Exif { gps: vec![(0x02, 7, b"\0\0\0\x33\0\0\0\x01")], ..Exif::default() };
    let bytes = [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", &exif.tiff()[..]].concat();
    assert_eq!(carried(&bytes).as_deref(), Some("the place where it was taken"));
    let packet = b"\0\0\0\x18ftypavif<x:xmpmeta><r photoshop:City='A'/></x:xmpmeta><dc:creator>A<";
    assert_eq!(carried(packet).as_deref(), Some("the name of a place"));
    let findings =
        check(&[Photo { file: "files/a.heic", place: None, bytes: &bytes, is_shown: true }]);
    let hint = findings[0].fault.hint.as_deref();
    assert_eq!(hint, Some("save the picture anew as JPEG or PNG, and check again"));
    assert_eq!(carried(&[b"%PDF-1.7 ", &bytes[..]].concat()), None, "no picture, no claim");
}

#[test]
fn a_credit_alone_warns_and_anything_else_is_an_error() {
    let level = |picture: Vec<Tag<'_>>| {
        let bytes = jpeg(&[app1_exif(&Exif { picture, ..Exif::default() }.tiff())]);
        check(&[Photo { file: "files/a.jpg", place: None, bytes: &bytes, is_shown: true }])[0].level
    };
    assert_eq!(level(vec![(0x8298, 2, b"An agency")]), Level::Warning);
    assert_eq!(level(vec![(0x8298, 2, b"An agency"), (0x0110, 2, b"X100")]), Level::Error);
}

#[test]
fn the_finding_stands_where_the_draft_names_the_picture() {
    let source = Source::new("drafts/x.md", "Text\n\n![A](files/a.jpg)\n");
    let bytes = jpeg(&[app1_xmp("<r tiff:Make='X'>")]);
    let photo = Photo {
        file: "drafts/files/a.jpg",
        place: Some((&source, 11..22)),
        bytes: &bytes,
        is_shown: true,
    };
    let findings = check(&[photo]);
    assert_eq!(
        findings[0].fault.to_string(),
        "drafts/x.md:3:6: picture `drafts/files/a.jpg` carries the make or model of the camera"
    );
}
