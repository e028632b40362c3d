//! What Oyster says of one employee and benefit: the enrollments of it, the state that counts for the closed period
//! (the one known at payroll's cut-off, for the service gives no dates), and what they are priced at.

use chrono::NaiveDate;

use crate::rules::lines::dictionary::{ALIEN, BLANK};
use crate::rules::oyster::rows::{Engagement, Enrollment};
use crate::settings::OysterPlans;
use tieout_model::enrollment::{EnrollmentState, Sighting, Sightings, known_on};
use tieout_model::zone::Zone;

/// All of a price, in percents of 1/10,000.
pub(in crate::rules) const WHOLE_SHARE: i64 = 1_000_000;

/// An enrollment at the cut-off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Standing {
    /// `None`: it was not there yet.
    pub(in crate::rules) state: Option<EnrollmentState>,
    /// Since when it was seen so.
    pub(in crate::rules) since: Option<NaiveDate>,
    /// Something was known of it from the cut-off or before.
    pub(in crate::rules) known: bool,
    /// The state before was seen too, or that there was none.
    pub(in crate::rules) witnessed: bool,
}

/// The state that counts: the one known at the cut-off; tonight's where nothing is known from before it, unless it was
/// seen to appear since.
pub(in crate::rules) fn standing(seen: &[Sighting], tonight: &EnrollmentState, cutoff: NaiveDate) -> Standing {
    let of = |sighting: &Sighting, known| Standing {
        state: Some(EnrollmentState::parse(&sighting.state)),
        since: Some(sighting.since),
        known,
        witnessed: sighting.witnessed,
    };
    match (known_on(seen, cutoff), seen.first()) {
        (Some(then), _) => of(then, true),
        (None, Some(first)) if first.witnessed => {
            Standing { state: None, since: Some(first.since), known: true, witnessed: true }
        }
        (None, _) => Standing { state: Some(tonight.clone()), ..last(seen, tonight) },
    }
}

/// Tonight's state and since when it was seen.
fn last(seen: &[Sighting], tonight: &EnrollmentState) -> Standing {
    let since = seen.last().filter(|s| EnrollmentState::parse(&s.state) == *tonight).map(|s| s.since);
    Standing { state: Some(tonight.clone()), since, known: false, witnessed: false }
}

/// The sightings of one enrollment.
pub(in crate::rules) fn sightings<'s>(all: &'s Sightings, engagement: &str, enrollment: &str) -> &'s [Sighting] {
    all.get(&(engagement.to_owned(), enrollment.to_owned())).map_or(&[], Vec::as_slice)
}

/// What the enrollments of a benefit can be priced at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Pricing {
    /// Nothing of it is in force.
    NotLive,
    /// A share does not fit its unit (AM14).
    Anomaly,
    /// Why it can't be computed (AM16).
    Not(&'static str),
    /// The employee owes nothing whatever the price and the dependants; why the employer's part can't be computed.
    EmployerPays(&'static str),
    /// Price and the employer's share, of each plan in force.
    Priced(Vec<(i64, i64)>),
}

/// All enrollments of one employee and benefit.
#[derive(Clone, Debug)]
pub(in crate::rules) struct OysterCover {
    pub(in crate::rules) engagement: usize,
    /// Rows of the enrollments with where they stood, those that count first.
    pub(in crate::rules) rows: Vec<(usize, Standing)>,
    /// Why the benefit can't be judged at all (CT11).
    pub(in crate::rules) bad: Option<&'static str>,
    pub(in crate::rules) live: bool,
    pub(in crate::rules) pricing: Pricing,
    /// Currencies of the prices that count, by number; without the blank of enrollments without a price.
    pub(in crate::rules) currencies: Vec<u32>,
    /// The employee pays a part of something in force; `None`: a share is not known.
    pub(in crate::rules) employee_pays: Option<bool>,
    /// The engagement changed after the cut-off, so share and price may be younger than the period.
    pub(in crate::rules) late: bool,
}

impl OysterCover {
    /// Of the enrollments given, `currency_of` a price's currency being its number.
    pub(in crate::rules) fn new(
        engagement: usize,
        rows: Vec<(usize, Standing)>,
        all: &[Enrollment<'_>],
        late: bool,
        mut currency_of: impl FnMut(Option<&str>) -> u32,
    ) -> OysterCover {
        let mut rows = rows;
        rows.sort_by_key(|(row, standing)| (rank(standing), *row));
        let best = rows.first().map_or(u8::MAX, |(_, standing)| rank(standing));
        let bad = rows.iter().find_map(|(row, standing)| bad(&all[*row], standing));
        let counting: Vec<usize> = rows.iter().filter(|(_, s)| rank(s) == best).map(|(row, _)| *row).collect();
        let live = best == rank_of(&EnrollmentState::Enrolled);
        let priced = counting.iter().filter(|row| all[**row].price.is_some());
        let mut currencies: Vec<u32> = priced.map(|row| currency_of(all[*row].price_currency)).collect();
        currencies.sort_unstable();
        currencies.dedup();
        let pricing = if live { pricing(counting.iter().map(|row| &all[*row])) } else { Pricing::NotLive };
        let pays: Option<Vec<bool>> = counting.iter().map(|row| all[*row].share.map(|s| s < WHOLE_SHARE)).collect();
        let some = counting.iter().any(|row| all[*row].share.is_some_and(|s| s < WHOLE_SHARE));
        let employee_pays = if some { Some(true) } else { pays.map(|p| p.contains(&true)) };
        OysterCover { engagement, rows, bad, live, pricing, currencies, employee_pays, late }
    }

    /// The enrollment to show.
    pub(in crate::rules) fn shown(&self) -> usize {
        self.rows.first().map_or(0, |(row, _)| *row)
    }

    /// Where the enrollment to show stood.
    pub(in crate::rules) fn standing(&self) -> Option<&Standing> {
        self.rows.first().map(|(_, standing)| standing)
    }

    /// Nothing in force or under way.
    pub(in crate::rules) fn over(&self) -> bool {
        self.rows.iter().all(|(_, s)| s.state.as_ref().is_none_or(EnrollmentState::is_final))
    }

    /// Everything about its states is known from the cut-off or before.
    pub(in crate::rules) fn known(&self) -> bool {
        self.rows.iter().all(|(_, s)| s.known)
    }

    /// It appeared after the cut-off.
    pub(in crate::rules) fn appeared(&self) -> bool {
        self.rows.iter().all(|(_, s)| s.state.is_none())
    }

    /// Cover that ended, not by opting out, on `day` or later.
    pub(in crate::rules) fn ended_since(&self, day: NaiveDate) -> bool {
        let ended = |s: &Standing| matches!(s.state, Some(EnrollmentState::Canceled | EnrollmentState::Finished));
        self.rows.iter().any(|(_, s)| ended(s) && s.since.is_some_and(|since| since >= day))
    }

    /// The day on which the first of what is in force was seen to begin; `None`: nothing is, or of some it was not.
    pub(in crate::rules) fn begun_on(&self) -> Option<NaiveDate> {
        let live = self.rows.iter().map(|(_, standing)| standing).filter(|s| self.live && rank(s) == 0);
        let days: Option<Vec<NaiveDate>> = live.map(|s| s.since.filter(|_| s.witnessed && s.known)).collect();
        days?.into_iter().min()
    }

    /// Rows of the enrollments that were seen to end on `day` or later.
    pub(in crate::rules) fn over_since(&self, day: NaiveDate) -> impl Iterator<Item = usize> {
        let ended = move |s: &Standing| rank(s) == 2 && s.since.is_some_and(|since| since >= day);
        self.rows.iter().filter(move |(_, s)| ended(s)).map(|(row, _)| *row)
    }

    /// The one currency of its prices; blank where there is none, unknown or several.
    pub(in crate::rules) fn currency(&self) -> u32 {
        if let [only] = self.currencies[..] { only } else { BLANK }
    }

    /// Prices of several currencies.
    pub(in crate::rules) fn uneven(&self) -> bool {
        self.currencies.len() > 1
    }

    /// A price without a known currency.
    pub(in crate::rules) fn nameless(&self) -> bool {
        self.currencies.iter().any(|number| *number <= ALIEN)
    }

    /// What is due of employee and employer for one of `per_year` deductions, rounded to `unit`; nothing where it can't
    /// be computed.
    pub(in crate::rules) fn due(&self, settings: &OysterPlans, per_year: i64, unit: i64) -> (i64, i64) {
        let Pricing::Priced(plans) = &self.pricing else { return (0, 0) };
        if per_year <= 0 || self.bad.is_some() || self.uneven() || self.nameless() {
            return (0, 0);
        }
        due_of(plans, settings, per_year, unit)
    }
}

/// What is due of employee and employer by plans of this price and employer's share.
pub(in crate::rules) fn due_of(plans: &[(i64, i64)], settings: &OysterPlans, per_year: i64, unit: i64) -> (i64, i64) {
    let yearly = i128::from(settings.price_period.per_year());
    let part = |price: i64, share: i64| {
        let exact = i128::from(price) * yearly * i128::from(share);
        rounded(exact, i128::from(WHOLE_SHARE) * i128::from(per_year), i128::from(unit))
    };
    let sum = |share_of: fn(i64) -> i64| plans.iter().map(|(price, share)| part(*price, share_of(*share))).sum();
    (sum(|share| WHOLE_SHARE - share), sum(|share| share))
}

/// `exact / divisor`, rounded half away from zero to a multiple of `unit`.
pub(in crate::rules) fn rounded(exact: i128, divisor: i128, unit: i128) -> i64 {
    let step = divisor * unit;
    let magnitude = (2 * exact.abs() + step) / (2 * step) * unit;
    // A price is an amount, and a share at most all of it.
    i64::try_from(exact.signum() * magnitude).unwrap_or(i64::MAX)
}

/// What counts first: in force, under way, over, not there.
fn rank(standing: &Standing) -> u8 {
    standing.state.as_ref().map_or(3, rank_of)
}

fn rank_of(state: &EnrollmentState) -> u8 {
    match state {
        _ if state.is_live() => 0,
        _ if state.is_final() => 2,
        _ => 1,
    }
}

fn bad(enrollment: &Enrollment<'_>, standing: &Standing) -> Option<&'static str> {
    let unknown = |state: &EnrollmentState| matches!(state, EnrollmentState::Unknown(_));
    if enrollment.faults.is_some() {
        Some("a field of the enrollment could not be read")
    } else if enrollment.plan.is_none() {
        Some("the enrollment names no plan")
    } else if unknown(&enrollment.state) || standing.state.as_ref().is_some_and(unknown) {
        Some("the state of the enrollment is unknown")
    } else {
        None
    }
}

fn pricing<'e>(live: impl Iterator<Item = &'e Enrollment<'e>> + Clone) -> Pricing {
    if live.clone().any(|e| e.anomalies.is_some()) {
        return Pricing::Anomaly;
    }
    let free = live.clone().all(employer_pays_all);
    match live.map(priced).collect::<Result<Vec<(i64, i64)>, &'static str>>() {
        Ok(plans) => Pricing::Priced(plans),
        Err(reason) if free => Pricing::EmployerPays(reason),
        Err(reason) => Pricing::Not(reason),
    }
}

fn covers_dependants(enrollment: &Enrollment<'_>) -> bool {
    match (enrollment.max_dependents, enrollment.share_dependents) {
        (Some(most), _) => most > 0,
        (None, share) => share.is_some_and(|share| share > 0),
    }
}

/// Of the employee and, where dependants are covered, of them.
fn employer_pays_all(enrollment: &Enrollment<'_>) -> bool {
    let all = |share: Option<i64>| share == Some(WHOLE_SHARE);
    all(enrollment.share) && (!covers_dependants(enrollment) || all(enrollment.share_dependents))
}

pub(in crate::rules) fn priced(enrollment: &Enrollment<'_>) -> Result<(i64, i64), &'static str> {
    let dependants = covers_dependants(enrollment);
    match (enrollment.price, enrollment.share) {
        _ if dependants => Err("dependants are covered, and how many is not told"),
        (None, _) => Err("the plan has no price"),
        (_, None) => Err("the employer's share is not told"),
        (Some(price), Some(share)) => Ok((price, share)),
    }
}

/// Whether the engagement changed after the cut-off, for all we know.
pub(in crate::rules) fn changed_late(engagement: &Engagement<'_>, cutoff: NaiveDate, zone: &Zone) -> bool {
    let moment = engagement.modified_at.and_then(chrono::DateTime::from_timestamp_micros);
    moment.is_none_or(|at| zone.date(at) > cutoff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, d).expect("a day")
    }

    fn seen(d: u32, state: &str, witnessed: bool) -> Sighting {
        Sighting { since: day(d), state: state.to_owned(), witnessed }
    }

    #[test]
    fn the_state_at_the_cut_off_counts_not_tonights() {
        let states = [seen(2, "ENROLLED", true), seen(25, "CANCELED", true)];
        let then = standing(&states, &EnrollmentState::Canceled, day(20));
        assert_eq!((then.state, then.since, then.known), (Some(EnrollmentState::Enrolled), Some(day(2)), true));
    }

    #[test]
    fn without_history_tonights_state_counts_unless_the_enrollment_was_seen_to_appear() {
        let opening = standing(&[seen(25, "ENROLLED", false)], &EnrollmentState::Enrolled, day(20));
        assert_eq!((opening.state, opening.known), (Some(EnrollmentState::Enrolled), false));
        let appeared = standing(&[seen(25, "ENROLLED", true)], &EnrollmentState::Enrolled, day(20));
        assert_eq!((appeared.state, appeared.known), (None, true));
        assert_eq!(standing(&[], &EnrollmentState::Applied, day(20)).state, Some(EnrollmentState::Applied));
    }

    #[test]
    fn halves_are_rounded_away_from_zero_to_the_minor_unit() {
        // 100.05 a month at 50 %: 50.025, so 50.03 in cents and 50 in whole units.
        assert_eq!(rounded(1_000_500 * 12 * 500_000, 12_000_000, 100), 500_300);
        assert_eq!(rounded(1_000_500 * 12 * 500_000, 12_000_000, 10_000), 500_000);
        assert_eq!(rounded(-1_000_500 * 12 * 500_000, 12_000_000, 100), -500_300);
    }
}
