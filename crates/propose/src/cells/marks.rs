//! Decimal and thousands marks of a file's amounts.

use std::collections::BTreeMap;

use tieout_model::money::Marks as MoneyMarks;

use crate::certainty::{Certainty, Proposed};
use crate::columns::profile::Profile;

pub struct Marks {
    pub decimal: Proposed<char>,
    /// `None`: amounts have no such mark.
    pub thousands: Proposed<Option<char>>,
}

impl Marks {
    /// As amounts are parsed with them.
    pub fn of_money(&self) -> MoneyMarks {
        MoneyMarks { decimal: self.decimal.value, thousands: self.thousands.value }
    }
}

/// The marks of the amounts in these columns.
pub fn find<'p>(columns: impl Iterator<Item = &'p Profile>) -> Marks {
    let (mut decimals, mut thousands, mut undecided) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut unmarked = 0;
    for profile in columns {
        for (from, to) in [
            (&profile.decimal_marks, &mut decimals),
            (&profile.thousands_marks, &mut thousands),
            (&profile.undecided_marks, &mut undecided),
        ] {
            for (mark, count) in from {
                *to.entry(*mark).or_insert(0) += count;
            }
        }
        unmarked += profile.unmarked_thousands;
    }
    let decimal = decimal(&decimals, &thousands, &undecided);
    let thousands = self::thousands(&thousands, &undecided, decimal.value, unmarked);
    Marks { decimal, thousands }
}

type Counts = BTreeMap<char, usize>;

fn most(counts: &Counts) -> Option<(char, usize)> {
    counts.iter().max_by_key(|(_, count)| **count).map(|(mark, count)| (*mark, *count))
}

fn decimal(decimals: &Counts, thousands: &Counts, undecided: &Counts) -> Proposed<char> {
    if let Some((mark, count)) = most(decimals) {
        let others: usize = decimals.iter().filter(|(other, _)| **other != mark).map(|(_, count)| count).sum();
        let reason = format!("{count} amounts have it before their decimals");
        return match others {
            0 => Proposed::sure(mark, reason),
            _ => Proposed::likely(mark, format!("{reason}, {others} have another")),
        };
    }
    match (most(thousands), most(undecided)) {
        (Some((',', _)), _) => Proposed::likely('.', "no amount has decimals, and `,` marks thousands"),
        (Some(('.', _)), _) => Proposed::likely(',', "no amount has decimals, and `.` marks thousands"),
        (_, Some((mark, count))) => {
            let other = if mark == ',' { '.' } else { ',' };
            let reason = format!("{count} amounts have one `{mark}` before three digits: taken for thousands");
            Proposed::new(other, Certainty::Asked, reason)
        }
        _ => Proposed::likely('.', "no amount has decimals"),
    }
}

fn thousands(thousands: &Counts, undecided: &Counts, decimal: char, unmarked: usize) -> Proposed<Option<char>> {
    let lawful: Counts = thousands.iter().filter(|(mark, _)| **mark != decimal).map(|(m, n)| (*m, *n)).collect();
    if let Some((mark, count)) = most(&lawful) {
        return Proposed::sure(Some(mark), format!("{count} amounts have it"));
    }
    let undecided: Counts = undecided.iter().filter(|(mark, _)| **mark != decimal).map(|(m, n)| (*m, *n)).collect();
    match most(&undecided) {
        Some((mark, count)) => Proposed::likely(Some(mark), format!("{count} amounts have it before three digits")),
        None if unmarked > 0 => Proposed::sure(None, format!("{unmarked} amounts of 1,000 or more have none")),
        None => Proposed::likely(None, "no amount is as large as 1,000"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::profile;
    use crate::table;
    use crate::table::delimiter;

    #[track_caller]
    fn check(amounts: &[&str], decimal: char, thousands: Option<char>, certainty: Certainty) {
        let text = format!("Employee ID;Gross\n{}", amounts.iter().map(|a| format!("x;{a}\n")).collect::<String>());
        let table = table::find(&text, &delimiter::find(&text)).expect("a table");
        let found = find([profile::of_column(&table, 1)].iter());
        assert_eq!((found.decimal.value, found.thousands.value), (decimal, thousands), "{amounts:?}");
        assert_eq!(found.decimal.certainty, certainty, "{amounts:?}");
    }

    #[test]
    fn marks_are_those_that_the_amounts_prove() {
        check(&["60,00", "1.240,00"], ',', Some('.'), Certainty::Sure);
        check(&["60.00", "1,240.00"], '.', Some(','), Certainty::Sure);
        check(&["60.00", "1240.00"], '.', None, Certainty::Sure);
        check(&["1'240.00"], '.', Some('\''), Certainty::Sure);
        check(&["60", "70"], '.', None, Certainty::Likely);
        check(&["1.240"], ',', Some('.'), Certainty::Asked);
    }
}
