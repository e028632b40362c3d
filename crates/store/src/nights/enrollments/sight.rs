//! One more sighting of one enrollment. Pure.

use chrono::NaiveDate;

use tieout_model::enrollment::{EnrollmentState, Sighting};

/// States kept of one enrollment: the whole chart and a detour.
const STATES_MAX: usize = 8;

/// Adds that the enrollment was in `state` on `day`; a repeated day replaces what it said before. `known_before`: its
/// engagement was read in full on an earlier day. Returns the state before when the flow chart does not lead from
/// there.
pub(super) fn add(sightings: &mut Vec<Sighting>, day: NaiveDate, state: &str, known_before: bool) -> Option<String> {
    let at = sightings.partition_point(|sighting| sighting.since < day);
    let before = at.checked_sub(1).map(|before| sightings[before].state.clone());
    let told = sightings.get(at).is_some_and(|sighting| sighting.since == day && same(&sighting.state, state));
    if !told {
        sightings.retain(|sighting| sighting.since != day);
        if !before.as_deref().is_some_and(|before| same(before, state)) {
            insert(sightings, at, day, state, before.is_some() || known_before);
        }
    }
    // The repeated night says the same as the first.
    before.filter(|before| is_unexpected(before, state))
}

fn insert(sightings: &mut Vec<Sighting>, at: usize, day: NaiveDate, state: &str, witnessed: bool) {
    // An earlier day than the newest, such as an imported one, says more of what came after it.
    match sightings.get_mut(at) {
        Some(next) if same(&next.state, state) => (next.since, next.witnessed) = (day, witnessed),
        next => {
            if let Some(next) = next {
                next.witnessed = true;
            }
            sightings.insert(at, Sighting { since: day, state: state.to_owned(), witnessed });
        }
    }
    let excess = sightings.len().saturating_sub(STATES_MAX);
    sightings.drain(..excess);
}

fn same(a: &str, b: &str) -> bool {
    EnrollmentState::parse(a) == EnrollmentState::parse(b)
}

/// An unknown state is a matter of its own.
fn is_unexpected(from: &str, to: &str) -> bool {
    let (from, to) = (EnrollmentState::parse(from), EnrollmentState::parse(to));
    let known = |state: &EnrollmentState| !matches!(state, EnrollmentState::Unknown(_));
    from != to && known(&from) && known(&to) && !from.may_reach(&to)
}
