//! The date layout of a file: one for all of its columns, as a job has one.

use std::collections::BTreeMap;

use crate::cells::{DateShape, Order};
use crate::certainty::{Certainty, Proposed};
use crate::columns::profile::Profile;

/// Which of day and month a country writes first, where the file itself does not prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    DayFirst(&'static str),
    MonthFirst(&'static str),
}

/// The layout of most dates in these columns, as a job writes it; `None` without dates.
pub fn find<'p>(columns: impl Iterator<Item = &'p Profile>, habit: Option<Habit>) -> Option<Proposed<String>> {
    let mut shapes: BTreeMap<(char, usize, bool), BTreeMap<DateShape, usize>> = BTreeMap::new();
    let (mut narrow, mut total) = (0, 0);
    for profile in columns {
        narrow += profile.narrow_dates;
        for (shape, count) in &profile.dates {
            total += count;
            let family = (shape.mark, shape.year_digits, shape.month_name > 0);
            *shapes.entry(family).or_default().entry(*shape).or_default() += count;
        }
    }
    let (_, family) = shapes.into_iter().max_by_key(|(_, shapes)| shapes.values().sum::<usize>())?;
    let fitting: usize = family.values().sum();
    let proposed = order(&family, habit);
    let layout = written(&family, proposed.value, narrow > 0)?;
    let others = if fitting < total {
        format!("; {} of {total} dates are written otherwise", total - fitting)
    } else {
        String::new()
    };
    let certainty = if others.is_empty() { proposed.certainty } else { proposed.certainty.min(Certainty::Likely) };
    Some(Proposed::new(layout, certainty, proposed.reason + &others))
}

fn order(family: &BTreeMap<DateShape, usize>, habit: Option<Habit>) -> Proposed<Order> {
    let count = |wanted: Order| family.iter().filter(|(s, _)| s.order == wanted).map(|(_, n)| *n).sum::<usize>();
    let dates: usize = family.values().sum();
    let (day, month, year) = (count(Order::DayFirst), count(Order::MonthFirst), count(Order::YearFirst));
    match (day, month) {
        _ if year > 0 => Proposed::sure(Order::YearFirst, format!("{dates} dates begin with the year")),
        (0, 0) => undecided(habit),
        (day, 0) => Proposed::sure(Order::DayFirst, proof(family, day, dates, "day")),
        (0, month) => Proposed::sure(Order::MonthFirst, proof(family, month, dates, "month")),
        (day, month) => {
            let order = if day > month { Order::DayFirst } else { Order::MonthFirst };
            Proposed::asked(order, format!("{day} dates can only be day first and {month} only month first"))
        }
    }
}

fn proof(family: &BTreeMap<DateShape, usize>, proving: usize, dates: usize, first: &str) -> String {
    let named = family.keys().any(|shape| shape.month_name > 0);
    let dotted = family.keys().any(|shape| shape.mark == '.');
    match () {
        () if named => format!("{dates} dates name their month"),
        () if dotted => format!("{dates} dates are written with dots, {first} first"),
        () => format!("{proving} of {dates} dates can only be {first} first"),
    }
}

fn undecided(habit: Option<Habit>) -> Proposed<Order> {
    let open = "day and month are 12 or less in every date";
    match habit {
        Some(Habit::DayFirst(why)) => Proposed::asked(Order::DayFirst, format!("{open}; day first because {why}")),
        Some(Habit::MonthFirst(why)) => {
            Proposed::asked(Order::MonthFirst, format!("{open}; month first because {why}"))
        }
        None => Proposed::asked(Order::MonthFirst, format!("{open}: either order fits")),
    }
}

fn written(family: &BTreeMap<DateShape, usize>, order: Order, narrow: bool) -> Option<String> {
    let shape = family.keys().next()?;
    let year = if shape.year_digits == 4 { "yyyy" } else { "yy" };
    let long_name = family.keys().any(|shape| shape.month_name > 3);
    let (day, number) = if narrow { ("d", "M") } else { ("dd", "MM") };
    let month = match shape.month_name {
        0 => number,
        _ if long_name => "MMMM",
        _ => "MMM",
    };
    let mark = if shape.mark == '\0' { String::new() } else { shape.mark.to_string() };
    Some(match order {
        Order::YearFirst => [year, month, day].join(&mark),
        Order::MonthFirst if shape.comma && mark == " " => format!("{month} {day}, {year}"),
        Order::MonthFirst => [month, day, year].join(&mark),
        Order::DayFirst | Order::Either => [day, month, year].join(&mark),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::profile;
    use crate::table;
    use crate::table::delimiter;

    #[track_caller]
    fn check(dates: &[&str], habit: Option<Habit>, expected: &str, certainty: Certainty) {
        let text = format!("Employee ID;Hire Date\n{}", dates.iter().map(|d| format!("1;{d}\n")).collect::<String>());
        let table = table::find(&text, &delimiter::find(&text)).expect("a table");
        let found = find([profile::of_column(&table, 1)].iter(), habit).expect("a layout");
        assert_eq!((found.value.as_str(), found.certainty), (expected, certainty), "{}", found.reason);
    }

    #[test]
    fn a_layout_is_sure_where_one_date_proves_it_and_asked_where_none_does() {
        check(&["03/31/2026", "01/02/2026"], None, "MM/dd/yyyy", Certainty::Sure);
        check(&["31/03/2026", "01/02/2026"], None, "dd/MM/yyyy", Certainty::Sure);
        check(&["3/4/2026", "1/2/2026"], None, "M/d/yyyy", Certainty::Asked);
        check(&["03/04/2026"], Some(Habit::DayFirst("the zone is in Europe")), "dd/MM/yyyy", Certainty::Asked);
        check(&["31.03.2026", "1.2.2026"], None, "d.M.yyyy", Certainty::Sure);
        check(&["2026-03-31"], None, "yyyy-MM-dd", Certainty::Sure);
        check(&["20260331"], None, "yyyyMMdd", Certainty::Sure);
        check(&["05-Jan-15"], None, "dd-MMM-yy", Certainty::Sure);
        check(&["31/03/2026", "03/31/2026"], None, "MM/dd/yyyy", Certainty::Asked);
    }
}
