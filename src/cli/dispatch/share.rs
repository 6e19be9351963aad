//! How the pace is shared by campaigns that go out at the same time: in turns.

use super::super::{Fault, newsroom::Newsroom, rate};
use crate::{
    clock::Clock as _,
    deliver::{Limit, pace::cap_room},
    ledger::SqliteLedger,
};

/// Tries of a turn where nothing limits the pace.
const MOST: u64 = 5_000;

/// Tries of one turn while so many campaigns have something to send: about a minute's worth of the
/// pace, so that what becomes due meanwhile need not wait, and an even share of what a cap leaves.
pub(super) async fn turn(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    campaigns: usize,
) -> Result<u64, Fault> {
    let limits = &newsroom.settings().pace.limits;
    let counted = rate::counted(newsroom, ledger).await?;
    let room = cap_room(limits, &counted, newsroom.clock().now());
    Ok(share(limits, room, campaigns))
}

fn share(limits: &[Limit], room: Option<usize>, campaigns: usize) -> u64 {
    let minute = limits.iter().filter(|limit| !limit.window.is_cap()).map(|limit| {
        let seconds = limit.window.duration().as_secs().max(1);
        u64::from(limit.permits.get()) * 60 / seconds
    });
    let even = room.map(|room| (room / campaigns.max(1)) as u64);
    minute.chain(even).chain([MOST]).min().unwrap_or(MOST).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_a_minute_of_the_pace_or_an_even_share_of_the_cap() {
        for (limits, room, campaigns, turn) in [
            (&[][..], None, 1, 5_000),
            (&["5/s"], None, 1, 300),
            (&["5/s", "100/min"], None, 3, 100),
            (&["1/min"], None, 2, 1),
            (&["5/s", "2000/day"], Some(2_000), 2, 300),
            (&["5/s", "2000/day"], Some(90), 2, 45),
            (&["2000/day"], Some(1), 2, 1),
            // The run itself says that the cap is used up.
            (&["2000/day"], Some(0), 2, 1),
        ] {
            let limits: Vec<Limit> = limits.iter().map(|limit| limit.parse().unwrap()).collect();
            assert_eq!(share(&limits, room, campaigns), turn, "{limits:?} {room:?}");
        }
    }
}
