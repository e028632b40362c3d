//! What follows from what Oyster shows: whether to write, and what came of a write. Pure. A provisioning sets a state,
//! so reading it back tells whether it was applied; a request is one more enrollment, so only its being there tells
//! anything.

use tieout_corrections::oyster::{Comparison, Current, compare};
use tieout_model::correction::CorrectionKind;
use tieout_model::correction::oyster::OysterChange;
use tieout_store::Settled;

/// What was read of the thing that an item is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenEnrollment {
    /// [`Current::hash`].
    pub hash: String,
    pub current: Current,
    /// With what is wanted.
    pub comparison: Comparison,
}

impl SeenEnrollment {
    pub fn of(current: Current, change: &OysterChange) -> SeenEnrollment {
        SeenEnrollment { hash: current.hash(), comparison: compare(&current, change), current }
    }
}

/// What to do before anything was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Oyster has what is wanted: nothing is sent.
    AlreadySo,
    /// It is not what the approval was given for.
    Moved,
    Write,
}

/// Decides before a send. `approved`: hash of the state that the approver was shown.
pub fn before(kind: CorrectionKind, seen: &SeenEnrollment, approved: &str) -> Before {
    if seen.comparison.is_same() {
        return Before::AlreadySo;
    }
    // A benefit that is there must never be asked for again, however little is shown of it.
    let there = !kind.sets_state() && seen.comparison.differences.is_empty();
    if there || seen.hash != approved { Before::Moved } else { Before::Write }
}

/// What reading says of a send whose outcome nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It arrived, or somebody else did the same: it is as it is wanted.
    Sent,
    /// Proved: it was not applied.
    NotSent,
    /// Why reading does not tell.
    Stays(String),
}

/// Settles a doubt by what is there now.
pub fn doubt(kind: CorrectionKind, seen: &SeenEnrollment, approved: &str) -> Doubt {
    let SeenEnrollment { hash, comparison, .. } = seen;
    let unmoved = hash == approved;
    match kind.sets_state() {
        true if comparison.is_same() => Doubt::Sent,
        true if unmoved && !comparison.differences.is_empty() => Doubt::NotSent,
        true if unmoved => Doubt::Stays("Oyster does not show enough to tell".to_owned()),
        false if comparison.differences.is_empty() && !unmoved => Doubt::Sent,
        false if unmoved => Doubt::Stays("Oyster shows no enrollment of it; it is never asked for twice".to_owned()),
        _ => Doubt::Stays(format!("Oyster shows another state ({})", comparison.text())),
    }
}

/// What the service said to a write that may have been applied. What is refused for good needs no reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepted {
        status: u16,
    },
    /// No answer, or none that proves anything.
    Unknown {
        reason: String,
    },
}

/// What the books say of a write. `read_back`: what is there now, or why it could not be read.
pub fn after(
    kind: CorrectionKind,
    answer: &Answer,
    read_back: Result<&SeenEnrollment, &str>,
    approved: &str,
) -> Settled {
    match (answer, read_back) {
        (Answer::Accepted { status }, Ok(seen)) => accepted(kind, *status, seen, approved),
        (Answer::Accepted { status }, Err(why)) => {
            Settled::InDoubt { reason: format!("accepted with status {status}, but it could not be read back: {why}") }
        }
        (Answer::Unknown { reason }, Ok(seen)) => match doubt(kind, seen, approved) {
            Doubt::Sent => Settled::Confirmed { note: format!("{reason}; reading it back shows it as it was wanted") },
            Doubt::NotSent => Settled::NotSent { reason: format!("{reason}; reading it back shows it unchanged") },
            Doubt::Stays(why) => Settled::InDoubt { reason: format!("{reason}; {why}") },
        },
        (Answer::Unknown { reason }, Err(why)) => {
            Settled::InDoubt { reason: format!("{reason}; it could not be read back: {why}") }
        }
    }
}

fn accepted(kind: CorrectionKind, status: u16, seen: &SeenEnrollment, approved: &str) -> Settled {
    let SeenEnrollment { hash, comparison, .. } = seen;
    if !kind.sets_state() && hash == approved {
        let reason = format!("accepted with status {status}, but the enrollments do not show it yet");
        return Settled::InDoubt { reason };
    }
    if !comparison.differences.is_empty() {
        let reason = format!("accepted with status {status}, but Oyster shows another state ({})", comparison.text());
        return Settled::Failed { reason };
    }
    let mut excerpt = "read back as it was wanted".to_owned();
    if !comparison.unclear.is_empty() {
        excerpt.push_str(&format!(", as far as it is shown ({})", comparison.unclear_text()));
    }
    Settled::Sent { status, excerpt }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieout_model::correction::Change;

    const APPROVED: &str = "as approved";

    #[derive(Clone, Copy)]
    enum Shows {
        Wanted,
        /// Nothing differs, something is not shown.
        Partly,
        Other,
    }

    fn seen(shows: Shows, moved: bool) -> SeenEnrollment {
        let change = vec![Change { field: "package".into(), from: "P".into(), to: "Q".into() }];
        let (differences, unclear) = match shows {
            Shows::Wanted => (Vec::new(), Vec::new()),
            Shows::Partly => (Vec::new(), change),
            Shows::Other => (change, Vec::new()),
        };
        let hash = if moved { "another".to_owned() } else { APPROVED.to_owned() };
        SeenEnrollment { hash, comparison: Comparison { differences, unclear }, current: Current::default() }
    }

    const PUT: CorrectionKind = CorrectionKind::OysterProvisioning;
    const POST: CorrectionKind = CorrectionKind::OysterRequest;

    #[test]
    fn a_write_needs_a_difference_and_the_state_that_was_approved() {
        for (kind, shows, moved, expected) in [
            (PUT, Shows::Wanted, false, Before::AlreadySo),
            (PUT, Shows::Wanted, true, Before::AlreadySo),
            (PUT, Shows::Other, false, Before::Write),
            (PUT, Shows::Other, true, Before::Moved),
            (PUT, Shows::Partly, false, Before::Write),
            (PUT, Shows::Partly, true, Before::Moved),
            (POST, Shows::Wanted, true, Before::AlreadySo),
            (POST, Shows::Other, false, Before::Write),
            (POST, Shows::Other, true, Before::Moved),
            // There, with a contribution that is not shown.
            (POST, Shows::Partly, true, Before::Moved),
            (POST, Shows::Partly, false, Before::Moved),
        ] {
            assert_eq!(before(kind, &seen(shows, moved), APPROVED), expected, "{kind:?}");
        }
    }

    #[test]
    fn reading_settles_a_provisioning_both_ways_and_a_request_only_as_sent() {
        let settle = |kind, shows, moved| doubt(kind, &seen(shows, moved), APPROVED);
        assert_eq!(settle(PUT, Shows::Wanted, true), Doubt::Sent);
        assert_eq!(settle(PUT, Shows::Other, false), Doubt::NotSent);
        for (shows, moved) in [(Shows::Other, true), (Shows::Partly, true), (Shows::Partly, false)] {
            assert!(matches!(settle(PUT, shows, moved), Doubt::Stays(_)));
        }
        assert_eq!(settle(POST, Shows::Wanted, true), Doubt::Sent);
        assert_eq!(settle(POST, Shows::Partly, true), Doubt::Sent);
        for moved in [false, true] {
            assert!(matches!(settle(POST, Shows::Other, moved), Doubt::Stays(_)), "never as not sent");
        }
    }

    #[test]
    fn an_accepted_write_counts_when_it_is_read_back() {
        let settle =
            |kind, shows, moved| after(kind, &Answer::Accepted { status: 200 }, Ok(&seen(shows, moved)), APPROVED);
        let as_wanted = Settled::Sent { status: 200, excerpt: "read back as it was wanted".to_owned() };
        assert_eq!(settle(PUT, Shows::Wanted, true), as_wanted);
        assert!(matches!(settle(PUT, Shows::Partly, true), Settled::Sent { .. }));
        let Settled::Failed { reason } = settle(PUT, Shows::Other, true) else { panic!("it differs") };
        assert!(reason.ends_with("(package: P -> Q)"), "{reason}");
        assert_eq!(settle(POST, Shows::Wanted, true), as_wanted);
        assert!(matches!(settle(POST, Shows::Other, true), Settled::Failed { .. }));
        // The list may lag behind; a second request would be one too many.
        assert!(matches!(settle(POST, Shows::Other, false), Settled::InDoubt { .. }));
        let unread = after(PUT, &Answer::Accepted { status: 200 }, Err("status 500"), APPROVED);
        assert!(matches!(unread, Settled::InDoubt { .. }));
    }

    #[test]
    fn without_an_answer_reading_decides() {
        let lost = Answer::Unknown { reason: "no answer came".to_owned() };
        let settle = |kind, shows, moved| after(kind, &lost, Ok(&seen(shows, moved)), APPROVED);
        assert!(matches!(settle(PUT, Shows::Wanted, true), Settled::Confirmed { .. }));
        assert!(matches!(settle(PUT, Shows::Other, false), Settled::NotSent { .. }));
        assert!(matches!(settle(PUT, Shows::Other, true), Settled::InDoubt { .. }));
        assert!(matches!(settle(POST, Shows::Wanted, true), Settled::Confirmed { .. }));
        assert!(matches!(settle(POST, Shows::Other, false), Settled::InDoubt { .. }));
        assert!(matches!(after(PUT, &lost, Err("no connection"), APPROVED), Settled::InDoubt { .. }));
    }
}
