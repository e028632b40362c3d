//! The states of an Oyster enrollment and what may follow which (contracts, section 3.1: the flow chart of the guide),
//! and the history of states as we saw them: the service gives no dates. Plain values; the store keeps them, the rules
//! read them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// The eight documented states, and whatever else the service may say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnrollmentState {
    Requested,
    Applied,
    InProgress,
    Enrolled,
    Provisioned,
    Canceled,
    Finished,
    OptedOut,
    /// As the service wrote it, trimmed.
    Unknown(String),
}

impl EnrollmentState {
    const DOCUMENTED: [EnrollmentState; 8] = [
        EnrollmentState::Requested,
        EnrollmentState::Applied,
        EnrollmentState::InProgress,
        EnrollmentState::Enrolled,
        EnrollmentState::Provisioned,
        EnrollmentState::Canceled,
        EnrollmentState::Finished,
        EnrollmentState::OptedOut,
    ];

    /// Reads a state, blanks around it and case aside.
    pub fn parse(text: &str) -> EnrollmentState {
        let text = text.trim();
        let known = EnrollmentState::DOCUMENTED.into_iter().find(|state| state.name().eq_ignore_ascii_case(text));
        known.unwrap_or_else(|| EnrollmentState::Unknown(text.to_owned()))
    }

    /// As the service spells it.
    pub fn name(&self) -> &str {
        match self {
            EnrollmentState::Requested => "REQUESTED",
            EnrollmentState::Applied => "APPLIED",
            EnrollmentState::InProgress => "IN_PROGRESS",
            EnrollmentState::Enrolled => "ENROLLED",
            EnrollmentState::Provisioned => "PROVISIONED",
            EnrollmentState::Canceled => "CANCELED",
            EnrollmentState::Finished => "FINISHED",
            EnrollmentState::OptedOut => "OPTED_OUT",
            EnrollmentState::Unknown(text) => text,
        }
    }

    /// Cover is in force and may be charged.
    pub fn is_live(&self) -> bool {
        *self == EnrollmentState::Enrolled
    }

    /// Nothing follows.
    pub fn is_final(&self) -> bool {
        matches!(self, EnrollmentState::Canceled | EnrollmentState::Finished | EnrollmentState::OptedOut)
    }

    /// Under way: neither in force, nor over, nor unknown.
    pub fn is_pending(&self) -> bool {
        matches!(
            self,
            EnrollmentState::Requested
                | EnrollmentState::Applied
                | EnrollmentState::InProgress
                | EnrollmentState::Provisioned
        )
    }

    /// What the flow chart lets follow. A step outside it happens all the same, and is a note (contracts, O8).
    fn may_become(&self, next: &EnrollmentState) -> bool {
        let allowed: &[EnrollmentState] = match self {
            EnrollmentState::Requested | EnrollmentState::Provisioned => &[EnrollmentState::Applied],
            EnrollmentState::Applied => &[EnrollmentState::InProgress],
            EnrollmentState::InProgress => &[EnrollmentState::Enrolled],
            EnrollmentState::Enrolled => {
                &[EnrollmentState::Canceled, EnrollmentState::Finished, EnrollmentState::OptedOut]
            }
            EnrollmentState::Canceled
            | EnrollmentState::Finished
            | EnrollmentState::OptedOut
            | EnrollmentState::Unknown(_) => &[],
        };
        allowed.contains(next)
    }

    /// Whether `later` can be reached in one or more legal steps: nights are apart, and several steps fit between two.
    pub fn may_reach(&self, later: &EnrollmentState) -> bool {
        EnrollmentState::DOCUMENTED.iter().any(|next| self.may_become(next) && (next == later || next.may_reach(later)))
    }
}

/// A state and since when we know of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// The first day on which it was seen in this state.
    pub since: NaiveDate,
    /// As the service wrote it, trimmed.
    pub state: String,
    /// We saw what was before: another state, or the engagement without this enrollment. Otherwise the state may be
    /// older than `since`.
    pub witnessed: bool,
}

/// Engagement id and enrollment id → its states, oldest first.
pub type Sightings = BTreeMap<(String, String), Vec<Sighting>>;

/// What was known on `day`: the last state seen on it or before.
pub fn known_on(sightings: &[Sighting], day: NaiveDate) -> Option<&Sighting> {
    sightings.iter().rev().find(|sighting| sighting.since <= day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_states_and_others_are_kept() {
        for state in EnrollmentState::DOCUMENTED {
            assert_eq!(EnrollmentState::parse(&format!(" {} ", state.name().to_lowercase())), state);
        }
        assert_eq!(EnrollmentState::parse("CANCELLED"), EnrollmentState::Unknown("CANCELLED".to_owned()));
        assert_eq!(EnrollmentState::parse("CANCELLED").name(), "CANCELLED");
    }

    #[test]
    fn only_what_the_chart_shows_is_legal() {
        let legal: Vec<(&str, &str)> = EnrollmentState::DOCUMENTED
            .iter()
            .flat_map(|from| EnrollmentState::DOCUMENTED.iter().map(move |to| (from, to)))
            .filter(|(from, to)| from.may_become(to))
            .map(|(from, to)| (from.name(), to.name()))
            .collect();
        let chart = [
            ("REQUESTED", "APPLIED"),
            ("APPLIED", "IN_PROGRESS"),
            ("IN_PROGRESS", "ENROLLED"),
            ("ENROLLED", "CANCELED"),
            ("ENROLLED", "FINISHED"),
            ("ENROLLED", "OPTED_OUT"),
            ("PROVISIONED", "APPLIED"),
        ];
        assert_eq!(legal, chart);
    }

    #[test]
    fn several_steps_may_lie_between_two_nights_but_none_leads_back() {
        assert!(EnrollmentState::Requested.may_reach(&EnrollmentState::Enrolled));
        assert!(EnrollmentState::Provisioned.may_reach(&EnrollmentState::OptedOut));
        assert!(!EnrollmentState::Enrolled.may_reach(&EnrollmentState::Applied));
        assert!(!EnrollmentState::Requested.may_reach(&EnrollmentState::Provisioned));
    }

    #[test]
    fn a_state_is_live_pending_or_final_and_an_unknown_one_none_of_them() {
        for state in EnrollmentState::DOCUMENTED {
            let classes = [state.is_live(), state.is_pending(), state.is_final()];
            assert_eq!(classes.iter().filter(|is| **is).count(), 1, "{}", state.name());
        }
        let other = EnrollmentState::parse("PAUSED");
        assert!(!other.is_live() && !other.is_pending() && !other.is_final());
    }

    #[test]
    fn the_state_of_a_day_is_the_last_one_seen_until_then() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).expect("a day");
        let seen = |d, state: &str| Sighting { since: day(d), state: state.to_owned(), witnessed: true };
        let states = [seen(5, "APPLIED"), seen(9, "ENROLLED")];
        assert_eq!(known_on(&states, day(4)), None);
        assert_eq!(known_on(&states, day(8)).map(|s| s.state.as_str()), Some("APPLIED"));
        assert_eq!(known_on(&states, day(9)).map(|s| s.state.as_str()), Some("ENROLLED"));
    }
}
