//! IPTC-IIM: the tags of newsrooms, as they stood before XMP (IIM 4.2).

use super::{
    cursor::Cursor,
    trace::{Trace, Traces, is_blank},
    words,
};

/// What the data sets tell, as far as they can be followed.
pub(super) fn traces(bytes: &[u8]) -> Traces {
    let mut cursor = Cursor::new(bytes);
    let mut traces = Traces::new();
    while let Some((record, number, value)) = data_set(&mut cursor) {
        if record == 2 {
            traces.extend(told(number, value));
        }
    }
    traces
}

fn data_set<'a>(cursor: &mut Cursor<'a>) -> Option<(u8, u8, &'a [u8])> {
    let [marker, record, number] = cursor.array()?;
    let length = u16::from_be_bytes(cursor.array()?);
    let value = cursor.take(length.into())?;
    (marker == 0x1c).then_some((record, number, value))
}

/// What a data set of the application record tells.
fn told(number: u8, value: &[u8]) -> Traces {
    let trace = match number {
        // City, sublocation, state, country; the place shown.
        26 | 27 | 90 | 92 | 95 | 100 | 101 => Trace::PlaceName,
        // Date and time of making, and of making digital.
        55 | 60 | 62 | 63 => Trace::Time,
        118 => Trace::Contact,
        // By-line, credit, source, copyright, caption writer.
        80 | 110 | 115 | 116 | 122 => Trace::Credit,
        // Instructions, caption.
        40 | 120 => return words::traces(value),
        _ => return Traces::new(),
    };
    Traces::from_iter((!is_blank(value)).then_some(trace))
}
