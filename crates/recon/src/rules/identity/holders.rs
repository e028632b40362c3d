//! Ids that are another person's in Benifex than they were: what older snapshots say of such an id, and what the books
//! hold of it, is of the former holder. Who merely came back, married, or has a new account is the same person.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use polars::prelude::*;

use crate::balance::BalanceHistory;
use crate::rules::identity::reused::{STRANGE, swapped};
use crate::rules::people::names::{Name, ONE_PERSON_MIN, likeness, surname_likeness};
use crate::rules::people::similar::ALIKE;
use crate::rules::people::{date, day_number};
use crate::snapshot::{POPULATION, USERS};
use crate::tables::payroll::PAYROLL_PEOPLE;
use crate::tables::payroll::PayrollTables;

/// The people of one snapshot.
#[derive(Clone, Copy)]
pub struct Users<'s> {
    pub population: &'s DataFrame,
    pub users: &'s DataFrame,
}

/// Columns of a snapshot's people by which they are told apart.
pub(in crate::rules) struct Marks<'s> {
    ids: &'s StringChunked,
    /// Of the row.
    emps: Vec<u32>,
    born: &'s Int32Chunked,
    begun: &'s Int32Chunked,
    names: [&'s StringChunked; 2],
}

impl<'s> Marks<'s> {
    pub(in crate::rules) fn new(of: Users<'s>) -> PolarsResult<Marks<'s>> {
        Ok(Marks {
            ids: POPULATION.employee_id.of(of.population)?,
            emps: USERS.emp.of(of.users)?.into_no_null_iter().collect(),
            born: USERS.dob.of(of.users)?,
            begun: USERS.start_date.of(of.users)?,
            names: [USERS.first_name.of(of.users)?, USERS.last_name.of(of.users)?],
        })
    }

    pub(in crate::rules) fn len(&self) -> usize {
        self.emps.len()
    }

    /// Row of the population.
    pub(in crate::rules) fn emp(&self, row: usize) -> usize {
        self.emps[row] as usize
    }

    /// Where an `emp` stands.
    pub(in crate::rules) fn row_of(&self, emp: u32) -> Option<usize> {
        self.emps.binary_search(&emp).ok()
    }

    pub(in crate::rules) fn id(&self, row: usize) -> Option<&'s str> {
        self.ids.get(self.emp(row))
    }

    fn name(&self, row: usize) -> Name<'s> {
        (self.names[0].get(row), self.names[1].get(row))
    }
}

/// The ids under which an older snapshot has another person than tonight's. `asked`: ids that matter.
pub fn others(tonight: Users<'_>, older: Users<'_>, asked: impl Fn(&str) -> bool) -> PolarsResult<BTreeSet<String>> {
    let (now, then) = (Marks::new(tonight)?, Marks::new(older)?);
    let mut others = BTreeSet::new();
    // Both stand in the order of their ids.
    let mut now_row = 0;
    for then_row in 0..then.len() {
        let Some(id) = then.id(then_row) else { continue };
        while now_row < now.len() && now.id(now_row).is_none_or(|other| other < id) {
            now_row += 1;
        }
        let both = now_row < now.len() && now.id(now_row) == Some(id) && asked(id);
        if both && is_other(&now, now_row, &then, then_row) {
            others.insert(id.to_owned());
        }
    }
    Ok(others)
}

/// Those ids whose holder tonight may have begun after the first period that the books hold. Who had begun before had
/// the id all along: the older snapshot showed somebody else by mistake.
pub fn begun_since(
    ids: BTreeSet<String>,
    books: &BalanceHistory,
    tonight: Users<'_>,
    payroll: &PayrollTables,
) -> PolarsResult<BTreeSet<String>> {
    let Some(first) = books.first_period().filter(|_| !ids.is_empty()) else { return Ok(ids) };
    let (now, first) = (Marks::new(tonight)?, day_number(first.end));
    let hired = hired_after(first, payroll)?;
    let is_old =
        |row: usize, id: &str| now.begun.get(row).is_some_and(|begun| begun <= first) && !hired.contains_key(id);
    let rows = (0..now.len()).filter_map(|row| now.id(row).map(|id| (row, id)));
    let old: BTreeSet<&str> =
        rows.filter(|(row, id)| ids.contains(*id) && is_old(*row, id)).map(|(_, id)| id).collect();
    Ok(ids.into_iter().filter(|id| !old.contains(id.as_str())).collect())
}

/// Birth date and names both say so. Where a snapshot has no birth date, the whole name and the first day must differ.
pub(in crate::rules) fn is_other(now: &Marks<'_>, row: usize, then: &Marks<'_>, then_row: usize) -> bool {
    let born = now.born.get(row).zip(then.born.get(then_row));
    let (here, there) = (now.name(row), then.name(then_row));
    if born.is_some_and(|(a, b)| a == b) || here == there || here.1.is_none() || there.1.is_none() {
        return false;
    }
    let strange_given = here.0.is_none() || there.0.is_none() || likeness((here.0, None), (there.0, None)) < STRANGE;
    let strange_surname = surname_likeness(here, there) < STRANGE;
    let strange = likeness(here, there) < STRANGE;
    match born {
        Some((a, b)) if is_near(a, b) => strange && strange_given && strange_surname,
        Some(_) => strange,
        None => {
            let begun = now.begun.get(row).zip(then.begun.get(then_row));
            strange && strange_given && strange_surname && begun.is_some_and(|(now, then)| now > then)
        }
    }
}

/// Who has one employee id tonight, and who had another one then, are two: relatives of one birth date are told apart
/// by given names, those of one name by birth dates.
pub(in crate::rules) fn are_two(now: &Marks<'_>, row: usize, then: &Marks<'_>, then_row: usize) -> bool {
    let born = now.born.get(row).zip(then.born.get(then_row));
    is_other(now, row, then, then_row)
        || born.is_some_and(|(a, b)| a != b && !is_near(a, b))
        || has_other_given(now.name(row), then.name(then_row))
}

/// Who has one employee id tonight, and who had another one then, are one: by birth date and name.
pub(in crate::rules) fn is_one((now, row): (&Marks<'_>, usize), (then, then_row): (&Marks<'_>, usize)) -> bool {
    let born = now.born.get(row).zip(then.born.get(then_row));
    let (here, there) = (now.name(row), then.name(then_row));
    let given = here.0.zip(there.0).is_some_and(|(a, b)| likeness((Some(a), None), (Some(b), None)) >= ONE_PERSON_MIN);
    born.is_some_and(|(a, b)| a == b) && given && likeness(here, there) >= ONE_PERSON_MIN
}

/// Names that are none of one person, written in another order either.
fn has_other_given(here: Name<'_>, there: Name<'_>) -> bool {
    let given = here.0.zip(there.0);
    given.is_some_and(|(a, b)| likeness((Some(a), None), (Some(b), None)) < STRANGE) && likeness(here, there) < ALIKE
}

/// A birth date that was mistyped: day and month exchanged, or one of its parts another one.
fn is_near(a: i32, b: i32) -> bool {
    let (one, other) = (date(a), date(b));
    let same = [one.year() == other.year(), one.month() == other.month(), one.day() == other.day()];
    swapped(a, b) || same.iter().filter(|same| **same).count() > 1
}

/// Ids whose books begin before who has them now did: who had them then is to be looked up.
#[derive(Debug, Default)]
pub struct Beginners(BTreeMap<String, Beginner>);

#[derive(Clone, Copy, Debug)]
struct Beginner {
    joined: NaiveDate,
    /// The last night that posted to a period before that.
    night: NaiveDate,
    /// First day of tonight's period.
    start: NaiveDate,
}

impl Beginners {
    /// Everybody in tonight's snapshot who joined after the periods that the books hold, and whose own periods they do
    /// not hold yet.
    pub fn of(books: &BalanceHistory, tonight: Users<'_>, payroll: &PayrollTables) -> PolarsResult<Beginners> {
        let now = Marks::new(tonight)?;
        let Some(first) = books.first_period() else { return Ok(Beginners::default()) };
        let hired = hired_after(day_number(first.end), payroll)?;
        let mut beginners = Beginners::default();
        for row in 0..now.len() {
            let Some(id) = now.id(row) else { continue };
            let joined = now.begun.get(row).max(hired.get(id).map(|(hired, _)| *hired));
            let Some(joined) = joined.filter(|joined| *joined > day_number(first.end)).map(date) else { continue };
            let start = hired.get(id).map_or(payroll.period.start, |(_, start)| date(*start));
            if let Some(night) = books.of(id).last_night_before(joined) {
                beginners.0.insert(id.to_owned(), Beginner { joined, night, start });
            }
        }
        Ok(beginners)
    }

    /// The nights whose snapshots tell.
    pub fn nights(&self) -> BTreeSet<NaiveDate> {
        self.0.values().map(|beginner| beginner.night).collect()
    }

    pub fn asks(&self, id: &str, night: NaiveDate) -> bool {
        self.0.get(id).is_some_and(|beginner| beginner.night == night)
    }

    /// Up to which day an id was somebody else's, who had it in the snapshot of a day.
    pub fn until(
        &self,
        books: &BalanceHistory,
        payroll: &PayrollTables,
        id: &str,
        known_on: NaiveDate,
    ) -> Option<NaiveDate> {
        let posted = books.of(id).last_posted_by(known_on);
        let beginner = self.0.get(id);
        let before = beginner.and_then(|beginner| beginner.joined.pred_opt());
        let start = beginner.map_or(payroll.period.start, |beginner| beginner.start);
        // Tonight's period is the present holder's.
        posted.max(before.filter(|_| posted.is_some())).min(start.pred_opt())
    }
}

/// Payroll's people who were hired after a day: that day of theirs, and the first day of their period.
fn hired_after(day: i32, payroll: &PayrollTables) -> PolarsResult<HashMap<&str, (i32, i32)>> {
    let people = &payroll.people;
    let ids = PAYROLL_PEOPLE.employee_id.of(people)?.iter();
    let of_people =
        ids.zip(PAYROLL_PEOPLE.hire_date.of(people)?.iter()).zip(PAYROLL_PEOPLE.period_start.of(people)?.iter());
    let file = day_number(payroll.period.start);
    let hired = of_people.filter_map(|((id, hired), start)| {
        Some((id?.trim(), (hired.filter(|hired| *hired > day)?, start.unwrap_or(file))))
    });
    Ok(hired.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    type User = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>, &'static str);

    fn frames(users: &[User]) -> (DataFrame, DataFrame) {
        let day = |text: Option<&str>| text.map(|text| day_number(text.parse().expect("a date")));
        let dates = |name: &str, of: &dyn Fn(&User) -> Option<&'static str>| {
            let days: Vec<Option<i32>> = users.iter().map(|user| day(of(user))).collect();
            Int32Chunked::from_iter_options(name.into(), days.into_iter()).into_date().into_column()
        };
        let words = |name: &str, of: &dyn Fn(&User) -> Option<&'static str>| {
            StringChunked::from_iter_options(name.into(), users.iter().map(of)).into_column()
        };
        let population =
            DataFrame::new(users.len(), vec![words("employee_id", &|user| Some(user.0))]).expect("a frame");
        let emps = UInt32Chunked::from_iter_values("emp".into(), 0..users.len() as u32).into_column();
        let columns = vec![
            emps,
            words("first_name", &|user| user.1),
            words("last_name", &|user| user.2),
            dates("dob", &|user| user.3),
            dates("start_date", &|user| Some(user.4)),
        ];
        (population, DataFrame::new(users.len(), columns).expect("a frame"))
    }

    /// Whether the second one is another person than the first.
    fn differ(then: User, now: User) -> bool {
        let (older, tonight) = (frames(&[then]), frames(&[now]));
        let [older, tonight] = [&older, &tonight].map(|(population, users)| Users { population, users });
        !others(tonight, older, |_| true).expect("sound frames").is_empty()
    }

    const BEN: User = ("1001", Some("Ben"), Some("Larsen"), Some("1971-02-03"), "2020-01-06");

    #[test]
    fn another_birth_date_and_another_name_are_another_person() {
        assert!(differ(BEN, ("1001", Some("Zoe"), Some("Quill"), Some("1994-09-17"), "2026-04-01")));
        // Of one family name.
        assert!(differ(BEN, ("1001", Some("Zoe"), Some("Larsen"), Some("1994-09-17"), "2026-04-01")));
    }

    #[test]
    fn who_kept_the_birth_date_or_mistyped_it_or_married_is_the_same_person() {
        for now in [
            ("1001", Some("Ben"), Some("Quill"), Some("1971-02-03"), "2026-04-01"),
            ("1001", Some("Benjamin"), Some("Larsen"), Some("1971-03-02"), "2026-04-01"),
            ("1001", Some("B"), Some("Larsen"), Some("1917-02-03"), "2026-04-01"),
            ("1001", Some("Ben"), Some("Quill"), Some("1971-02-08"), "2026-04-01"),
            ("1001", Some("Ben"), Some("Larsen"), Some("1990-09-17"), "2026-04-01"),
            ("1001", None, None, None, "2026-04-01"),
        ] {
            assert!(!differ(BEN, now), "{now:?}");
        }
    }

    #[test]
    fn under_two_ids_relatives_are_two_people_and_who_married_is_one() {
        let two = |then: User, now: User| {
            let (older, tonight) = (frames(&[then]), frames(&[now]));
            let [older, tonight] =
                [&older, &tonight].map(|(population, users)| Marks::new(Users { population, users }).expect("sound"));
            are_two(&tonight, 0, &older, 0)
        };
        for now in [
            ("2001", Some("Rosalind"), Some("Larsen"), Some("1971-02-03"), "2020-01-06"),
            ("2001", Some("Ben"), Some("Larsen"), Some("1994-09-17"), "2020-01-06"),
            ("2001", Some("Rosalind"), Some("Larsen"), None, "2020-01-06"),
        ] {
            assert!(two(BEN, now), "{now:?}");
        }
        for now in [
            ("2001", Some("Benjamin"), Some("Quill"), Some("1971-02-03"), "2020-01-06"),
            ("2001", Some("Larsen"), Some("Ben"), Some("1971-02-03"), "2020-01-06"),
            ("2001", Some("Ben"), Some("Larsen"), Some("1971-03-02"), "2026-04-01"),
            ("2001", Some("Ben"), Some("Larsen"), None, "2026-04-01"),
        ] {
            assert!(!two(BEN, now), "{now:?}");
        }
    }

    #[test]
    fn without_a_birth_date_the_whole_name_and_a_later_first_day_tell() {
        let zoe = |begun| ("1001", Some("Zoe"), Some("Quill"), None, begun);
        assert!(differ(BEN, zoe("2026-04-01")));
        assert!(!differ(BEN, zoe("2020-01-06")));
        assert!(!differ(BEN, ("1001", Some("Ben"), Some("Quill"), None, "2026-04-01")));
    }
}
