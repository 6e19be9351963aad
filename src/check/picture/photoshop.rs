//! Photoshop's image resources, in which JPEG files carry IPTC and more.

use super::{
    cursor::Cursor,
    exif::Exif,
    iptc,
    trace::{Trace, Traces},
    xmp,
};

/// What the resources tell, as far as they can be followed.
pub(super) fn traces(bytes: &[u8]) -> Traces {
    let mut cursor = Cursor::new(bytes);
    let mut traces = Traces::new();
    while let Some((id, data)) = resource(&mut cursor) {
        match id {
            0x0404 => traces.extend(iptc::traces(data)),
            0x0409 | 0x040c => traces.extend((!data.is_empty()).then_some(Trace::Thumbnail)),
            0x0422 | 0x0423 => traces.extend(Exif::read(data).traces),
            0x0424 => traces.extend(xmp::traces(data)),
            _ => {}
        }
    }
    traces
}

/// `8BIM`, an id, a name, data; name and data are padded to an even length.
fn resource<'a>(cursor: &mut Cursor<'a>) -> Option<(u16, &'a [u8])> {
    if cursor.array()? != *b"8BIM" {
        return None;
    }
    let id = u16::from_be_bytes(cursor.array()?);
    let name = usize::from(cursor.byte()?);
    // Together with its length byte the name is even.
    cursor.take(name | 1)?;
    let length = usize::try_from(u32::from_be_bytes(cursor.array()?)).ok()?;
    let data = cursor.take(length)?;
    // The last one is often left unpadded.
    cursor.take(length % 2);
    Some((id, data))
}
