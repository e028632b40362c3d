//! What happens to a planted person over the periods, what each source shows of it on a night, and what is to be found.
//! Most of it happens to medical cover, whose amounts come out even.

use chrono::NaiveDate;
use strum::VariantArray as _;

use super::Told;
use super::calendar::Calendar;
use crate::world::amounts::{Cents, payroll_text};
use crate::world::calendar::{day, moved};
use crate::world::people::{contribution, due_line};
use crate::world::records::{Benefit, Kind, Ledger, Line, PayrollRow, Subject, User};

/// Yearly amounts of medical cover are multiples of this, so that 12, 24 and further parts of them come out even.
const EVEN: Cents = 12 * 24 * 100;
/// How much dearer a renewal is, a year.
const DEARER: Cents = EVEN;
/// How much is taken too much, a deduction.
const EXCESS: Cents = 2_000;
/// Somebody who was rehired had left on the first of these days.
const LEFT_BEFORE: NaiveDate = day(2024, 6, 30);
const HIRED_AGAIN: NaiveDate = day(2025, 5, 5);
/// Where somebody moves who is of another payroll from then on.
const OTHER_ENTITY: &str = "Northwind Holdings";
/// Days into a period on which elections are made, long before every cut-off.
const ELECTED_DAYS: i64 = 4;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum Story {
    Refunded,
    RefundedInParts,
    CaughtUp,
    NeverCaughtUp,
    OverRun,
    Renewed,
    OldRate,
    RetroCaughtUp,
    RetroOpen,
    Left,
    LeftDeducted,
    Rehired,
    OnLeave,
    HolidayTaken,
    GoneInBenifex,
    MovedEntity,
    PercentTooHigh,
}

use Story::*;

impl Story {
    /// The stories that a calendar has room for.
    pub fn of(calendar: &Calendar) -> Vec<Story> {
        Story::VARIANTS.iter().copied().filter(|story| story.fits(calendar)).collect()
    }

    fn fits(self, calendar: &Calendar) -> bool {
        match self {
            Refunded | CaughtUp | NeverCaughtUp | Renewed | OldRate | Rehired | OnLeave => true,
            GoneInBenifex | MovedEntity | PercentTooHigh => true,
            // Pay dates without deductions would fall into what takes longer than a period.
            RefundedInParts | OverRun | RetroCaughtUp | RetroOpen | Left | LeftDeducted => !calendar.is_biweekly(),
            HolidayTaken => calendar.is_biweekly(),
        }
    }

    pub fn cause(self) -> &'static str {
        match self {
            Refunded => "too much in one period, refunded in the next",
            RefundedInParts => "too much in one period, refunded over two",
            CaughtUp => "left out in one period, caught up in the next",
            NeverCaughtUp => "left out in one period, never made good",
            OverRun => "left out, caught up, and caught up once more",
            Renewed => "renewed at another price, payroll right",
            OldRate => "renewed at another price, payroll a period late",
            RetroCaughtUp => "elected from two periods back, caught up at once",
            RetroOpen => "elected from two periods back, never caught up",
            Left => "left, and is gone everywhere",
            LeftDeducted => "left, and was deducted once more",
            Rehired => "rehired under the old id, the old leave date still there",
            OnLeave => "on unpaid leave in one period, caught up in the next",
            HolidayTaken => "deducted on a pay date without deductions, left out in the next",
            GoneInBenifex => "terminated in Benifex, paid and deducted on",
            MovedEntity => "moved to another legal entity, whose payroll is another one",
            PercentTooHigh => "a pension of more than its percentage of pay, in one period",
        }
    }

    /// What is found is of this benefit; blank where it is of the person.
    fn benefit(self) -> &'static str {
        match self {
            GoneInBenifex | MovedEntity => "",
            PercentTooHigh => Kind::Pension.key(),
            _ => Kind::Medical.key(),
        }
    }

    /// Nothing is ever found.
    #[cfg(test)]
    pub fn is_right(self) -> bool {
        matches!(self, Renewed | RetroCaughtUp | Left | Rehired)
    }

    /// The first period in which it can happen: some need two before it.
    fn earliest(self) -> usize {
        if matches!(self, Renewed | OldRate | RetroCaughtUp | RetroOpen) { 2 } else { 1 }
    }
}

/// A story and the period, from 0, in which it happens.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    story: Story,
    at: usize,
}

impl Known {
    pub fn new(story: Story, calendar: &Calendar, periods: usize, rng: &mut fastrand::Rng) -> Known {
        let fits = |at: &usize| calendar.is_holiday(*at) == (story == HolidayTaken);
        let possible: Vec<usize> = (story.earliest()..periods).filter(fits).collect();
        let at = possible.get(rng.usize(..possible.len().max(1))).copied();
        // A world without such a period leaves the person in peace.
        Known { story, at: at.unwrap_or(periods) }
    }
}

/// Makes the amounts of medical cover even.
pub fn settle_in(subject: &mut Subject) {
    let group = subject.group;
    let even = |amount: Option<Cents>| (amount.unwrap_or_default() / EVEN).max(1) * EVEN;
    let medical = subject.user().benefit(Kind::Medical);
    medical.ee = contribution(even(medical.ee.annual.cents()), group);
    medical.er = contribution(even(medical.er.annual.cents()), group);
    subject.deduct_all();
}

/// What the sources hold of a person on a night.
pub struct Tonight<'s> {
    pub subject: &'s Subject,
    pub user: User,
    /// `None`: not on payroll.
    pub row: Option<PayrollRow>,
    pub ledger: Option<&'s Ledger>,
}

/// The night of a period, and what must be found.
pub fn tonight<'s>(
    subject: &'s Subject,
    known: Option<&Known>,
    calendar: &Calendar,
    at: usize,
) -> (Tonight<'s>, Option<Told>) {
    let user = subject.user.clone().expect("people of this world are in Benifex");
    let mut row = subject.payroll[0].clone();
    if calendar.is_holiday(at) {
        row.lines = Default::default();
    }
    let mut night = Night { calendar, at, user, row: Some(row), per_year: subject.group.deductions() };
    let told = known.and_then(|known| night.tell(known));
    let benefit = known.map_or("", |known| known.story.benefit());
    let told = told.map(|(codes, exposure)| Told {
        employee_id: subject.employee_id.clone(),
        benefit,
        codes: codes.to_vec(),
        exposure: payroll_text(exposure),
        cause: known.map_or("", |known| known.story.cause()),
    });
    (Tonight { subject, user: night.user, row: night.row, ledger: subject.ledger.as_ref() }, told)
}

/// Codes and exposure of what is found; nothing where it is right.
type Found = Option<(&'static [&'static str], Cents)>;

struct Night<'c> {
    calendar: &'c Calendar,
    at: usize,
    user: User,
    row: Option<PayrollRow>,
    per_year: i64,
}

impl Night<'_> {
    /// Changes what the sources hold, and says what follows.
    fn tell(&mut self, known: &Known) -> Found {
        let since = self.at as i64 - known.at as i64;
        match known.story {
            Refunded | RefundedInParts | CaughtUp | NeverCaughtUp | OverRun | HolidayTaken => {
                self.of_payroll(known.story, since)
            }
            Renewed | OldRate => self.renewed(known, since),
            RetroCaughtUp | RetroOpen => self.elected_late(known, since),
            Left | LeftDeducted => self.left(known, since),
            GoneInBenifex if since >= 0 => {
                let [_, last, _] = self.calendar.period(known.at - 1);
                (self.user.leave_date, self.user.status) = (Some(last), "Terminated");
                Some((&["EN06"], 0))
            }
            MovedEntity if since >= 0 => {
                self.user.legal_entity = OTHER_ENTITY;
                self.row = None;
                // From the next cut-off on, everybody knows.
                (since == 0).then_some((&["ID09"][..], 0))
            }
            PercentTooHigh if since >= 0 => {
                if since == 0 {
                    let line = self.row().line(Kind::Pension);
                    line.ee = line.ee.map(|ee| ee + EXCESS);
                }
                // Nothing makes it good.
                Some((&["AM13"], -EXCESS))
            }
            GoneInBenifex | MovedEntity | PercentTooHigh => None,
            Rehired => {
                self.user.leave_date = Some(LEFT_BEFORE);
                self.user.start_date = HIRED_AGAIN;
                self.row().hire_date = HIRED_AGAIN;
                None
            }
            OnLeave => {
                if since == 0 {
                    self.user.status = "Unpaid leave";
                }
                self.of_payroll(CaughtUp, since).map(|(_, exposure)| (&["TM11"][..], exposure))
            }
        }
    }

    /// Payroll alone is wrong, and mostly puts it right.
    fn of_payroll(&mut self, story: Story, since: i64) -> Found {
        let Line { ee, er } = self.full();
        let (ee, er) = (ee.unwrap_or_default(), er.unwrap_or_default());
        match (story, since) {
            (Refunded, 0) => self.takes(EXCESS, 0).and(Some((&["AM01"], -EXCESS))),
            (Refunded, 1) => self.takes(-EXCESS, 0).and(None),
            (RefundedInParts, 0) => self.takes(2 * EXCESS, 0).and(Some((&["AM01"], -2 * EXCESS))),
            (RefundedInParts, 1) => self.takes(-EXCESS, 0).and(Some((&["AM01"], -EXCESS))),
            (RefundedInParts, 2) => self.takes(-EXCESS, 0).and(None),
            (CaughtUp | NeverCaughtUp, 0) => self.takes_nothing().and(Some((&["EN01"], ee + er))),
            (NeverCaughtUp, 1..) => Some((&["EN01"], ee + er)),
            (CaughtUp, 1) => self.takes(ee, er).and(None),
            (OverRun, 0) => self.takes(-ee, 0).and(Some((&["AM01"], ee))),
            (OverRun, 1) => self.takes(ee, 0).and(None),
            (OverRun, 2) => self.takes(ee, 0).and(Some((&["TM03"], -ee))),
            (OverRun, 3) => self.takes(-ee, 0).and(None),
            (HolidayTaken, 0) => self.takes(ee, er).and(Some((&["AM06"], -ee - er))),
            (HolidayTaken, 1) => self.takes_nothing().and(None),
            _ => None,
        }
    }

    /// The next period's record is there a period before, as renewals are.
    fn renewed(&mut self, known: &Known, since: i64) -> Found {
        let before = self.full().ee.unwrap_or_default();
        if since < -1 {
            return None;
        }
        let [start, ..] = self.calendar.period(known.at);
        let [changed, ..] = self.calendar.period(known.at - 1);
        let group = self.calendar.group;
        let medical = self.user.benefit(Kind::Medical);
        medical.ee = contribution(medical.ee.annual.cents().unwrap_or_default() + DEARER, group);
        (medical.effective_from, medical.change_date) = (start, Some(moved(changed, ELECTED_DAYS)));
        let more = self.full().ee.unwrap_or_default() - before;
        // The new price is taken on every pay date but those without deductions.
        let taken = if self.calendar.is_holiday(self.at) { 0 } else { more };
        match (known.story, since) {
            (_, ..0) => None,
            (OldRate, 0) => Some((&["AM01"], more)),
            (OldRate, _) => self.takes(taken, 0).and(Some((&["AM01"], more))),
            _ => self.takes(taken, 0).and(None),
        }
    }

    fn elected_late(&mut self, known: &Known, since: i64) -> Found {
        let Line { ee, er } = self.full();
        let (ee, er) = (ee.unwrap_or_default(), er.unwrap_or_default());
        if since < 0 {
            self.user.benefits.retain(|benefit| benefit.kind != Kind::Medical);
            return self.takes_nothing().and(None);
        }
        let [from, ..] = self.calendar.period(known.at - 2);
        let [changed, ..] = self.calendar.period(known.at);
        let medical = self.user.benefit(Kind::Medical);
        (medical.effective_from, medical.change_date) = (from, Some(moved(changed, ELECTED_DAYS)));
        match (known.story, since) {
            (RetroCaughtUp, 0) => self.takes(2 * ee, 2 * er).and(None),
            (RetroOpen, _) => Some((&["TM01"], 2 * (ee + er))),
            _ => None,
        }
    }

    /// The last day is that of the period before.
    fn left(&mut self, known: &Known, since: i64) -> Found {
        if since < -1 {
            return None;
        }
        let [_, last, _] = self.calendar.period(known.at - 1);
        (self.user.leave_date, self.user.status) = (Some(last), "Leaver");
        self.row().term_date = Some(last);
        if since < 0 {
            return None;
        }
        let Line { ee, er } = self.full();
        let all = ee.unwrap_or_default() + er.unwrap_or_default();
        self.user.benefits.clear();
        match (known.story, since) {
            (LeftDeducted, 0) => {
                let row = self.row();
                let medical = *row.line(Kind::Medical);
                row.lines = Default::default();
                *row.line(Kind::Medical) = medical;
                Some((&["EN05"], -all))
            }
            (LeftDeducted, _) => {
                self.row = None;
                Some((&["TM12"], -all))
            }
            _ => {
                self.row = None;
                None
            }
        }
    }

    fn row(&mut self) -> &mut PayrollRow {
        self.row.as_mut().expect("the story still has its person on payroll")
    }

    /// A whole deduction of medical cover.
    fn full(&mut self) -> Line {
        let medical: &Benefit = self.user.benefit(Kind::Medical);
        due_line(medical, self.per_year)
    }

    /// Payroll takes so much more than it would.
    fn takes(&mut self, ee: Cents, er: Cents) -> Option<()> {
        let line = self.row().line(Kind::Medical);
        let more = |amount: Option<Cents>, more: Cents| match (amount, more) {
            (None, 0) => None,
            (amount, more) => Some(amount.unwrap_or_default() + more),
        };
        *line = Line { ee: more(line.ee, ee), er: more(line.er, er) };
        Some(())
    }

    fn takes_nothing(&mut self) -> Option<()> {
        *self.row().line(Kind::Medical) = Line::default();
        Some(())
    }
}
