//! Lost connections: how long to wait for the next one, and when to give up. Pure: time goes in.

use std::time::Duration;

/// Waits before the server is tried again. Lost once more after the last, the run ends.
const BACKOFF: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(1),
];

/// Connections that were lost since the server last answered about a person.
#[derive(Debug, Default)]
pub(super) struct Outages {
    /// Those of one wait counted once.
    count: usize,
    /// Until then the last one is being waited out.
    calm_until: Duration,
}

/// What follows when a connection is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// Nothing: it went with another one, which is being waited out.
    Together,
    /// Wait so long, then try again.
    Wait(Duration),
    /// End the run.
    Often,
}

impl Outages {
    /// One more connection is lost; the server has asked for at least this rest.
    pub(super) fn lost(&mut self, now: Duration, rest: Duration) -> Lost {
        if now < self.calm_until {
            return Lost::Together;
        }
        let Some(wait) = BACKOFF.get(self.count).map(|wait| rest.max(*wait)) else {
            return Lost::Often;
        };
        self.count += 1;
        self.calm_until = now + wait;
        Lost::Wait(wait)
    }

    /// The server has answered about a person.
    pub(super) fn over(&mut self) {
        self.count = 0;
    }

    /// Whether the server has still to show that it is back.
    pub(super) fn last(&self) -> bool {
        self.count > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_REST: Duration = Duration::ZERO;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_fifth_loss_in_a_row_is_the_last() {
        let mut outages = Outages::default();
        let waits = [1, 5, 30, 60].map(|wait| Lost::Wait(at(wait)));
        let tries = [0, 1, 6, 36].map(|now| outages.lost(at(now), NO_REST));
        assert_eq!(tries, waits);
        assert!(outages.last());
        assert_eq!(outages.lost(at(96), NO_REST), Lost::Often);
    }

    #[test]
    fn connections_that_are_lost_together_count_once() {
        let mut outages = Outages::default();
        assert_eq!(outages.lost(at(10), NO_REST), Lost::Wait(at(1)));
        for _ in 0..9 {
            assert_eq!(outages.lost(at(10), NO_REST), Lost::Together);
        }
        assert_eq!(outages.lost(at(11), NO_REST), Lost::Wait(at(5)));
    }

    #[test]
    fn an_answer_begins_a_new_count() {
        let mut outages = Outages::default();
        outages.lost(at(0), NO_REST);
        outages.lost(at(1), NO_REST);
        outages.over();
        assert!(!outages.last());
        assert_eq!(outages.lost(at(60), NO_REST), Lost::Wait(at(1)));
    }

    #[test]
    fn a_server_that_asks_for_a_rest_gets_it() {
        let mut outages = Outages::default();
        assert_eq!(outages.lost(at(0), at(60)), Lost::Wait(at(60)));
        assert_eq!(outages.lost(at(59), at(60)), Lost::Together);
    }
}
