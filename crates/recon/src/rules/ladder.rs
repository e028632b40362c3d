//! The first place of each line of Benifex's benefits: the first rung that fits takes it, in the order of explanation.
//! Three steps may move it afterwards, in this order: `lines::whole_code` (several benefits of one code),
//! `oyster::ladder` (contractors) and `balance` (what earlier periods explain). Oyster's lines have rungs of their own,
//! for their prices are estimates.

use crate::rules::calendar::DateKind;
use crate::rules::calendar::cover::{Cover, CoverShare};
use crate::rules::calendar::employer_share::EmployerShare;
use crate::rules::lines::dictionary::ALIEN;
use crate::rules::lines::labels::Label;
use crate::rules::lines::pair::Pair;
use crate::rules::people::everybody::Person;
use crate::rules::people::person_state::PersonState;
use crate::rules::place::Place;
use crate::rules::timeline::late_changes::LateChange;
use crate::scheme::{FirstDeduction, Scheme};
use tieout_model::finding::Payer;

/// The place of a line of Benifex's: completeness, identity, currency and leavers here, the rest in [`plain`].
pub(super) fn place(pair: &Pair, person: &Person, label: &Label, scheme: &Scheme, late: LateChange) -> Place {
    if label.ignored.is_some() {
        return Place::OutIgnored;
    }
    if let Some(place) = unjudged(pair, person) {
        return place;
    }
    // The final pay of a leaver may stand in two rows: the books tell whether they are right together.
    if pair.duplicate && !person.has_left() {
        return Place::Id04;
    }
    if currency_unknown(pair) {
        return Place::UnverifiedCurrency;
    }
    if currencies_differ(pair) {
        return Place::Cu01;
    }
    if pair.per_year <= 0 {
        return Place::UnverifiedDeductions;
    }
    if !label.mapped && person.on_payroll {
        return Place::En13;
    }
    if person.disputed {
        return Place::Unsettled;
    }
    let over = person.cover(pair, scheme).is_over();
    if over && pair.taken() {
        let trails = person.employer_share(pair, scheme).is_some_and(|share| share.trails(pair));
        return if trails { Place::Accepted } else { Place::En05 };
    }
    if over && pair.live {
        // What is deducted in advance has nothing to pay for while cover is still there.
        return if person.cover(pair, scheme).is_over_before_the_period() { Place::En04 } else { Place::Accepted };
    }
    if !person.on_payroll {
        return Place::OutOffPayroll;
    }
    match late {
        // Cover of somebody who left in these days lasts by the scheme's rule, whether or not it is listed still, and
        // that of somebody who leaves in the next ones lasts over these.
        LateChange::AsBefore if !pair.live && (person.leaves_next() || person.cover(pair, scheme).outlasts_leave()) => {
            Place::Accepted
        }
        LateChange::AsBefore => Place::Tm07,
        LateChange::Unknown => Place::UnverifiedLate,
        LateChange::FewerRecords => Place::UnverifiedFewer,
        LateChange::EndedSince if !pair.expected() || pair.live => Place::UnverifiedEnded,
        _ => plain(pair, person, label, scheme, late),
    }
}

/// The rungs below a late change: existence, timing, the pay calendar, part periods, amounts.
pub(super) fn plain(pair: &Pair, person: &Person, label: &Label, scheme: &Scheme, late: LateChange) -> Place {
    let cover = person.cover(pair, scheme);
    let apart = person.employer_share(pair, scheme);
    // By the first pay whose whole period has cover, what begins with the month of a later pay date is of the next one.
    let may_follow = match scheme.first_deduction {
        None => true,
        // Where nothing was taken, by either something is missing.
        Some(FirstDeduction::NextPay) => cover.window.first > person.payday.end && pair.collected(),
        Some(_) => false,
    };
    let follows = late == LateChange::Follows && may_follow;
    let differs = Payer::BOTH.into_iter().any(|payer| pair.differs(payer));
    if follows && differs && pair.in_force && !cover.is_ahead() {
        return Place::UnverifiedPayDate;
    }
    if let Some(place) = existence(pair, person, scheme, &cover, apart.as_ref(), late) {
        return place;
    }
    let Some(share) = apart else { return amounts(pair, person, label, scheme, &cover) };
    let employee = Pair { employer_taken: 0, employer_due: 0, employer: false, ..*pair };
    share.beside(amounts(&employee, person, label, scheme, &cover), pair, scheme)
}

/// The rungs of what is there on one side alone.
fn existence(
    pair: &Pair,
    person: &Person,
    scheme: &Scheme,
    cover: &Cover,
    apart: Option<&EmployerShare>,
    late: LateChange,
) -> Option<Place> {
    if pair.taken() {
        if scheme.eligible == Some(false) {
            return Some(if person.other_calendar { Place::UnverifiedGroup } else { Place::En16 });
        }
        if !pair.in_force {
            let ended = ended_inside(pair, cover) || apart.is_some_and(|share| ended_inside(pair, &share.cover));
            return Some(match late {
                _ if ended => Place::UnverifiedEnded,
                // An older snapshot alone tells cover that was there from cover that never was.
                LateChange::Untold if !pair.expected() && person.in_benifex => Place::UnverifiedVanished,
                _ => Place::En02,
            });
        }
        if cover.is_ahead() {
            if scheme.first_deduction.is_none() && cover.begins_by(person.payday.end_of_later_month()) {
                return Some(Place::UnverifiedPayDate);
            }
            let known = late == LateChange::NotThen || scheme.first_deduction.is_some();
            return Some(if known { Place::En11 } else { Place::UnverifiedAhead });
        }
        // What is given back may be of the month before, or all that is due.
        let given_back = !pair.collected() && pair.due() && cover.is_over_before_the_month();
        return (given_back && scheme.first_deduction.is_none()).then_some(Place::UnverifiedPayDate);
    }
    let unknown = apart.is_some_and(|share| share.date_kind == DateKind::Unknown && pair.employer_due > 0);
    match pair.due() {
        true if unknown => Some(Place::UnverifiedCalendar),
        true => not_taken(pair, person, scheme, cover),
        false => None,
    }
}

/// The rungs of the amounts: timing, the pay calendar, part periods, and what differs.
fn amounts(pair: &Pair, person: &Person, label: &Label, scheme: &Scheme, cover: &Cover) -> Place {
    let differs = Payer::BOTH.map(|payer| pair.differs(payer));
    let exchanged = if differs == [true, true] { swapped(pair) } else { None };
    match differs {
        // On how often somebody is paid hangs whether nothing is due on the pay date.
        [false, false] if free_in_dispute(pair, person) => Place::UnverifiedFrequency,
        [false, false] => Place::Matched,
        _ if pair.several => Place::UnverifiedSeveral,
        _ if person.other_calendar => Place::UnverifiedGroup,
        _ if person.frequency.is_disputed() || more_than_pays(pair, person) => Place::UnverifiedFrequency,
        // Of a percentage something is due in each run.
        _ if scheme.percent_of_pay == Some(true) && person.payday.in_file == 0 => Place::Accepted,
        _ if pair.date_kind == DateKind::Holiday && pair.collected() => Place::Am06,
        _ if pair.date_kind == DateKind::Extra && pair.collected() => Place::Tm09,
        _ if percent_of_part(pair, scheme, cover) => match percent(pair, person, scheme) {
            Place::Am13 if cover.begins() && !cover.is_new(person.joined) => Place::UnverifiedPart,
            place => place,
        },
        _ if takes_what_follows(pair, person, cover) => Place::Accepted,
        _ if pair.live && cover.share(scheme) != CoverShare::Whole => part(pair, person, scheme, cover),
        _ if in_arrears(pair, scheme, cover) => Place::Accepted,
        // Of somebody who had other cover before, the period was paid for already, or was not.
        _ if first_in_advance(pair, label, cover) && !cover.is_new(person.joined) => Place::UnverifiedReplaced,
        _ if first_in_advance(pair, label, cover) => Place::Accepted,
        _ if label.sacrifice && (pair.employer || pair.agrees_together()) => together(pair, person, scheme),
        _ if exchanged.is_some() => exchanged.unwrap_or(Place::AmBoth),
        _ if scheme.percent_of_pay == Some(true) && pair.taken() => percent(pair, person, scheme),
        [true, _] if label.may_be_percentage(scheme) && person.pays_percent_of(pair) => Place::UnverifiedPercent,
        // The employer goes on paying its part while nobody is paid.
        [true, false] if person.on_leave && pair.employee_taken == 0 && pair.employee_due > 0 => Place::Tm11,
        [true, true] => Place::AmBoth,
        [true, false] => Place::Am01,
        [false, true] => Place::Am02,
    }
}

/// Nothing was taken of a benefit in force, as is right on this pay date by one of two frequencies.
fn free_in_dispute(pair: &Pair, person: &Person) -> bool {
    let is_disputed = person.frequency.is_disputed() || more_than_pays(pair, person);
    is_disputed && pair.live && pair.in_force && pair.date_kind.is_free() && !pair.taken()
}

/// More deductions a year than pays, a further pay date aside.
fn more_than_pays(pair: &Pair, person: &Person) -> bool {
    let pays = person.payday.pays;
    person.payday.in_file == 1 && pays > 0 && pair.per_year > pays + 1
}

/// A percentage of pay: between those of the salary and of the gross pay, for a bonus may count or not. Less may come
/// of a limit that nobody states.
fn percent(pair: &Pair, person: &Person, scheme: &Scheme) -> Place {
    let mut place = Place::Accepted;
    for (taken, due) in compared(pair) {
        let Some(of_gross) = person.of_gross(scheme, due, pair.per_year) else { continue };
        if taken > due.max(of_gross) + pair.tolerance {
            return Place::Am13;
        }
        if taken < due.min(of_gross) - pair.tolerance {
            place = Place::UnverifiedLimit;
        }
    }
    place
}

/// How much more than the percentage both payers paid, whichever pay it is of: the least that is too much. `made_up`:
/// what a payer's amount takes of earlier periods.
pub(super) fn beyond_percent(pair: &Pair, person: &Person, scheme: &Scheme, made_up: impl Fn(Payer) -> i64) -> i64 {
    let beyond = |((taken, due), payer): ((i64, i64), Payer)| {
        let most = person.of_gross(scheme, due, pair.per_year)?.max(due);
        Some(taken - made_up(payer) - most).filter(|more| *more > pair.tolerance)
    };
    compared(pair).zip(Payer::BOTH).filter_map(beyond).sum()
}

/// Taken and due, of the payers whose amounts payroll gives.
fn compared(pair: &Pair) -> impl Iterator<Item = (i64, i64)> {
    let payers =
        [(pair.employee_taken, pair.employee_due, true), (pair.employer_taken, pair.employer_due, pair.employer)];
    payers.into_iter().filter(|(.., compared)| *compared).map(|(taken, due, _)| (taken, due))
}

/// Salary sacrifice: what both pay is one amount. Without pay there is none to give up.
fn together(pair: &Pair, person: &Person, scheme: &Scheme) -> Place {
    let (taken, due) = (pair.employee_taken + pair.employer_taken, pair.employee_due + pair.employer_due);
    let of_gross = person.of_gross(scheme, due, pair.per_year).filter(|_| scheme.percent_of_pay == Some(true));
    let (least, most) = of_gross.map_or((due, due), |of_gross| (due.min(of_gross), due.max(of_gross)));
    match (least - 2 * pair.tolerance..=most + 2 * pair.tolerance).contains(&taken) {
        true => Place::Accepted,
        false if person.on_leave && taken < due => Place::Tm11,
        false => Place::AmTogether,
    }
}

/// A percentage of pay in a period in which cover begins, ends or changes: of whatever was paid.
fn percent_of_part(pair: &Pair, scheme: &Scheme, cover: &Cover) -> bool {
    scheme.percent_of_pay == Some(true) && pair.collected() && pair.live && cover.share(scheme) != CoverShare::Whole
}

/// Both sides differ, and together they agree: each paid for the other, or one paid for both.
fn swapped(pair: &Pair) -> Option<Place> {
    let near = |paid: i64, due: i64| (paid - due).abs() <= pair.tolerance;
    match pair.agrees_together() {
        true if near(pair.employee_taken, pair.employer_due) && near(pair.employer_taken, pair.employee_due) => {
            Some(Place::Am09)
        }
        true if pair.employee_taken == 0 || pair.employer_taken == 0 => Some(Place::UnverifiedSacrifice),
        _ => None,
    }
}

/// Something is due and nothing was taken. `None`: a written 0.00 that is a line, compared as an amount.
fn not_taken(pair: &Pair, person: &Person, scheme: &Scheme, cover: &Cover) -> Option<Place> {
    if pair.date_kind == DateKind::Unknown {
        return Some(Place::UnverifiedCalendar);
    }
    if scheme.first_deduction.is_none() && cover.is_over_before_the_month() {
        return Some(Place::UnverifiedPayDate);
    }
    // Whoever was hired anew after the days that are paid for had no cover in them, whatever the one before says.
    let is_before = person.hired_by_both.is_some_and(|hired| cover.window.last < hired);
    let in_arrears = scheme.first_deduction == Some(FirstDeduction::InArrears);
    if cover.share(scheme) == CoverShare::Open || (in_arrears && is_before) {
        return Some(Place::Accepted);
    }
    // A percentage of no pay is nothing.
    if scheme.percent_of_pay == Some(true) && person.of_gross(scheme, pair.employee_due, pair.per_year) == Some(0) {
        return Some(Place::Accepted);
    }
    if person.on_leave {
        return Some(Place::Tm11);
    }
    (!pair.on_payroll()).then_some(if person.other_calendar { Place::UnverifiedGroup } else { Place::En01 })
}

/// The amounts of a part of a period: by the scheme's rule, or else by any accepted practice.
fn part(pair: &Pair, person: &Person, scheme: &Scheme, cover: &Cover) -> Place {
    if cover.share(scheme) != CoverShare::Open {
        return Place::Am08;
    }
    match accepted(pair, cover) {
        true => Place::Accepted,
        // A change inside the period may have replaced other cover.
        false if cover.begins() && !cover.is_new(person.joined) => Place::UnverifiedPart,
        false => Place::Am08,
    }
}

/// Both sides are what an accepted practice takes.
fn accepted(pair: &Pair, cover: &Cover) -> bool {
    let employer = !pair.employer || cover.accepts(pair.employer_taken, pair.employer_due, pair.tolerance);
    employer && cover.accepts(pair.employee_taken, pair.employee_due, pair.tolerance)
}

/// Cover began in the period before, and what was taken may be that part's, in arrears.
pub(super) fn in_arrears(pair: &Pair, scheme: &Scheme, cover: &Cover) -> bool {
    let open = pair.live && pair.taken() && scheme.first_deduction.is_none();
    open && cover.before().is_some_and(|before| accepted(pair, &before))
}

/// Deducted in advance, and cover began in this period already: its first part was never due before.
fn first_in_advance(pair: &Pair, label: &Label, cover: &Cover) -> bool {
    let Some(first) = cover.first_in_advance().filter(|_| pair.live) else { return false };
    let takes =
        |taken: i64, due: i64, tolerance: i64| taken >= due - tolerance && first.accepts(taken - due, due, tolerance);
    if label.sacrifice {
        let [taken, due] = [pair.employee_taken + pair.employer_taken, pair.employee_due + pair.employer_due];
        return takes(taken, due, 2 * pair.tolerance);
    }
    compared(pair).all(|(taken, due)| takes(taken, due, pair.tolerance))
}

/// The final pay of somebody whose cover outlasts it takes what the rest of the cover costs.
fn takes_what_follows(pair: &Pair, person: &Person, cover: &Cover) -> bool {
    let follow = cover.windows_after();
    let left = person.has_left();
    let takes = |taken: i64, due: i64| {
        taken >= due - pair.tolerance && taken - due <= follow.saturating_mul(due) + pair.tolerance
    };
    left && follow > 0
        && pair.live
        && takes(pair.employee_taken, pair.employee_due)
        && (!pair.employer || takes(pair.employer_taken, pair.employer_due))
}

/// Cover is over since a day of this period, by a leave date or the benefit's own last change.
fn ended_inside(pair: &Pair, cover: &Cover) -> bool {
    cover.outlasts_leave() || (pair.expected() && cover.may_end_on(pair.changed))
}

/// Where the lines of somebody end who is not judged, or a line of which a field could not be read.
fn unjudged(pair: &Pair, person: &Person) -> Option<Place> {
    let place = match person.state {
        PersonState::Unverified => Place::UnverifiedPerson,
        PersonState::RowUnused => Place::UnverifiedRow,
        _ if pair.unreadable => Place::UnverifiedFields,
        PersonState::NearMatch => Place::Id05,
        PersonState::Reused => Place::Unsettled,
        PersonState::Elsewhere => Place::OutElsewhere,
        PersonState::Missing => Place::Id01,
        PersonState::NewHire => Place::OutNewHire,
        PersonState::OffPayroll => Place::Id02,
        PersonState::NewStarter => Place::OutNewStarter,
        PersonState::DatesUnreadable => Place::UnverifiedDates,
        PersonState::Judged => return None,
    };
    Some(place)
}

fn currency_unknown(pair: &Pair) -> bool {
    pair.nameless || (pair.on_payroll() && pair.pay_cur <= ALIEN)
}

fn currencies_differ(pair: &Pair) -> bool {
    let both = pair.on_payroll() && pair.expected();
    pair.uneven || pair.mixed || (both && pair.bx_cur > ALIEN && pair.bx_cur != pair.pay_cur)
}

impl Person {
    /// By the end of the pay period.
    pub(super) fn has_left(&self) -> bool {
        self.leave.is_some_and(|leave| leave <= self.payday.end)
    }

    /// Cover of the line beside the days that its deduction pays for.
    pub(super) fn cover(&self, pair: &Pair, scheme: &Scheme) -> Cover {
        Cover::new(self.payday, scheme, pair.first_day(), self.leave).deducted(scheme, pair.per_year)
    }
}
