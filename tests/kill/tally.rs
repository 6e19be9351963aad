//! Counts over many campaigns.

use std::fmt;

/// What kills did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Campaigns that were sent to their end.
    pub(crate) campaigns: usize,
    /// Runs that were killed.
    pub(crate) kills: usize,
    /// Messages that somebody had already.
    pub(crate) duplicates: usize,
    /// People who have nothing in the end and are not uncertain.
    pub(crate) lost: usize,
    /// Deliveries left uncertain.
    pub(crate) uncertain: usize,
    /// Deliveries left uncertain by one kill, at the most.
    pub(crate) uncertain_at_most: usize,
}

impl Tally {
    /// Adds another count to this one.
    pub(crate) fn add(&mut self, other: &Self) {
        self.campaigns += other.campaigns;
        self.kills += other.kills;
        self.duplicates += other.duplicates;
        self.lost += other.lost;
        self.uncertain += other.uncertain;
        self.uncertain_at_most = self.uncertain_at_most.max(other.uncertain_at_most);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { campaigns, kills, duplicates, lost, uncertain, uncertain_at_most } = self;
        let thousandths = uncertain * 1000 / kills.max(&1);
        write!(
            f,
            "{campaigns} campaigns, {kills} kills: {duplicates} duplicates, {lost} lost, \
             {uncertain} uncertain (at most {uncertain_at_most} a kill, {}.{:03} on average)",
            thousandths / 1000,
            thousandths % 1000,
        )
    }
}
