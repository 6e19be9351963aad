//! GIF: blocks (GIF 89a).

use super::{anatomy::Anatomy, cursor::Cursor, iptc, photoshop, words, xmp};

const TRAILER: u8 = 0x3b;

pub(super) fn is_gif(bytes: &[u8]) -> bool {
    bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")
}

/// `None` where the file is damaged.
pub(super) fn walk(bytes: &[u8], anatomy: &mut Anatomy) -> Option<()> {
    let mut cursor = Cursor::new(bytes);
    let [.., flags, _, _] = cursor.array::<13>()?;
    colour_table(&mut cursor, flags)?;
    anatomy.keep(cursor.since(Cursor::new(bytes)));
    let mut has_image = false;
    loop {
        let start = cursor;
        match cursor.byte()? {
            0x21 => {
                if read_extension(&mut cursor, anatomy)? {
                    anatomy.keep(cursor.since(start));
                }
            }
            0x2c => {
                let [.., flags] = cursor.array::<9>()?;
                colour_table(&mut cursor, flags)?;
                let _code_size = cursor.byte()?;
                data_blocks(&mut cursor)?;
                anatomy.keep(cursor.since(start));
                has_image = true;
            }
            TRAILER => break,
            _ => return None,
        }
    }
    anatomy.keep(&[TRAILER]);
    anatomy.tell_of_appended(cursor.rest());
    has_image.then_some(())
}

fn colour_table(cursor: &mut Cursor<'_>, flags: u8) -> Option<()> {
    if flags & 0x80 != 0 {
        cursor.take(3 << ((flags & 7) + 1))?;
    }
    Some(())
}

/// Reads an extension and says whether the picture needs it; if not, what it tells is noted.
fn read_extension(cursor: &mut Cursor<'_>, anatomy: &mut Anatomy) -> Option<bool> {
    let label = cursor.byte()?;
    Some(match label {
        // How a frame is shown, and text drawn as part of the picture.
        0xf9 | 0x01 => {
            data_blocks(cursor)?;
            true
        }
        0xfe => {
            anatomy.tell(words::traces(&joined(data_blocks(cursor)?)));
            false
        }
        0xff => {
            let name_length = cursor.byte()?;
            let name = cursor.take(name_length.into())?;
            let data = data_blocks(cursor)?;
            match name {
                // The number of rounds, and the colour profile.
                b"NETSCAPE2.0" | b"ANIMEXTS1.0" | b"ICCRGBG1012" => return Some(true),
                // This one stands there as it is, without lengths between.
                b"XMP DataXMP" => anatomy.tell(xmp::traces(data)),
                b"MGK8BIM0000" => anatomy.tell(photoshop::traces(&joined(data))),
                b"MGKIPTC0000" => anatomy.tell(iptc::traces(&joined(data))),
                _ => {}
            }
            false
        }
        _ => {
            data_blocks(cursor)?;
            false
        }
    })
}

/// Data in pieces, each behind its length, up to an empty one.
fn data_blocks<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let start = *cursor;
    loop {
        match cursor.byte()? {
            0 => return Some(cursor.since(start)),
            length => cursor.take(length.into())?,
        };
    }
}

fn joined(blocks: &[u8]) -> Vec<u8> {
    let mut cursor = Cursor::new(blocks);
    let pieces = std::iter::from_fn(|| {
        let length = cursor.byte()?;
        cursor.take(length.into())
    });
    pieces.flatten().copied().collect()
}
