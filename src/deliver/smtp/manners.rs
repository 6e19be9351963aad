//! Whether a server that offers PIPELINING (RFC 2920) keeps to it. Pure; shared by all connections
//! of a run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::deliver::Reply;

/// What has been learnt of a server in this run. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Manners(Arc<Mutex<Learnt>>);

#[derive(Debug, Default)]
struct Learnt {
    /// MAIL, RCPT and DATA in one write.
    group: Trust,
    /// The next message's in the write of a body.
    along: Trust,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Trust {
    #[default]
    Untried,
    /// One connection is finding out: a server that looks for the dot at the end of what it reads
    /// makes a message uncertain, and that shall be one and not one a connection.
    OnTrial,
    Kept,
    Broken,
}

impl Manners {
    /// Whether commands may be sent in groups.
    pub(super) fn takes_groups(&self) -> bool {
        self.learnt().group != Trust::Broken
    }

    /// Whether a whole group has been answered.
    pub(super) fn is_proved(&self) -> bool {
        self.learnt().group == Trust::Kept
    }

    /// A group was answered to its end, or with something else than its replies. Who has once
    /// answered one whole is trusted from then on.
    pub(super) fn group_ended(&self, well: bool) {
        self.learnt().group.learn(well);
    }

    /// Whether the next message's commands would be allowed to travel with a body now.
    pub(super) fn takes_along(&self) -> bool {
        self.learnt().takes_along()
    }

    /// Whether they may; the first who asks finds out for the others.
    pub(super) fn take_along(&self) -> bool {
        // In one look: of two who ask at once, one finds out.
        let mut learnt = self.learnt();
        let may = learnt.takes_along();
        if may && learnt.along == Trust::Untried {
            learnt.along = Trust::OnTrial;
        }
        may
    }

    /// Whether commands that travelled with a body have once been answered.
    pub(super) fn is_proved_along(&self) -> bool {
        self.learnt().along == Trust::Kept
    }

    /// The commands that travelled along were answered, or the connection was lost over them.
    pub(super) fn along_ended(&self, well: bool) {
        self.learnt().along.learn(well);
    }

    /// The reply to a dot with commands behind it never came. It costs a doubt, so that once is
    /// enough, whatever went well before: a relay may be several machines, and an address that
    /// ends the connection takes the reply before it along.
    pub(super) fn dot_lost(&self) {
        self.learnt().along = Trust::Broken;
    }

    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Learnt {
    fn takes_along(&self) -> bool {
        self.group == Trust::Kept && matches!(self.along, Trust::Untried | Trust::Kept)
    }
}

impl Trust {
    fn learn(&mut self, well: bool) {
        if matches!(self, Self::Untried | Self::OnTrial) {
            *self = if well { Self::Kept } else { Self::Broken };
        }
    }
}

/// Whether a server complains about commands that came together.
pub(super) fn is_out_of_turn(reply: &Reply) -> bool {
    let text = reply.text.to_ascii_lowercase();
    reply.code == 503
        || reply.class() == 5 && (text.contains("pipelin") || text.contains("synchron"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_connection_finds_out_for_the_others() {
        let manners = Manners::default();
        assert!(manners.takes_groups() && !manners.take_along(), "groups first");
        manners.group_ended(true);
        let others = manners.clone();
        assert!(manners.take_along());
        assert!(!others.take_along() && !others.takes_along());
        manners.along_ended(true);
        assert!(others.take_along() && others.is_proved_along());
    }

    #[test]
    fn who_has_broken_a_group_gets_no_more_of_them() {
        let manners = Manners::default();
        manners.group_ended(false);
        manners.group_ended(true);
        assert!(!manners.takes_groups() && !manners.takes_along());
    }

    #[test]
    fn who_has_answered_one_whole_is_trusted() {
        let manners = Manners::default();
        manners.group_ended(true);
        manners.group_ended(false);
        assert!(manners.takes_groups());
        manners.take_along();
        manners.along_ended(false);
        assert!(manners.takes_groups() && !manners.takes_along());
    }

    #[test]
    fn servers_complain_about_groups_in_these_words() {
        for (code, text, is) in [
            (503, "5.5.1 Bad sequence of commands", true),
            (554, "5.5.0 Error: SMTP protocol synchronization", true),
            (550, "improper command pipelining", true),
            (550, "5.1.1 no such user", false),
            (250, "PIPELINING is fine", false),
        ] {
            assert_eq!(is_out_of_turn(&Reply::new(code, text)), is, "{code} {text}");
        }
    }
}
