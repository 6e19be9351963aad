//! PNG: chunks (PNG specification, third edition; with the animation of APNG).

use super::{
    anatomy::Anatomy,
    crc::checksum,
    cursor::Cursor,
    exif::Exif,
    trace::{Trace, Traces, is_blank},
    words, xmp,
};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(super) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// `None` where the file is damaged.
pub(super) fn walk(bytes: &[u8], anatomy: &mut Anatomy) -> Option<()> {
    let mut cursor = Cursor::new(bytes.strip_prefix(SIGNATURE)?);
    anatomy.keep(SIGNATURE);
    let (mut has_header, mut has_data, mut has_exif) = (false, false, false);
    loop {
        let length = usize::try_from(u32::from_be_bytes(cursor.array()?)).ok()?;
        let name = cursor.array::<4>()?;
        let content = cursor.take(length)?;
        let sum = u32::from_be_bytes(cursor.array()?);
        has_header |= &name == b"IHDR";
        if !has_header {
            return None;
        }
        match &name {
            b"IDAT" => has_data = true,
            b"eXIf" => {
                let exif = Exif::read(content);
                if let Some(upright) = exif.upright().filter(|_| !has_exif) {
                    keep(anatomy, name, &upright, checksum(&name, &upright));
                }
                has_exif = true;
                anatomy.tell(exif.traces);
            }
            b"tEXt" | b"zTXt" | b"iTXt" => anatomy.tell(text(name, content)),
            // A signed record of how the picture was made.
            b"caBX" => anatomy.tell([Trace::Unreadable]),
            _ => {}
        }
        if is_needed(name) {
            if checksum(&name, content) != sum {
                return None;
            }
            keep(anatomy, name, content, sum);
        } else if name.first()?.is_ascii_uppercase() {
            // Without a chunk that calls itself critical, the picture would be another.
            return None;
        }
        if &name == b"IEND" {
            break;
        }
    }
    anatomy.tell_of_appended(cursor.rest());
    has_data.then_some(())
}

/// Pixels, colours, density, animation.
fn is_needed(name: [u8; 4]) -> bool {
    matches!(
        &name,
        b"IHDR"
            | b"PLTE"
            | b"IDAT"
            | b"IEND"
            | b"tRNS"
            | b"gAMA"
            | b"cHRM"
            | b"sRGB"
            | b"iCCP"
            | b"cICP"
            | b"mDCV"
            | b"cLLI"
            | b"sBIT"
            | b"bKGD"
            | b"pHYs"
            | b"acTL"
            | b"fcTL"
            | b"fdAT"
    )
}

fn keep(anatomy: &mut Anatomy, name: [u8; 4], content: &[u8], sum: u32) {
    let Ok(length) = u32::try_from(content.len()) else { return };
    anatomy.keep(&length.to_be_bytes());
    anatomy.keep(&name);
    anatomy.keep(content);
    anatomy.keep(&sum.to_be_bytes());
}

/// What a text chunk tells: by its keyword, then by its text where that is not compressed.
fn text(chunk: [u8; 4], content: &[u8]) -> Traces {
    let (keyword, behind) = split_at_null(content);
    let text = match &chunk {
        b"tEXt" => Some(behind),
        b"iTXt" => match behind.split_first_chunk() {
            // Not compressed; then the language, and the keyword in that language.
            Some(([0, _], behind)) => Some(split_at_null(split_at_null(behind).1).1),
            _ => None,
        },
        _ => None,
    };
    match (keyword, text) {
        (b"Author" | b"Artist" | b"Creator" | b"Copyright", _) => {
            Traces::from_iter((!is_blank(text.unwrap_or(behind))).then_some(Trace::Credit))
        }
        (b"XML:com.adobe.xmp", Some(packet)) => xmp::traces(packet),
        // ImageMagick packs EXIF, IPTC and XMP into letters and compresses them.
        (b"XML:com.adobe.xmp", None) => Traces::from([Trace::Unreadable]),
        (b"Raw profile type icc" | b"Raw profile type icm", _) => Traces::new(),
        _ if keyword.starts_with(b"Raw profile type ") => Traces::from([Trace::Unreadable]),
        (_, Some(text)) => words::traces(text),
        (_, None) => Traces::new(),
    }
}

fn split_at_null(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    let (before, behind) = bytes.split_at(end);
    (before, behind.strip_prefix(b"\0").unwrap_or(behind))
}
