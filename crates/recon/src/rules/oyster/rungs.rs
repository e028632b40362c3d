//! The one place of each line of Oyster's benefits: the first rung that fits takes it. What Benifex says of the person
//! decides nothing here.

use std::collections::{BTreeSet, HashSet};

use chrono::{Datelike as _, NaiveDate};

use crate::balance::AccountPeriod;
use crate::rules::Inputs;
use crate::rules::calendar::DateKind;
use crate::rules::lines::dictionary::ALIEN;
use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::lines::pair::Pair;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::cover::{OysterCover, Pricing, Standing, changed_late};
use crate::rules::oyster::link::Tie;
use crate::rules::oyster::trailing::trailing_start;
use crate::rules::people::everybody::Person;
use crate::rules::people::ids::Ids;
use crate::rules::people::{date, day_number};
use crate::rules::place::Place;
use crate::rules::write::several;
use tieout_model::balance::EntryKind;
use tieout_model::enrollment::{EnrollmentState, known_on};
use tieout_model::finding::Payer;

const LOST: &str = "may stand in a rejected payroll row, in another run, or under an id that could not be read";
/// A contractor's first days of work and of pay may lie so many days apart.
const HIRED_AFTER_DAYS: i32 = 31;
const DEDUCTIONS: &str = "number of deductions a year unknown: payroll does not say how often it pays; state \
                          deductions.per_year in the job";
const LATE: &str = "changed after the cut-off; no history from before it";
const LATE_TERMS: &str = "changed after the cut-off; share and price may be younger than the period";
const VANISHED: &str = "an enrollment that was in force at the cut-off is not shown any more";
const UNASKED: &str = "the list shows no enrollment, and nobody asked for the enrollments themselves";
const PART: &str = "part period; proration is not compared";
const STARTED: &str = "the engagement started in this period or within the grace period";
const DAYS_UNREAD: &str = "the first or last day of the engagement could not be read";
const EMPLOYER_PAYS: &str = "the employer pays all of it, and payroll has no line";
const ELSEWHERE: &str =
    "payroll does not list the employee, and pays nobody in the currency of the enrollment: another payroll's";
const BACKDATED: &str = "the enrollment was first seen in this period, and Oyster does not say from which day it holds: what \
                         payroll took beyond one deduction may be of the periods before";
/// Deductions at most that the first charge of an enrollment may be of.
pub(in crate::rules) const BACKDATED_MAX: i64 = 3;
const KIND_UNKNOWN: &str = "whether the engagement is an employment or a contract is not known";

/// A place, and why where the place does not say it.
pub(in crate::rules) type Verdict = (Place, String);

fn unverified(reason: impl Into<String>) -> Verdict {
    (Place::UnverifiedOyster, reason.into())
}

fn out_of_scope(reason: impl Into<String>) -> Verdict {
    (Place::OutOyster, reason.into())
}

fn at(place: Place) -> Verdict {
    (place, String::new())
}

/// The rungs, with what they look up.
pub(in crate::rules) struct Judge<'o, 'a> {
    oyster: &'o Oysters<'a>,
    inputs: &'o Inputs<'a>,
    catalog: &'o Catalog<'a>,
    ids: &'o Ids<'a>,
    pub(in crate::rules) contractors: HashSet<u32>,
}

impl<'o, 'a> Judge<'o, 'a> {
    pub(in crate::rules) fn new(
        oyster: &'o Oysters<'a>,
        inputs: &'o Inputs<'a>,
        catalog: &'o Catalog<'a>,
        ids: &'o Ids<'a>,
    ) -> Judge<'o, 'a> {
        let tied = oyster.links.ties.keys().copied();
        let contractor = |emp: &u32| oyster.engagement_of(*emp).is_some_and(|engagement| engagement.contractor);
        let contractors = tied.filter(contractor).collect();
        Judge { oyster, inputs, catalog, ids, contractors }
    }

    /// Completeness, identity and currency; existence and amount below.
    pub(in crate::rules) fn place(&self, pair: &Pair, person: &Person, label: &Label) -> Verdict {
        let cover = self.oyster.covers.get(&(pair.emp, pair.label));
        if label.ignored.is_some() {
            return at(Place::OutIgnored);
        }
        if self.oyster.lost.contains(&pair.emp) {
            return unverified(LOST);
        }
        if let Some(reason) = self.unread(pair.emp) {
            return unverified(reason);
        }
        if let Some(bad) = cover.and_then(|cover| cover.bad) {
            return unverified(bad);
        }
        if pair.duplicate {
            return at(Place::Id04);
        }
        if pair.on_payroll() && pair.pay_cur <= ALIEN || cover.is_some_and(OysterCover::nameless) {
            return unverified("currency unknown");
        }
        let linked = self.oyster.engagement_of(pair.emp).is_some();
        if !linked {
            return self.unlinked(pair);
        }
        let two =
            |cover: &OysterCover| cover.currency() > ALIEN && pair.on_payroll() && cover.currency() != pair.pay_cur;
        if pair.mixed || cover.is_some_and(|cover| cover.uneven() || two(cover)) {
            return at(Place::Cu01Oyster);
        }
        match cover {
            Some(cover) => self.covered(pair, person, label, cover),
            None => self.uncovered(pair),
        }
    }

    /// Why nothing is known of the employee's engagement.
    fn unread(&self, emp: u32) -> Option<String> {
        let oyster = self.oyster;
        match (oyster.links.ties.get(&emp), oyster.list_fault) {
            (Some(Tie::Engagement(row)), _) => oyster.engagements[*row].unverified.map(str::to_owned),
            (Some(Tie::Shared(_)), _) => Some("the crosswalk names the engagement for several employees".to_owned()),
            (Some(Tie::Contradiction), _) => Some("the crosswalk gives the employee several engagements".to_owned()),
            (Some(Tie::Unlisted(_)) | None, Some(fault)) => {
                Some(format!("the list of engagements is not whole: {fault}"))
            }
            (Some(Tie::Unlisted(_)) | None, None) => None,
        }
    }

    /// Nobody knows which engagement is the employee's, or there is none.
    fn unlinked(&self, pair: &Pair) -> Verdict {
        let loose = self.oyster.links.loose;
        let are = if loose == 1 { "is" } else { "are" };
        match loose {
            _ if !pair.taken() => at(Place::Matched),
            0 => at(Place::En02Oyster),
            _ => unverified(format!(
                "no engagement is linked to this employee, and {} {are} linked to nobody",
                several(loose, "engagement")
            )),
        }
    }

    /// No enrollment of the benefit.
    fn uncovered(&self, pair: &Pair) -> Verdict {
        let Some(Tie::Engagement(engagement)) = self.oyster.links.ties.get(&pair.emp) else {
            return self.unlinked(pair);
        };
        if !pair.taken() {
            return at(Place::Matched);
        }
        if let Some(verdict) = self.contractor_charged(pair) {
            return verdict;
        }
        if self.oyster.nameless(pair.emp, self.catalog) {
            return unverified("an enrollment without a plan may be of this benefit");
        }
        let now = &self.oyster.engagements[*engagement];
        if !now.read {
            return unverified(UNASKED);
        }
        if self.vanished(*engagement) {
            return unverified(VANISHED);
        }
        let cutoff = self.inputs.payroll.period.cutoff;
        if changed_late(now, cutoff, self.inputs.job.zone) && !self.known_before(now.id, cutoff) {
            return unverified(LATE);
        }
        at(Place::En02Oyster)
    }

    fn covered(&self, pair: &Pair, person: &Person, label: &Label, cover: &OysterCover) -> Verdict {
        if !label.mapped {
            return at(if cover.over() && !pair.taken() { Place::Matched } else { Place::En13 });
        }
        if let Some(verdict) = self.contractor_charged(pair) {
            return verdict;
        }
        if !pair.taken() && self.is_left_behind(person, cover) {
            return at(Place::En04);
        }
        if cover.live && pair.date_kind.is_free() {
            return at(match pair.date_kind {
                DateKind::Extra if pair.collected() => Place::Tm09,
                _ if pair.collected() => Place::Am06,
                _ => Place::Matched,
            });
        }
        match cover.pricing {
            Pricing::NotLive => self.not_live(pair, person, cover),
            Pricing::Anomaly => at(Place::Am14),
            _ if self.oyster.may_not_charge(pair.emp, self.catalog.labels.text(pair.label)) => at(Place::Matched),
            _ if !pair.on_payroll() && (cover.employee_pays == Some(true) || self.employer_paid(pair, person)) => {
                self.not_charged(person, cover)
            }
            Pricing::Not(reason) => (Place::Am16, format!("not computed: {reason}")),
            Pricing::EmployerPays(reason) => self.free(pair, cover, reason),
            Pricing::Priced(_) => self.priced(pair, person, cover),
        }
    }

    fn not_live(&self, pair: &Pair, person: &Person, cover: &OysterCover) -> Verdict {
        if !pair.taken() {
            at(Place::Matched)
        } else if cover.appeared() {
            unverified("appeared after the cut-off")
        } else if cover.ended_since(trailing_start(date(person.payday.start), date(person.payday.end))) {
            out_of_scope("ended within one trailing period")
        } else if cover.late && !cover.known() {
            unverified(LATE)
        } else if self.vanished(cover.engagement) {
            unverified(VANISHED)
        } else {
            at(Place::En08)
        }
    }

    /// In force at the cut-off and tonight, though whoever it is of left before the period. Cover may go on to the end
    /// of the month.
    fn is_left_behind(&self, person: &Person, cover: &OysterCover) -> bool {
        let engagement = &self.oyster.engagements[cover.engagement];
        let of_engagement = |leave: i32| engagement.start.is_some_and(|first| first <= date(leave));
        let left = match engagement.last_day {
            Some(last) => date(person.payday.start).with_day(1).is_some_and(|month| last < month),
            None => !engagement.days_unread() && person.leaver && person.leave.is_some_and(of_engagement),
        };
        let is_live = |(row, _): &(usize, Standing)| self.oyster.enrollments[*row].state.is_live();
        left && cover.live && cover.rows.iter().any(is_live)
    }

    /// In force, the employee pays a part, and payroll has no line.
    fn not_charged(&self, person: &Person, cover: &OysterCover) -> Verdict {
        let engagement = &self.oyster.engagements[cover.engagement];
        let (start, end) = (date(person.payday.start), date(person.payday.end));
        let grace = chrono::Days::new(self.inputs.job.rules.new_hire_grace_days.max(0).unsigned_abs());
        let fresh = self.inputs.as_of.checked_sub_days(grace).unwrap_or(NaiveDate::MIN);
        if person.leaver || engagement.last_day.is_some_and(|last| last < start) {
            out_of_scope("the engagement ended before the period")
        } else if engagement.start.is_some_and(|first| first >= start || (!person.on_payroll && first >= fresh)) {
            out_of_scope(STARTED)
        } else if !person.on_payroll && self.is_paid_elsewhere(cover) {
            out_of_scope(ELSEWHERE)
        } else if engagement.days_unread() {
            unverified(DAYS_UNREAD)
        } else if cover.late {
            unverified(LATE_TERMS)
        } else if engagement.last_day.is_some_and(|last| last <= end) {
            unverified(PART)
        } else {
            at(Place::En09)
        }
    }

    /// Prices that count are all of currencies in which payroll pays nobody.
    fn is_paid_elsewhere(&self, cover: &OysterCover) -> bool {
        let paid: BTreeSet<&str> = self.inputs.payroll.words.currency.iter().flatten().collect();
        let mut priced =
            cover.rows.iter().filter_map(|(row, _)| self.oyster.enrollments[*row].price_currency).peekable();
        !paid.is_empty() && priced.peek().is_some() && priced.all(|currency| !paid.contains(currency))
    }

    /// The first charge of an enrollment that was seen to begin in the period is of several whole deductions.
    fn may_be_backdated(&self, pair: &Pair, person: &Person, cover: &OysterCover) -> bool {
        let begun = cover.begun_on().is_some_and(|day| person.payday.period().holds(day_number(day)));
        let several = |times: i64| {
            !self.beyond(pair.employee_taken, pair.employee_due * times)
                && (!pair.employer || !self.beyond(pair.employer_taken, pair.employer_due * times))
        };
        begun && (2..=BACKDATED_MAX).any(several) && !self.was_taken(pair, person, &Payer::BOTH)
    }

    /// Payroll shows what employers pay, and showed it of this person before: that it has no line is news.
    fn employer_paid(&self, pair: &Pair, person: &Person) -> bool {
        pair.employer && self.was_taken(pair, person, &[Payer::Employer])
    }

    /// The books have something that was taken of one of these payers before the period.
    fn was_taken(&self, pair: &Pair, person: &Person, payers: &[Payer]) -> bool {
        let (start, benefit) = (date(person.payday.start), self.catalog.labels.text(pair.label));
        let paid = |cell: &AccountPeriod| cell.period.end < start && cell.movements.get(EntryKind::Taken) > 0;
        self.inputs.books.of(self.ids.text(pair.emp)).accounts().any(|(account, cells)| {
            payers.contains(&account.payer) && *account.benefit == *benefit && cells.iter().any(paid)
        })
    }

    /// Nothing is due of the employee, in whatever part of the period; the employer's part can't be computed.
    fn free(&self, pair: &Pair, cover: &OysterCover, reason: &str) -> Verdict {
        if !pair.on_payroll() {
            return out_of_scope(EMPLOYER_PAYS);
        }
        let why = format!("not computed: {reason}");
        if !self.beyond(pair.employee_taken, 0) {
            (Place::Am16, why)
        } else if cover.late {
            unverified(LATE_TERMS)
        } else {
            (Place::Am15Free, why)
        }
    }

    fn priced(&self, pair: &Pair, person: &Person, cover: &OysterCover) -> Verdict {
        if !pair.on_payroll() {
            return out_of_scope(EMPLOYER_PAYS);
        }
        if pair.per_year <= 0 {
            return unverified(DEDUCTIONS);
        }
        let ee = self.beyond(pair.employee_taken, pair.employee_due);
        let er = pair.employer && self.beyond(pair.employer_taken, pair.employer_due);
        let engagement = &self.oyster.engagements[cover.engagement];
        let inside = |day: Option<NaiveDate>| day.is_some_and(|d| person.payday.period().holds(day_number(d)));
        match (ee, er) {
            (false, false) => at(Place::Matched),
            _ if engagement.days_unread() => unverified(DAYS_UNREAD),
            _ if cover.late => unverified(LATE_TERMS),
            _ if self.may_be_backdated(pair, person, cover) => unverified(BACKDATED),
            _ if inside(engagement.start) || inside(engagement.last_day) => unverified(PART),
            (true, true) => at(Place::Am15Both),
            (true, false) => at(Place::Am15Employee),
            (false, true) => at(Place::Am15Employer),
        }
    }

    /// Off its estimate by more than the greater of the two tolerances; nothing is due exactly.
    fn beyond(&self, paid: i64, due: i64) -> bool {
        let off = i128::from(paid) - i128::from(due);
        off.abs() > i128::from(self.oyster.settings.tolerance(due))
    }

    /// The contract is over since before the cut-off, or payroll and Benifex have the person as an employee since a
    /// later day than its first.
    pub(in crate::rules) fn is_employee_now(&self, emp: u32, person: &Person) -> bool {
        let Some(Tie::Engagement(engagement)) = self.oyster.links.ties.get(&emp) else { return false };
        self.oyster.was_over_by_cutoff(*engagement, self.inputs)
            || self.oyster.engagements[*engagement].start.is_some_and(|first| {
                let hired = person.hired_by_both.filter(|day| *day <= person.payday.end);
                hired.is_some_and(|day| day > day_number(first) + HIRED_AFTER_DAYS)
            })
    }

    /// Charged for what the job does not allow contractors, where the employee is one, or may be.
    fn contractor_charged(&self, pair: &Pair) -> Option<Verdict> {
        let benefit = self.catalog.labels.text(pair.label);
        if !pair.taken() || self.oyster.settings.contractor_benefits.contains(benefit) {
            return None;
        }
        if self.oyster.may_not_charge(pair.emp, benefit) {
            return Some(at(Place::En15));
        }
        let unknown = self.oyster.engagement_of(pair.emp).is_some_and(|engagement| engagement.odd_kind.is_some());
        unknown.then(|| unverified(KIND_UNKNOWN))
    }

    /// History knows an enrollment that was in force at the cut-off and that tonight's answer lacks.
    fn vanished(&self, engagement: usize) -> bool {
        let id = self.oyster.engagements[engagement].id;
        let shown: BTreeSet<&str> = self.oyster.enrollments_of(engagement).map(|e| e.id).collect();
        let cutoff = self.inputs.payroll.period.cutoff;
        self.oyster.history_of(id).any(|(enrollment, seen)| {
            let then = known_on(seen, cutoff).map(|s| EnrollmentState::parse(&s.state));
            !shown.contains(enrollment) && then.is_some_and(|state| state.is_live())
        })
    }

    /// History knew the engagement at the cut-off.
    fn known_before(&self, engagement: &str, cutoff: NaiveDate) -> bool {
        self.oyster.history_of(engagement).any(|(_, seen)| known_on(seen, cutoff).is_some())
    }
}
