//! The one place of each line: the first rung that fits takes it. This is the order of explanation; nothing else decides
//! where a line ends.

use std::ops::Range;

use polars::prelude::*;

use crate::rules::columns::number_of;
use crate::rules::dictionary::ALIEN;
use crate::rules::people::mark;
use crate::rules::state::State;
use tieout_model::side::halves;

/// Where a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub(super) enum Place {
    Matched,
    Am01,
    Am02,
    /// Both sides differ: one finding each.
    AmBoth,
    En01,
    En02,
    En04,
    En05,
    En13,
    Tm07,
    Id01,
    Id02,
    Id04,
    Id05,
    OutIgnored,
    /// Payroll has a new hire that Benifex does not have yet.
    OutNewHire,
    /// Benifex has a new starter that payroll does not have yet.
    OutNewStarter,
    OutOffPayroll,
    UnverifiedPerson,
    UnverifiedFields,
    UnverifiedDates,
    UnverifiedCurrency,
    Cu01,
    UnverifiedDeductions,
    UnverifiedLate,
    UnverifiedPart,
    UnverifiedRow,
    /// Lines of Oyster's benefits, placed in `oyster/ladder.rs`; also Benifex's lines of contractors (EN15).
    En02Oyster,
    En08,
    En09,
    En15,
    Am15Employee,
    Am15Employer,
    /// Both sides differ: one finding each.
    Am15Both,
    Am14,
    Am16,
    Cu01Oyster,
    OutOyster,
    UnverifiedOyster,
}

/// How CT10 counts a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Matched,
    OutOfScope,
    Unverified,
    Finding,
}

impl Place {
    pub(super) const ALL: [Place; 39] = [
        Place::Matched,
        Place::Am01,
        Place::Am02,
        Place::AmBoth,
        Place::En01,
        Place::En02,
        Place::En04,
        Place::En05,
        Place::En13,
        Place::Tm07,
        Place::Id01,
        Place::Id02,
        Place::Id04,
        Place::Id05,
        Place::OutIgnored,
        Place::OutNewHire,
        Place::OutNewStarter,
        Place::OutOffPayroll,
        Place::UnverifiedPerson,
        Place::UnverifiedFields,
        Place::UnverifiedDates,
        Place::UnverifiedCurrency,
        Place::Cu01,
        Place::UnverifiedDeductions,
        Place::UnverifiedLate,
        Place::UnverifiedPart,
        Place::UnverifiedRow,
        Place::En02Oyster,
        Place::En08,
        Place::En09,
        Place::En15,
        Place::Am15Employee,
        Place::Am15Employer,
        Place::Am15Both,
        Place::Am14,
        Place::Am16,
        Place::Cu01Oyster,
        Place::OutOyster,
        Place::UnverifiedOyster,
    ];

    pub(super) fn number(self) -> u32 {
        self as u32
    }

    /// The place of a number that [`places`] gave.
    pub(super) fn of(number: u32) -> Place {
        Place::ALL[number as usize]
    }

    pub(super) fn fate(self) -> Fate {
        use Place::{
            Am01, Am02, Am14, Am15Both, Am15Employee, Am15Employer, Am16, AmBoth, Cu01, Cu01Oyster, En01, En02,
            En02Oyster, En04, En05, En08, En09, En13, En15, Id01, Id02, Id04, Id05, Matched, OutIgnored, OutNewHire,
            OutNewStarter, OutOffPayroll, OutOyster, Tm07, UnverifiedCurrency, UnverifiedDates, UnverifiedDeductions,
            UnverifiedFields, UnverifiedLate, UnverifiedOyster, UnverifiedPart, UnverifiedPerson, UnverifiedRow,
        };
        match self {
            Matched => Fate::Matched,
            Am01 | Am02 | AmBoth | En01 | En02 | En04 | En05 | En13 | Tm07 | Id01 | Id02 | Id04 | Id05 | En02Oyster
            | En08 | En09 | En15 | Am15Employee | Am15Employer | Am15Both => Fate::Finding,
            OutIgnored | OutNewHire | OutNewStarter | OutOffPayroll | OutOyster | Am16 => Fate::OutOfScope,
            Am14 | Cu01Oyster | UnverifiedOyster | UnverifiedPerson | UnverifiedFields | UnverifiedDates
            | UnverifiedCurrency | Cu01 | UnverifiedDeductions | UnverifiedLate | UnverifiedPart | UnverifiedRow => {
                Fate::Unverified
            }
        }
    }
}

/// What the prior snapshot says of a late change, see `late.rs`.
pub(super) mod late {
    pub const NO: u32 = 0;
    /// Payroll still has what was right before the change.
    pub const AS_BEFORE: u32 = 1;
    /// Nobody knows what was right before the change.
    pub const UNKNOWN: u32 = 2;
}

/// The column `place`. `lines` has the columns of `tables::lines`, `state` of the person and `late`. The ladder is one long
/// expression, which polars works out on one thread: so each half of the lines has one.
pub(super) fn places(lines: &DataFrame) -> PolarsResult<Column> {
    let of_rows = |rows: Range<usize>| {
        let placed = lines.slice(rows.start as i64, rows.len()).lazy().select([number_of(ladder(), "place")]).collect();
        placed?.drop_in_place("place")
    };
    let (upper, lower) = halves(lines.height(), of_rows);
    let mut places = upper?;
    places.append_owned(lower?)?;
    Ok(places.rechunk())
}

fn ladder() -> Expr {
    let at = |place: Place| lit(place.number());
    let state = |state: State| col("state").eq(lit(state.number()));
    when(col("ignored"))
        .then(at(Place::OutIgnored))
        .when(state(State::Unverified))
        .then(at(Place::UnverifiedPerson))
        .when(state(State::RowUnused))
        .then(at(Place::UnverifiedRow))
        .when(col("bad"))
        .then(at(Place::UnverifiedFields))
        .when(state(State::NearMatch))
        .then(at(Place::Id05))
        .when(state(State::Missing))
        .then(at(Place::Id01))
        .when(state(State::NewHire))
        .then(at(Place::OutNewHire))
        .when(state(State::OffPayroll))
        .then(at(Place::Id02))
        .when(state(State::NewStarter))
        .then(at(Place::OutNewStarter))
        .when(state(State::DatesUnreadable))
        .then(at(Place::UnverifiedDates))
        .when(col("dup"))
        .then(at(Place::Id04))
        .when(currency_unknown())
        .then(at(Place::UnverifiedCurrency))
        .when(currencies_differ())
        .then(at(Place::Cu01))
        .when(col("d").lt_eq(lit(0_i64)))
        .then(at(Place::UnverifiedDeductions))
        .when(col("mapped").not().and(col("on_payroll")))
        .then(at(Place::En13))
        .when(col("leaver").and(taken()))
        .then(at(Place::En05))
        .when(col("leaver").and(col("live")))
        .then(at(Place::En04))
        .when(col("on_payroll").not())
        .then(at(Place::OutOffPayroll))
        .when(col("late").eq(lit(late::AS_BEFORE)))
        .then(at(Place::Tm07))
        .when(col("late").eq(lit(late::UNKNOWN)))
        .then(at(Place::UnverifiedLate))
        .otherwise(plain())
}

/// The rungs below a late change: existence, part periods, amounts.
pub(super) fn plain() -> Expr {
    let at = |place: Place| lit(place.number());
    when(taken().and(col("on").not()))
        .then(at(Place::En02))
        .when(due_of_somebody().and(col("mark").eq(lit(mark::RIGHT_ONLY))))
        .then(at(Place::En01))
        .when(differs().and(part_period()))
        .then(at(Place::UnverifiedPart))
        .when(col("over_ee").and(col("over_er")))
        .then(at(Place::AmBoth))
        .when(col("over_ee"))
        .then(at(Place::Am01))
        .when(col("over_er"))
        .then(at(Place::Am02))
        .otherwise(at(Place::Matched))
}

fn currency_unknown() -> Expr {
    let nameless = col("mark").neq(lit(mark::RIGHT_ONLY)).and(col("pay_cur").lt_eq(lit(ALIEN)));
    col("unknown").or(nameless)
}

fn currencies_differ() -> Expr {
    let both = col("mark").eq(lit(mark::BOTH)).and(col("bx_cur").gt(lit(ALIEN)));
    col("uneven").or(col("mixed")).or(both.and(col("bx_cur").neq(col("pay_cur"))))
}

/// Payroll took something.
fn taken() -> Expr {
    col("a").neq(lit(0_i64)).or(col("s").neq(lit(0_i64)))
}

fn due_of_somebody() -> Expr {
    col("e").gt(lit(0_i64)).or(col("r").gt(lit(0_i64)).and(col("employer")))
}

/// A side lies beyond the tolerance.
pub(super) fn differs() -> Expr {
    col("over_ee").or(col("over_er"))
}

fn part_period() -> Expr {
    let leaves = col("leave").gt_eq(col("start")).and(col("leave").lt_eq(col("end"))).fill_null(lit(false));
    col("begins").or(leaves)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_place_leads_back_to_it() {
        for place in Place::ALL {
            assert_eq!(Place::of(place.number()), place);
        }
    }
}
