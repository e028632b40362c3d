//! One account in one pay period: what stands of all that was posted for it.

use chrono::NaiveDate;

use tieout_model::balance::{EntryKind, Movements, PayPeriod};
use tieout_model::code::Code;

/// What a period is found as of which payroll's amounts are known, and not what was due: the leave date or the pay
/// frequency is in dispute, what the service said could not be read or compared, the job does not say how payroll means
/// its amounts, or a guard stopped the night. It owes what was taken until more is known.
const UNSETTLED: [Code; 15] = {
    use Code::{CO03, CT01, CT06, CT08, CT11, CU01, DE07, ID01, ID04, ID05, ID06, ID09};
    [DE07, CT01, CT06, CT08, CT11, CU01, ID01, ID04, ID05, ID06, ID09, CO03, UNTOLD, OF_PAY, OF_SIGN]
};

/// What was taken may be a percentage of actual pay, which the job neither says nor denies.
pub(crate) const OF_PAY: Code = Code::CO06;

/// Every amount of the code had the other sign: what was taken stands as the file has it.
pub(crate) const OF_SIGN: Code = Code::AM10;

/// What was due was said by a record that no service shows any more, or that nobody has read: no later night knows.
pub(crate) const UNTOLD: Code = Code::EN14;

/// An account in one period: all that was posted for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountPeriod {
    pub period: PayPeriod,
    pub movements: Movements,
    /// What the difference was found as; `None`: rounding, or it settles.
    pub code: Option<Code>,
    /// First day of the record of cover that the expected amount comes from.
    pub cover_from: Option<NaiveDate>,
    /// The first night that posted to it.
    pub found_on: NaiveDate,
    /// `None` where there is nothing of it.
    pub(crate) rare: Option<Box<Rare>>,
}

/// What few periods have: millions of them are held at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Rare {
    given_up: i64,
    given_up_on: Option<NaiveDate>,
    by_gross: Option<i64>,
    due_before: i64,
}

impl AccountPeriod {
    /// With nothing in it yet.
    pub fn new(period: PayPeriod, found_on: NaiveDate) -> AccountPeriod {
        let movements = Movements::default();
        AccountPeriod { period, movements, code: None, cover_from: None, found_on, rare: None }
    }

    /// Another look at the period, of which nothing is posted yet.
    pub fn emptied(&self) -> AccountPeriod {
        AccountPeriod { movements: Movements::default(), code: None, ..self.clone() }
    }

    /// The same with every amount of the other sign.
    pub(super) fn mirrored(&self) -> AccountPeriod {
        let mut mirrored = AccountPeriod { movements: self.movements.mirrored(), ..self.clone() };
        if let Some(rare) = &mut mirrored.rare {
            (rare.given_up, rare.due_before) = (-rare.given_up, -rare.due_before);
            rare.by_gross = rare.by_gross.map(|by_gross| -by_gross);
        }
        mirrored
    }

    /// The most that persons have given up of it; what is written off now may be less.
    pub fn given_up(&self) -> i64 {
        self.rare.as_ref().map_or(0, |rare| rare.given_up)
    }

    /// The day of which a person last wrote off some of it.
    pub fn given_up_on(&self) -> Option<NaiveDate> {
        self.rare.as_ref()?.given_up_on
    }

    /// Of a percentage that less was taken of, or nothing: what was due by the gross pay; of a period that the job did
    /// not say how to judge, by its record.
    pub fn by_gross(&self) -> Option<i64> {
        self.rare.as_ref()?.by_gross
    }

    /// Notes what was due by the gross pay, or the record.
    pub fn set_by_gross(&mut self, by_gross: Option<i64>) {
        self.set_rare(|rare| rare.by_gross = by_gross);
    }

    /// What was due before another record, or a leave date, said that nothing was; 0 where something is.
    pub fn due_before(&self) -> i64 {
        self.rare.as_ref().map_or(0, |rare| rare.due_before)
    }

    fn set_rare(&mut self, set: impl FnOnce(&mut Rare)) {
        let mut rare = self.rare.as_deref().copied().unwrap_or_default();
        set(&mut rare);
        if rare == Rare::default() {
            self.rare = None;
        } else if let Some(held) = &mut self.rare {
            **held = rare;
        } else {
            self.rare = Some(Box::new(rare));
        }
    }

    /// What was due is not known yet: the period owes what was taken.
    pub fn is_unsettled(&self) -> bool {
        self.code.is_some_and(|code| UNSETTLED.contains(&code))
    }

    /// What was due is known to no later night either.
    pub fn is_untold(&self) -> bool {
        self.code == Some(UNTOLD)
    }

    /// It could not be judged, and no record of cover was there to judge it by.
    pub fn is_without_record(&self) -> bool {
        self.is_untold() && self.cover_from.is_none()
    }

    /// What the period leaves owing, rounding rare.
    pub fn difference(&self) -> i128 {
        let [expected, taken, rest @ ..] = self.movements.amounts();
        // A difference that neither is a finding nor moves an earlier balance is rounding, which nobody owes.
        let rounding = self.code.is_none() && rest == [0; 3] && (expected, taken) != (0, 0);
        if rounding { 0 } else { self.movements.balance() }
    }

    /// Expects another amount. What a person gave up of an amount that was not due after all was never owed, and is
    /// given up still once it is due again.
    pub fn expect(&mut self, expected: i64) {
        self.movements += Movements::of(EntryKind::Expected, expected - self.movements.get(EntryKind::Expected));
        let stands = self.given_up_of(expected, self.movements.get(EntryKind::Taken));
        self.movements += Movements::of(EntryKind::WrittenOff, stands - self.movements.get(EntryKind::WrittenOff));
    }

    /// How much of what persons gave up was owed, with these amounts.
    pub fn given_up_of(&self, expected: i64, taken: i64) -> i64 {
        let owed = expected.saturating_sub(taken);
        self.given_up().clamp(owed.min(0), owed.max(0))
    }

    /// Takes in what was posted. `judged_by`: the day of a record or a leave date.
    pub(super) fn post(&mut self, night: NaiveDate, movements: Movements, judged_by: Option<NaiveDate>) {
        let due = self.movements.get(EntryKind::Expected);
        let by_another = judged_by.is_some() && judged_by != self.cover_from;
        self.movements += movements;
        let (now, written_off) =
            [EntryKind::Expected, EntryKind::WrittenOff].map(|kind| self.movements.get(kind)).into();
        if due != 0 || now != 0 {
            let due_before = if now == 0 && by_another { due } else { 0 };
            self.set_rare(|rare| rare.due_before = due_before);
        }
        let given_up = self.given_up();
        if written_off != 0 && (written_off.abs() > given_up.abs() || written_off.signum() != given_up.signum()) {
            self.set_rare(|rare| (rare.given_up, rare.given_up_on) = (written_off, Some(night)));
        }
    }
}

/// What was posted for the period that ends on this day. `cells` by period, oldest first.
pub fn cell(cells: &[AccountPeriod], end: NaiveDate) -> Option<&AccountPeriod> {
    cells.binary_search_by_key(&end, |cell| cell.period.end).ok().map(|at| &cells[at])
}
