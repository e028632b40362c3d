//! What a judged line of Oyster's owes for its period, as the benefit ledger asks it, and what Oyster says of earlier
//! periods.

use chrono::NaiveDate;

use crate::rules::lines::pair::Pair;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::{OysterCover, Pricing, due_of, priced, sightings};
use crate::rules::place::Place;
use crate::settings::OysterPlans;
use tieout_model::enrollment::{EnrollmentState, known_on};

/// What is due of a payer for one period. Counts of 1/10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Due {
    Nothing,
    /// By price and share, off by at most the tolerance.
    Estimate {
        amount: i64,
        tolerance: i64,
    },
    /// It can't be computed, or nobody holds payroll to it.
    Unknown,
}

impl OysterPlans {
    /// How far a charge may be off its estimate. What is due exactly is no estimate: nothing is nothing, whatever the
    /// price.
    pub(super) fn tolerance(&self, due: i64) -> i64 {
        let share = due.unsigned_abs() as i128 * i128::from(self.estimate_tolerance_share.ten_thousandths()) / 10_000;
        if due == 0 { 0 } else { self.estimate_tolerance.0.max(i64::try_from(share).unwrap_or(i64::MAX)) }
    }
}

impl Oysters<'_> {
    /// What the line of a place owes, by payer; a payer of whom nothing was judged has none. `None`: the line was not
    /// judged.
    pub(in crate::rules) fn due_by(&self, pair: &Pair, place: Place) -> Option<[Option<Due>; 2]> {
        use Place::{
            Am06, Am15Both, Am15Employee, Am15Employer, Am15Free, Am16, En02Oyster, En04, En08, En09, En15, Matched,
            OutOyster, Tm09,
        };
        let cover = self.covers.get(&(pair.emp, pair.label));
        let charged = cover.filter(|cover| cover.live && !pair.date_kind.is_free());
        let nothing = [Some(Due::Nothing); 2];
        Some(match (place, charged.map(|cover| &cover.pricing)) {
            (Matched, _) if (pair.employee_due, pair.employer_due) == (0, 0) => nothing,
            (Matched | Am15Employee | Am15Employer | Am15Both, Some(Pricing::Priced(_))) => self.estimates(pair),
            (En09, Some(Pricing::Priced(_))) if pair.per_year > 0 => self.estimates(pair),
            (Am15Free, _) | (Am16, Some(Pricing::EmployerPays(_))) => [Some(Due::Nothing), None],
            (En09 | Am16, _) => [Some(Due::Unknown); 2],
            (OutOyster, _) if pair.taken() => [Some(Due::Unknown); 2],
            // Payroll may have no line where the employer pays all: what the employer pays is not compared.
            (OutOyster, Some(_)) if cover.and_then(|cover| cover.employee_pays) == Some(false) => {
                [Some(Due::Nothing), None]
            }
            (Matched | En04 | En08 | En02Oyster | En15 | Am06 | Tm09 | OutOyster, _) => nothing,
            _ => return None,
        })
    }

    fn estimates(&self, pair: &Pair) -> [Option<Due>; 2] {
        [pair.employee_due, pair.employer_due]
            .map(|amount| Some(Due::Estimate { amount, tolerance: self.settings.tolerance(amount) }))
    }

    /// How far the amounts of a priced line may be off, as its rounding tolerance says it of other lines.
    pub(super) fn off_at_most(&self, pair: &Pair, place: Place) -> Option<i64> {
        let of_payers = self.due_by(pair, place)?.into_iter().flatten();
        let tolerance = |due| if let Due::Estimate { tolerance, .. } = due { Some(tolerance) } else { None };
        of_payers.filter_map(tolerance).max().filter(|_| place != Place::En09)
    }

    /// How far a charge may be off what is due.
    pub(in crate::rules) fn tolerance(&self, due: i64) -> i64 {
        self.settings.tolerance(due)
    }

    /// What Oyster says of the line's employee and benefit could be read.
    pub(in crate::rules) fn is_readable(&self, pair: &Pair) -> bool {
        let flawed = |cover: &OysterCover| cover.bad.is_some() || cover.nameless() || cover.uneven();
        let cover = self.covers.get(&(pair.emp, pair.label));
        self.owns(pair.label)
            && self.engagement_of(pair.emp).is_some()
            && !cover.is_some_and(flawed)
            && !(pair.duplicate || pair.mixed)
    }

    /// The benefit is in force, and may be charged.
    pub(in crate::rules) fn may_be_charged(&self, emp: u32, label: u32, benefit: &str) -> bool {
        self.is_live(emp, label) && !self.may_not_charge(emp, benefit)
    }

    /// The benefit is in force.
    pub(in crate::rules) fn is_live(&self, emp: u32, label: u32) -> bool {
        self.covers.get(&(emp, label)).is_some_and(|cover| cover.live)
    }

    /// What was due of employee and employer before what is in force was seen to begin, after `start`: the price of
    /// what ended since, or nothing. `None`: it began earlier, or nobody saw it.
    pub(in crate::rules) fn due_before(&self, pair: &Pair, start: NaiveDate, unit: i64) -> Option<(i64, i64)> {
        let cover = self.covers.get(&(pair.emp, pair.label)).filter(|cover| cover.begun_on() > Some(start))?;
        let of_currency = self.enrollments[cover.shown()].price_currency;
        let ended = cover.over_since(start).map(|row| &self.enrollments[row]);
        let plans: Vec<(i64, i64)> =
            ended.filter(|e| e.price_currency == of_currency).filter_map(|e| priced(e).ok()).collect();
        Some(due_of(&plans, self.settings, pair.per_year, unit))
    }

    /// Since when an enrollment that is over was seen so; `None`: none is, or nobody says.
    pub(in crate::rules) fn over_since(&self, emp: u32, label: u32) -> Option<NaiveDate> {
        let cover = self.covers.get(&(emp, label)).filter(|cover| !cover.live)?;
        let over = cover.rows.iter().filter(|(_, then)| then.state.as_ref().is_some_and(EnrollmentState::is_final));
        over.filter_map(|(_, then)| then.since).max()
    }

    /// An enrollment of the benefit was over on the day, as far as it was seen.
    pub(in crate::rules) fn was_over(&self, emp: u32, label: u32, day: NaiveDate) -> bool {
        let Some(cover) = self.covers.get(&(emp, label)) else { return false };
        self.states_on(cover, day).any(|state| state.is_final())
    }

    fn states_on<'o>(&'o self, cover: &'o OysterCover, day: NaiveDate) -> impl Iterator<Item = EnrollmentState> + 'o {
        let engagement = self.engagements[cover.engagement].id;
        let seen = move |row: usize| {
            let all = self.sightings?;
            known_on(sightings(all, engagement, self.enrollments[row].id), day)
        };
        cover.rows.iter().filter_map(move |(row, _)| seen(*row)).map(|seen| EnrollmentState::parse(&seen.state))
    }

    /// The last day of the employee's engagement, where it has one.
    pub(in crate::rules) fn last_day(&self, emp: u32) -> Option<NaiveDate> {
        self.engagement_of(emp)?.last_day
    }
}
