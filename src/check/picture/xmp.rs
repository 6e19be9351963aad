//! XMP: the tags of picture editors, as RDF in XML. It is searched by name and not parsed: a packet
//! that is no proper XML tells just as much.

use super::{
    trace::{Trace, Traces},
    words,
};

/// How far behind a name its value is looked for.
const VALUE_WITHIN: usize = 512;

/// What a packet tells. An attribute or element without a value tells nothing.
pub(super) fn traces(packet: &[u8]) -> Traces {
    let mut traces = words::user_names(packet);
    let mut rest = packet;
    while let Some(at) = rest.iter().position(|byte| is_of_name(*byte)) {
        let (gap, from_name) = rest.split_at(at);
        let end = from_name.iter().position(|byte| !is_of_name(*byte)).unwrap_or(from_name.len());
        let (name, behind) = from_name.split_at(end);
        let is_closing = gap.ends_with(b"/");
        traces.extend(named(name).filter(|_| !is_closing && has_value(name, behind)));
        rest = behind;
    }
    traces
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.')
}

/// What a property is about, by the prefixes that everybody uses.
fn named(name: &[u8]) -> Option<Trace> {
    let (prefix, property) = str::from_utf8(name).ok()?.split_once(':')?;
    Some(match (prefix, property) {
        (
            "exif",
            "GPSLatitude" | "GPSLongitude" | "GPSDestLatitude" | "GPSDestLongitude"
            | "GPSAreaInformation",
        )
        | ("drone-dji", "GpsLatitude" | "GpsLongitude" | "GpsLongtitude") => Trace::Position,
        ("photoshop", "City" | "State" | "Country")
        | ("Iptc4xmpCore", "Location" | "CountryCode")
        | (
            "Iptc4xmpExt",
            "City" | "Sublocation" | "ProvinceState" | "CountryName" | "CountryCode"
            | "LocationName",
        ) => Trace::PlaceName,
        ("Iptc4xmpExt", "PersonInImage" | "PersonName")
        | ("mwg-rs", "Name")
        | ("GettyImagesGIFT", "Personality")
        | ("MPReg", "PersonDisplayName" | "PersonEmailDigest" | "PersonLiveIdCID") => Trace::People,
        ("aux", "OwnerName") | ("exifEX", "CameraOwnerName") => Trace::Owner,
        (
            "Iptc4xmpCore",
            "CiEmailWork" | "CiTelWork" | "CiAdrExtadr" | "CiAdrCity" | "CiAdrPcode"
            | "CiAdrRegion" | "CiAdrCtry",
        ) => Trace::Contact,
        ("aux", "SerialNumber" | "LensSerialNumber")
        | ("exifEX", "BodySerialNumber" | "LensSerialNumber")
        | ("MicrosoftPhoto", "CameraSerialNumber" | "LensSerialNumber")
        | ("drone-dji", "CameraSerialNumber" | "DroneSerialNumber") => Trace::Serial,
        ("tiff", "Make" | "Model") | ("aux", "Lens") | ("exifEX", "LensMake" | "LensModel") => {
            Trace::Device
        }
        ("exif", "DateTimeOriginal" | "DateTimeDigitized" | "GPSTimeStamp")
        | ("photoshop", "DateCreated") => Trace::Time,
        ("xmpGImg", "image") | ("GImage", "Data" | "Mime") => Trace::Thumbnail,
        ("dc", "creator" | "rights")
        | ("tiff", "Artist" | "Copyright")
        | ("xmp" | "pdf", "Author")
        | ("acdsee", "author")
        | ("photoshop", "Credit" | "CaptionWriter")
        | ("xmpRights", "Owner")
        | ("plus", "CopyrightOwnerName" | "ImageCreatorName") => Trace::Credit,
        _ => return None,
    })
}

/// Whether what stands behind `name` gives it a value: `="…"`, or text inside the element.
fn has_value(name: &[u8], behind: &[u8]) -> bool {
    let near = behind.get(..VALUE_WITHIN).unwrap_or(behind).trim_ascii_start();
    match near.strip_prefix(b"=") {
        Some(quoted) => match quoted.trim_ascii_start().split_first() {
            Some((quote, value)) => value
                .split(|byte| byte == quote)
                .next()
                .is_some_and(|value| !value.trim_ascii().is_empty()),
            None => false,
        },
        None => has_text(name, near),
    }
}

/// Whether text comes before the end of an element, from inside its first tag on.
fn has_text(name: &[u8], mut inside_tag: &[u8]) -> bool {
    let mut is_first = true;
    loop {
        let Some(end) = memchr::memchr(b'>', inside_tag) else { return false };
        let (tag, behind) = inside_tag.split_at(end);
        if is_first && tag.ends_with(b"/") {
            return false;
        }
        is_first = false;
        let content = behind.strip_prefix(b">").unwrap_or_default().trim_ascii_start();
        let Some(next) = content.strip_prefix(b"<") else { return !content.is_empty() };
        if next.strip_prefix(b"/").is_some_and(|closing| closing.starts_with(name)) {
            return false;
        }
        inside_tag = next;
    }
}
