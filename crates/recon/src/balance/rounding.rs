//! The rounding of a yearly amount, which one deduction of the year carries: so a year, or a loan of several, comes to
//! exactly what was agreed.

/// Years after which a loan is paid back at the latest.
const YEARS_MAX: i64 = 5;

/// What one deduction may carry. Amounts are counts of 1/10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// What Benifex states of a year.
    pub annual: i64,
    /// One of so many deductions.
    pub deductions: i64,
    pub due: i64,
    /// What is usually taken, from least to most: each payroll rounds as it likes.
    pub usual: (i64, i64),
    /// The minor unit of the currency.
    pub unit: i64,
    /// Deductions by the record so far, and what they were in all.
    pub so_far: (i64, i128),
    /// Deductions since the last one that carried it; `None`: no such one is known.
    pub since_last: Option<i64>,
}

impl Rounding {
    /// So much `more` than is due is exactly what the usual deductions leave of the yearly amount, of which no other
    /// one carries it, or brings all of them to it.
    pub fn allows(&self, more: i128) -> bool {
        let apart = |years: i64| self.since_last.is_none_or(|since| since + 1 >= years * self.deductions);
        self.years(more).is_some_and(apart) || self.completes(more)
    }

    /// Of so many years, so much `more` than is due is exactly what the usual deductions leave.
    pub fn years(&self, more: i128) -> Option<i64> {
        let Rounding { annual, deductions, due, usual: (least, most), unit, .. } = *self;
        let left = |usual: &i64| annual - deductions * usual;
        let by_unit = (least..=most).step_by(usize::try_from(unit).unwrap_or(1).max(1));
        let mut lefts = by_unit.filter(|usual| left(usual) != 0 && left(usual).abs() < deductions * unit);
        lefts.find_map(|usual| {
            (1..=YEARS_MAX)
                .find(|years| more == i128::from(usual - due) + i128::from(*years) * i128::from(left(&usual)))
        })
    }

    /// With so much `more` than is due, all deductions by the record come to exactly what the yearly amount makes of
    /// them: the last one of a part of a year.
    fn completes(&self, more: i128) -> bool {
        let Rounding { annual, deductions, due, unit, so_far: (number, taken), .. } = *self;
        let (all, number) = (taken + i128::from(due) + more, i128::from(number + 1));
        let exact = i128::from(annual) * number - all * i128::from(deductions);
        let half = i128::from(unit * deductions);
        number > 1 && 2 * exact.abs() <= half && more.abs() < number * i128::from(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CENT: i64 = 100;

    fn of(annual: i64, deductions: i64, due: i64) -> Rounding {
        Rounding {
            annual,
            deductions,
            due,
            usual: (due - CENT, due + CENT),
            unit: CENT,
            so_far: (0, 0),
            since_last: None,
        }
    }

    #[test]
    fn one_deduction_leaves_the_year_exactly_what_it_is() {
        // 1,000.00 as 11 x 83.33 + 83.37, or 11 x 83.34 + 83.26.
        let monthly = of(10_000_000, 12, 833_300);
        assert_eq!([400, -700].map(|more| monthly.years(more)), [Some(1), Some(1)]);
        // Over two years as 23 x 83.33 + 83.41; a cent beside it is none.
        assert_eq!([800, 500, -400].map(|more| monthly.years(more)), [Some(2), None, None]);
        assert_eq!(Rounding { usual: (833_300, 833_300), ..monthly }.years(-700), None);
        // 3,050.00 as 51 x 58.65 + 58.85.
        assert_eq!(of(30_500_000, 52, 586_500).years(2_000), Some(1));
        // Once a year.
        assert_eq!([10, 11].map(|since| Rounding { since_last: Some(since), ..monthly }.allows(400)), [false, true]);
        // Nothing is left of 12 x 100.00.
        assert_eq!(Rounding { usual: (1_000_000, 1_000_000), ..of(12_000_000, 12, 1_000_000) }.years(0), None);
    }

    #[test]
    fn the_last_deduction_of_a_part_of_a_year_may_carry_it_too() {
        // Half of 2,000.00 as 5 x 166.67 + 166.65.
        let half = Rounding { so_far: (5, 8_333_500), ..of(20_000_000, 12, 1_666_700) };
        assert!(half.completes(-200));
        assert!(!half.completes(-400) && !half.completes(200));
        assert!(!Rounding { so_far: (0, 0), ..half }.completes(-200));
    }
}
