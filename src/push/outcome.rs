//! What the books say of a send.

use tieout_services::benbase::Sent;
use tieout_store::Settled;

/// The outcome of an item. `doubtful`: it was in doubt before, so only an acceptance settles it: whatever is proved of
/// the second send, the first may have been applied.
pub fn settled(sent: Sent, doubtful: bool) -> Settled {
    let (reason, is_final) = match sent {
        Sent::Accepted { status, excerpt } => return Settled::Sent { status, excerpt },
        Sent::InDoubt { reason } => return Settled::InDoubt { reason },
        Sent::Refused { status, reason } if reason.is_empty() => (format!("refused with status {status}"), true),
        Sent::Refused { status, reason } => (format!("refused with status {status}: {reason}"), true),
        Sent::Invalid { problems } => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            (format!("not sent, Benbase would refuse it: {}", problems.join("; ")), true)
        }
        Sent::Credentials { status } => (format!("Benbase refused the API key (status {status})"), false),
        Sent::NotSent { reason, .. } => (reason, false),
    };
    match (doubtful, is_final) {
        (true, _) => Settled::InDoubt { reason: format!("in doubt since an earlier send; the last one: {reason}") },
        (false, true) => Settled::Failed { reason },
        (false, false) => Settled::NotSent { reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Sent {
        Sent::Refused { status: 422, reason: String::new() }
    }

    fn not_sent() -> Sent {
        Sent::NotSent { reason: "no connection".into(), retry_after: None }
    }

    #[test]
    fn a_first_send_is_settled_by_what_is_proved_of_it() {
        assert_eq!(settled(refused(), false), Settled::Failed { reason: "refused with status 422".into() });
        assert_eq!(settled(not_sent(), false), Settled::NotSent { reason: "no connection".into() });
        assert!(matches!(settled(Sent::Credentials { status: 401 }, false), Settled::NotSent { .. }));
        assert!(matches!(settled(Sent::Invalid { problems: Vec::new() }, false), Settled::Failed { .. }));
    }

    #[test]
    fn of_an_item_in_doubt_only_an_acceptance_is_the_end() {
        for sent in [refused(), not_sent(), Sent::Credentials { status: 401 }, Sent::Invalid { problems: Vec::new() }] {
            assert!(matches!(settled(sent, true), Settled::InDoubt { .. }));
        }
        let accepted = Sent::Accepted { status: 200, excerpt: String::new() };
        assert!(matches!(settled(accepted, true), Settled::Sent { .. }));
    }
}
