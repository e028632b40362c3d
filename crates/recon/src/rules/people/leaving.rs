//! Whether somebody has left, by both sources. A leave date before a later hire or start is void, whichever source has
//! which: it is what an earlier employment left behind. Where the sources contradict each other the date is in dispute
//! (DE07), or whether the person is employed at all (EN06), and nothing is built on it.

use chrono::{Datelike, Days};
use polars::prelude::*;

use crate::rules::people::everybody::AWAY;
use crate::rules::people::{date, day_number};
use crate::rules::schema::EMPLOYEES;
use crate::settings::{CoverageEnd, Rules};
use crate::tables::column::{Column, Flag, PlainDay};

/// Days after a leave date within which the other source may still say active.
const CONFLICT_AFTER_DAYS: i32 = 5;

/// Words of an employment status that say that somebody is employed no more.
const GONE: [&str; 9] =
    ["terminated", "termination", "left", "leaver", "inactive", "resigned", "deceased", "dismissed", "former"];
/// Words that say that somebody is employed.
const EMPLOYED: [&str; 5] = ["active", "employed", "current", "working", "probation"];
/// Words that turn others round: `not employed`.
const NEGATIONS: [&str; 3] = ["not", "non", "no"];

/// Whether the status has one of these words, in any case.
pub(in crate::rules) fn says(status: &str, words: &[&str]) -> bool {
    let mut parts = status.split(|c: char| !c.is_alphanumeric());
    parts.any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

/// Whether a status says that somebody is employed no more: `Terminated - voluntary`, and not `On leave`. `None`: in
/// words that say neither, such as `Retired` or `Probation ended`.
pub(in crate::rules) fn is_gone(status: &str) -> Option<bool> {
    let employed = says(status, &EMPLOYED) || says(status, &AWAY);
    match (says(status, &GONE), employed) {
        _ if says(status, &NEGATIONS) || says(status, &["ended"]) => None,
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// What both sources tell of one person. Days since 1970.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    /// Payroll's leave date, and Benifex's.
    term: Option<i32>,
    left: Option<i32>,
    /// Payroll's hire date, Benifex's start dates.
    begun: [Option<i32>; 3],
    /// The person's period.
    start: i32,
    end: i32,
    on_both: bool,
    /// Payroll deducts in this period.
    paid: bool,
    /// Payroll has a column for the leave date: its silence says that nobody left.
    dated: bool,
    /// Benifex's employment status says that the person is employed no more; `None`: it says neither, or there is none.
    gone: Option<bool>,
    as_of: i32,
}

/// What follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Leaving {
    /// Leave dates that are not void.
    term: Option<i32>,
    left: Option<i32>,
    /// The later of them.
    leave: Option<i32>,
    /// Cover ended before the period began.
    leaver: bool,
    /// One source says that cover has ended, the other that it has not.
    disputed: bool,
    /// By one source the person is employed, by the other one no more (EN06).
    conflict: bool,
}

impl Told {
    fn judged(&self, rules: &Rules) -> Leaving {
        let latest = self.begun.into_iter().flatten().filter(|day| *day <= self.end).max();
        let stands = |day: &i32| latest.is_none_or(|latest| *day >= latest);
        let (term, left) = (self.term.filter(stands), self.left.filter(stands));
        // A source that has somebody begin anew after the other's leave date agrees with it.
        let [hired, begins @ ..] = self.begun;
        let (hired, begins) = (hired, begins.into_iter().flatten().max());
        let agreed =
            |again: Option<i32>, day: &i32| self.on_both && again.is_some_and(|again| again > self.end.max(*day));
        let (term, left) =
            (term.or(left.filter(|day| agreed(hired, day))), left.or(term.filter(|day| agreed(begins, day))));
        let rule = rules.coverage_end.unwrap_or(CoverageEnd::LeaveDate);
        let over = |day: i32| coverage_end(day, rule) < self.start;
        let leave = term.max(left);
        let conflict = self.on_both && self.conflicts(term, left, over);
        let disputed = self.on_both
            && match (term, left) {
                _ if conflict => true,
                (Some(term), Some(left)) => {
                    let apart = i64::from((term - left).abs()) > rules.leave_date_tolerance_days;
                    apart && over(term) != over(left)
                }
                // Payroll's own date stands where payroll keeps to it.
                (Some(term), None) => over(term) && self.paid,
                (None, Some(left)) => over(left) && self.dated,
                (None, None) => false,
            };
        Leaving { term, left, leave, leaver: !disputed && leave.is_some_and(over), disputed, conflict }
    }

    /// By one source the person is employed still, days after the other one has said that employment ended.
    fn conflicts(&self, term: Option<i32>, left: Option<i32>, over: impl Fn(i32) -> bool) -> bool {
        let long = |day: i32| over(day) && self.as_of.saturating_sub(day) > CONFLICT_AFTER_DAYS;
        match (term, left) {
            (Some(term), None) => long(term) && !self.paid && self.gone == Some(false),
            (None, Some(left)) => long(left) && self.dated && self.gone == Some(true),
            (None, None) => self.dated && self.paid && self.gone == Some(true),
            (Some(_), Some(_)) => false,
        }
    }
}

/// What [`with_leavers`] asks beside the dates; the lists by row.
pub(in crate::rules) struct Asked<'a> {
    pub(in crate::rules) rules: &'a Rules,
    pub(in crate::rules) as_of: i32,
    pub(in crate::rules) dated: bool,
    pub(in crate::rules) on_both: &'a [bool],
    pub(in crate::rules) paid: &'a [bool],
    /// Benifex's employment status says that somebody is employed no more.
    pub(in crate::rules) gone: &'a [Option<bool>],
}

/// Replaces the dates that the sources tell (`term`, `left`) by those that are not void, and adds `leave`, `leaver`,
/// `disputed` and `conflict`.
pub(in crate::rules) fn with_leavers(people: &mut DataFrame, asked: &Asked<'_>) -> PolarsResult<()> {
    let day = |column: Column<PlainDay>| PolarsResult::Ok(column.of(people)?.iter().collect::<Vec<Option<i32>>>());
    let [term, left, start, end] =
        [day(EMPLOYEES.term)?, day(EMPLOYEES.left)?, day(EMPLOYEES.start)?, day(EMPLOYEES.end)?];
    let [hire, begin, original] = [day(EMPLOYEES.hire)?, day(EMPLOYEES.begin)?, day(EMPLOYEES.original)?];
    let judged = |row: usize| {
        let told = Told {
            term: term[row],
            left: left[row],
            begun: [hire[row], begin[row], original[row]],
            start: start[row].unwrap_or(i32::MIN),
            end: end[row].unwrap_or(i32::MAX),
            on_both: asked.on_both[row],
            paid: asked.paid[row],
            dated: asked.dated,
            gone: asked.gone[row],
            as_of: asked.as_of,
        };
        told.judged(asked.rules)
    };
    let judged: Vec<Leaving> = (0..people.height()).map(judged).collect();
    let days = |column: Column<PlainDay>, of: fn(&Leaving) -> Option<i32>| column.filled_or_null(judged.iter().map(of));
    let flag = |column: Column<Flag>, of: fn(&Leaving) -> bool| column.filled(judged.iter().map(of));
    for column in [
        days(EMPLOYEES.term, |l| l.term),
        days(EMPLOYEES.left, |l| l.left),
        days(EMPLOYEES.leave, |l| l.leave),
        flag(EMPLOYEES.leaver, |l| l.leaver),
        flag(EMPLOYEES.disputed, |l| l.disputed),
        flag(EMPLOYEES.conflict, |l| l.conflict),
    ] {
        people.with_column(column)?;
    }
    Ok(())
}

/// The last day of cover of somebody who leaves.
pub(in crate::rules) fn coverage_end(leave: i32, rule: CoverageEnd) -> i32 {
    match rule {
        CoverageEnd::LeaveDate => leave,
        CoverageEnd::DaysAfter(n) => leave.saturating_add(i32::try_from(n).unwrap_or(i32::MAX)),
        CoverageEnd::EndOfMonth => {
            let first = date(leave).with_day(1).and_then(|d| d.checked_add_months(chrono::Months::new(1)));
            first.and_then(|d| d.checked_sub_days(Days::new(1))).map_or(leave, day_number)
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::rules::tests::job::job;

    fn day(text: &str) -> Option<i32> {
        Some(day_number(text.parse::<NaiveDate>().expect("a date")))
    }

    /// On both sides in March 2026, hired in 2020, deducted.
    fn told() -> Told {
        Told {
            begun: [day("2020-01-06"), day("2020-01-06"), day("2020-01-06")],
            start: day("2026-03-01").expect("a day"),
            end: day("2026-03-31").expect("a day"),
            on_both: true,
            paid: true,
            dated: true,
            ..Told::default()
        }
    }

    #[track_caller]
    fn check(told: Told, leaver: bool, disputed: bool) {
        let judged = told.judged(&job().rules);
        assert_eq!((judged.leaver, judged.disputed), (leaver, disputed), "{told:?}");
    }

    #[test]
    fn cover_ends_by_the_rule_of_the_job() {
        let leave = day("2028-02-10").expect("a day");
        let ends = [CoverageEnd::LeaveDate, CoverageEnd::EndOfMonth, CoverageEnd::DaysAfter(30)];
        let ends = ends.map(|rule| date(coverage_end(leave, rule)).to_string());
        assert_eq!(ends, ["2028-02-10", "2028-02-29", "2028-03-11"]);
    }

    #[test]
    fn a_leave_date_before_a_later_hire_or_start_is_void() {
        for at in 0..3 {
            let mut rehired = told();
            rehired.begun[at] = day("2026-01-05");
            check(Told { term: day("2024-06-30"), ..rehired }, false, false);
            check(Told { left: day("2024-06-30"), ..rehired }, false, false);
            check(Told { term: day("2024-06-30"), left: day("2024-06-28"), ..rehired }, false, false);
            // Left again since.
            check(Told { term: day("2026-02-10"), left: day("2026-02-10"), ..rehired }, true, false);
        }
        let mut coming_back = told();
        coming_back.begun[1] = day("2026-05-04");
        check(Told { term: day("2026-02-10"), left: day("2026-02-10"), ..coming_back }, true, false);
    }

    #[test]
    fn sources_that_agree_make_a_leaver() {
        check(Told { term: day("2026-02-10"), left: day("2026-02-11"), ..told() }, true, false);
        check(Told { term: day("2026-01-10"), left: day("2026-02-11"), ..told() }, true, false);
        check(Told { term: day("2026-03-10"), left: day("2026-03-20"), ..told() }, false, false);
        // The last days of February and the first of March are a day apart.
        check(Told { term: day("2026-02-28"), left: day("2026-03-01"), ..told() }, false, false);
    }

    #[test]
    fn sources_that_contradict_each_other_make_a_dispute() {
        check(Told { left: day("2026-02-20"), ..told() }, false, true);
        check(Told { term: day("2026-02-20"), ..told() }, false, true);
        check(Told { term: day("2026-02-20"), left: day("2026-03-20"), ..told() }, false, true);
        // Payroll has stopped, as its own date says, and Benifex has no status.
        check(Told { term: day("2026-02-20"), paid: false, ..told() }, true, false);
        // Payroll has no column for it, or does not list the person at all.
        check(Told { left: day("2026-02-20"), dated: false, ..told() }, true, false);
        check(Told { left: day("2026-02-20"), on_both: false, ..told() }, true, false);
        check(Told { left: day("2026-03-20"), ..told() }, false, false);
    }

    #[test]
    fn who_is_employed_by_one_source_and_no_more_by_the_other_is_in_conflict_after_some_days() {
        let conflict = |told: Told| {
            let judged = told.judged(&job().rules);
            assert!(!judged.conflict || (judged.disputed && !judged.leaver), "{told:?}");
            judged.conflict
        };
        let active = Told { gone: Some(false), as_of: day("2026-03-06").expect("a day"), ..told() };
        let stopped = Told { term: day("2026-02-28"), paid: false, ..active };
        assert!(conflict(stopped));
        assert!(!conflict(Told { as_of: day("2026-03-05").expect("a day"), ..stopped }), "five days are time enough");
        assert!(!conflict(Told { paid: true, ..stopped }), "payroll contradicts itself: the date is in dispute");
        assert!(!conflict(Told { left: day("2026-02-28"), ..stopped }));
        let gone = Told { gone: Some(true), ..active };
        assert!(conflict(gone));
        assert!(conflict(Told { left: day("2026-02-20"), ..gone }));
        assert!(!conflict(Told { paid: false, ..gone }) && !conflict(Told { dated: false, ..gone }));
        assert!(!conflict(Told { term: day("2026-02-28"), ..gone }));
    }

    #[test]
    fn a_status_says_by_its_words_that_employment_has_ended() {
        let all = |statuses: &[&str], gone| statuses.iter().all(|status| is_gone(status) == gone);
        assert!(all(&["Terminated", "LEAVER", "Inactive - resigned"], Some(true)));
        assert!(all(&["Active", "On leave", "Leave of absence", "In probation"], Some(false)));
        let unclear = ["Retired", "Separated", "Probation ended", "Not active", "Active (terminated)", "Stage 2", ""];
        assert!(all(&unclear, None), "words that say neither accuse nobody");
    }
}
