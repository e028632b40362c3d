//! The one place of each line: the first rung that fits takes it. This is the order of explanation; nothing else decides
//! where a line of Benifex's benefits ends. Oyster's lines have rungs of their own, for their prices are estimates.

use crate::rules::calendar::DateKind;
use crate::rules::dictionary::ALIEN;
use crate::rules::late::Late;
use crate::rules::pair::Pair;
use crate::rules::people::Person;
use crate::rules::place::Place;
use crate::rules::state::State;
use crate::rules::words::Label;
use tieout_model::finding::Side;

/// The place of a line of Benifex's: completeness, identity, currency and leavers here, the rest in [`plain`].
pub(super) fn place(pair: &Pair, person: &Person, label: &Label, late: Late) -> Place {
    if label.ignored.is_some() {
        return Place::OutIgnored;
    }
    if let Some(place) = unjudged(pair, person) {
        return place;
    }
    if pair.duplicate {
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
    if person.leaver && pair.taken() {
        return Place::En05;
    }
    if person.leaver && pair.live {
        return Place::En04;
    }
    if !person.on_payroll {
        return Place::OutOffPayroll;
    }
    match late {
        Late::AsBefore => Place::Tm07,
        Late::Unknown => Place::UnverifiedLate,
        Late::No => plain(pair, person),
    }
}

/// The rungs below a late change: existence, the pay calendar, part periods, amounts.
pub(super) fn plain(pair: &Pair, person: &Person) -> Place {
    if pair.taken() && !pair.in_force {
        return Place::En02;
    }
    if pair.date_kind == DateKind::Unknown && pair.due() && !pair.taken() {
        return Place::UnverifiedCalendar;
    }
    if pair.due() && !pair.on_payroll() {
        return Place::En01;
    }
    match (pair.differs(Side::Employee), pair.differs(Side::Employer)) {
        (false, false) => Place::Matched,
        _ if pair.date_kind == DateKind::Holiday && pair.collected() => Place::Am06,
        _ if pair.date_kind == DateKind::Extra && pair.collected() => Place::Tm09,
        _ if part_period(pair, person) => Place::UnverifiedPart,
        (true, true) => Place::AmBoth,
        (true, false) => Place::Am01,
        (false, true) => Place::Am02,
    }
}

/// Where the lines of somebody end who is not judged, or a line of which a field could not be read.
fn unjudged(pair: &Pair, person: &Person) -> Option<Place> {
    let place = match person.state {
        State::Unverified => Place::UnverifiedPerson,
        State::RowUnused => Place::UnverifiedRow,
        _ if pair.unreadable => Place::UnverifiedFields,
        State::NearMatch => Place::Id05,
        State::Reused => Place::Unsettled,
        State::Missing => Place::Id01,
        State::NewHire => Place::OutNewHire,
        State::OffPayroll => Place::Id02,
        State::NewStarter => Place::OutNewStarter,
        State::DatesUnreadable => Place::UnverifiedDates,
        State::Judged => return None,
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

/// Cover begins, or the employment ends, inside the period.
fn part_period(pair: &Pair, person: &Person) -> bool {
    pair.begins || person.leave.is_some_and(|leave| (person.start..=person.end).contains(&leave))
}
