//! The night to come, as `tieout check` sees it: what it will not compare, how far payroll moved since the last good
//! night, whether the file is fresh, how many calls it takes and how long, and whether the disk holds it.

use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;

use crate::extract::{calls_planned, population};
use crate::job::Job;
use crate::outcome::Exit;
use crate::progress::in_words;
use tieout_model::control::BaseLine;
use tieout_payroll::Payroll;
use tieout_payroll::crosswalk::Crosswalk;
use tieout_payroll::settings::PayrollColumns;
use tieout_services::settings::RateWindow;
use tieout_store::Store;

use crate::commands::check::{CheckLine, line};
use crate::commands::open;
use crate::night::evidence::freshness;

/// Moved totals that are named.
const SHOWN_MAX: usize = 5;
/// Free bytes that a night needs: a database that is written anew beside the old one, a snapshot and a report.
const NIGHT_BYTES_MIN: u64 = 64 << 20;
/// What each employee adds: 100,000 of them took 28 MB, twice that while files are exchanged.
const EMPLOYEE_BYTES: u64 = 1 << 10;
/// How long a night may take under jobs/schedules (TimeoutStartSec, activeDeadlineSeconds).
const SCHEDULED_MAX: Duration = Duration::from_secs(6 * 3_600);

/// One line each; `payroll` is the file as a night would read it.
pub(in crate::commands) fn lines(
    job: &Job,
    payroll: &Payroll,
    crosswalk: &Crosswalk,
    as_of: NaiveDate,
) -> Vec<CheckLine> {
    let mut lines = vec![line("comparisons", Exit::Input, Ok(silent(job)))];
    match open::store(job) {
        Ok(store) => {
            lines.push(line("freshness", Exit::Input, fresh(payroll, &store, as_of)));
            lines.push(swing(job, payroll, &store, as_of));
            lines.push(line("calls", Exit::Input, calls(job, payroll, crosswalk, &store)));
        }
        // The line of the database says why.
        Err(_) => lines.push(line("freshness", Exit::Input, Ok("unknown without the database".to_owned()))),
    }
    lines.push(disk(job, payroll.people.len() as u64));
    lines
}

/// Which comparisons need which columns of payroll: any of them is enough.
type Needs = (&'static str, fn(&PayrollColumns) -> bool);

const NEEDS: [Needs; 8] = [
    ("pay (CO01, CO02, CU02)", |c| c.base_salary.is_some() || c.annual_pay.is_some() || c.hourly_pay.is_some()),
    ("pay frequency (CO03)", |c| c.pay_frequency.is_some()),
    ("full or part time (CO04)", |c| c.employment_status.is_some() || c.fte.is_some()),
    ("leavers (EN04, EN05, DE07)", |c| c.term_date.is_some()),
    ("postcode (DE01)", |c| c.zip.is_some()),
    ("date of birth (DE04, ID06)", |c| c.dob.is_some()),
    ("name (DE05, ID06)", |c| c.last_name.is_some()),
    ("grace of new hires (ID01)", |c| c.hire_date.is_some()),
];

fn silent(job: &Job) -> String {
    let columns = &job.payroll.columns;
    let silent: Vec<&str> = NEEDS.iter().filter(|(_, there)| !there(columns)).map(|(what, _)| *what).collect();
    match silent.as_slice() {
        [] => "every rule has its columns".to_owned(),
        silent => format!("silent for want of a mapped column: {}", silent.join(", ")),
    }
}

fn fresh(payroll: &Payroll, store: &Store, as_of: NaiveDate) -> anyhow::Result<String> {
    freshness::of_file(&payroll.files, (&payroll.period, &payroll.periods_by_group()), store, as_of)
        .map(|fresh| fresh.said)
        .map_err(|failure| failure.error)
}

/// The guards of a night compare the same, after it has made its calls. What is due is not known here, so a total that
/// moved is told and stops nothing.
fn swing(job: &Job, payroll: &Payroll, store: &Store, as_of: NaiveDate) -> CheckLine {
    let last_good = match store.last_good(as_of, &payroll.periods_by_group()) {
        Ok(Some(last_good)) => last_good,
        Ok(None) => return line("swing", Exit::Guarded, Ok("no good night yet to compare with".to_owned())),
        Err(error) => return line("swing", Exit::Integrity, Err(error)),
    };
    let now = tonight(payroll);
    let (last_good, now) = last_good.compared(&now);
    let people = (i128::from(last_good.population), i128::from(now.population));
    let headcount = format!("headcount {} to {} ({})", people.0, people.1, percent(people));
    if people.0.max(people.1) < i128::from(job.guards.headcount_min) {
        return line("swing", Exit::Guarded, Ok(format!("{headcount} since the last good night")));
    }
    if last_good.population_swing(&now, job.guards.limits()).is_some() {
        let said = format!("moved more than the guards allow since the last good night: {headcount}");
        return line("swing", Exit::Guarded, Err(anyhow::Error::msg(said)));
    }
    let totals = swung_totals(job, &last_good, &now);
    line("swing", Exit::Guarded, Ok(format!("{headcount} since the last good night{totals}")))
}

/// The totals that moved further than the guards allow by themselves; blank where none did.
fn swung_totals(job: &Job, last_good: &BaseLine, now: &BaseLine) -> String {
    let swung = last_good.swings(now, job.guards.limits());
    let shown: Vec<String> = swung
        .iter()
        .take(SHOWN_MAX)
        .map(|swing| {
            swing
                .moved
                .map_or(format!("{} cannot be read", swing.key), |moved| format!("{} {}", swing.key, percent(moved)))
        })
        .collect();
    let more = swung.len().saturating_sub(SHOWN_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if shown.is_empty() {
        return String::new();
    }
    format!("; totals moved, which the run holds against what is due: {}{more}", shown.join(", "))
}

fn tonight(payroll: &Payroll) -> BaseLine {
    let mut totals = std::collections::BTreeMap::<String, i128>::new();
    for total in &payroll.totals {
        if let Some(benefit) = &total.benefit {
            *totals.entry(format!("{benefit} {}", total.currency)).or_default() += total.employee + total.employer;
        }
    }
    let totals = totals.into_iter().map(|(key, sum)| (key, sum.to_string())).collect();
    BaseLine { population: payroll.people.len() as u64, totals, ..BaseLine::default() }
}

/// A move in tenths of a per cent.
fn percent((before, now): (i128, i128)) -> String {
    if before == 0 {
        return "from nothing".to_owned();
    }
    let tenths = (now - before) * 1_000 / before.abs();
    let sign = if tenths < 0 { '-' } else { '+' };
    format!("{sign}{}.{} %", tenths.abs() / 10, tenths.abs() % 10)
}

/// The calls of a night without answers from an earlier one, and the time that the limit lets them take.
fn calls(job: &Job, payroll: &Payroll, crosswalk: &Crosswalk, store: &Store) -> anyhow::Result<String> {
    let known = store.roster_ids()?;
    let tonight = payroll.employee_ids().chain(crosswalk.rows.employee_ids());
    let everybody = population(known.iter().map(String::as_str).chain(tonight), job.payroll.fold_id_case);
    let calls = calls_planned(everybody.len(), everybody.len(), job.benifex.users_batch);
    let least = time_at(calls, &job.benifex.http.windows);
    let (people, least_in_words) = (everybody.len(), in_words(least));
    let said = format!("Benifex: {calls} for {people} people, at least {least_in_words}; leave a schedule twice that");
    if least * 2 > SCHEDULED_MAX {
        let advice = "raise TimeoutStartSec of the unit, or activeDeadlineSeconds of the CronJob";
        anyhow::bail!("{said}, and the ones of jobs/schedules end after {}: {advice}", in_words(SCHEDULED_MAX));
    }
    Ok(format!("{said}: the ones of jobs/schedules end after {}", in_words(SCHEDULED_MAX)))
}

/// The time that calls take at least. The first window of them is free at once.
pub(in crate::commands) fn time_at(calls: usize, windows: &[RateWindow]) -> Duration {
    let of_window = |window: &RateWindow| {
        let waits = calls.div_ceil(window.calls.max(1)).saturating_sub(1);
        window.per.saturating_mul(u32::try_from(waits).unwrap_or(u32::MAX))
    };
    windows.iter().map(of_window).max().unwrap_or_default()
}

fn disk(job: &Job, employees: u64) -> CheckLine {
    let needed = NIGHT_BYTES_MIN + employees.saturating_mul(EMPLOYEE_BYTES);
    let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
    let mut said = Vec::new();
    for dir in [job.state_dir.as_path(), job.report.dir.as_path()] {
        match free_bytes(dir) {
            Ok(free) if free < needed => {
                let short = format!("{} has {} free: a night may need {}", dir.display(), mib(free), mib(needed));
                return line("disk", Exit::Machine, Err(anyhow::Error::msg(short)));
            }
            Ok(free) => said.push(format!("{} free for {}", mib(free), dir.display())),
            Err(error) => return line("disk", Exit::Machine, Err(error)),
        }
    }
    line("disk", Exit::Machine, Ok(said.join(", ")))
}

/// Of the folder, or of the nearest one above it that is there.
fn free_bytes(dir: &Path) -> anyhow::Result<u64> {
    let there = dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(Path::new("."));
    let stat = rustix::fs::statvfs(there).map_err(|error| {
        anyhow::Error::new(std::io::Error::from(error))
            .context(format!("asking for the free space of {}", dir.display()))
    })?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_night_is_what_the_tightest_window_lets_it_take() {
        let window = |calls, seconds| RateWindow { calls, per: Duration::from_secs(seconds) };
        assert_eq!(time_at(636, &[window(100, 60)]), Duration::from_secs(360));
        assert_eq!(time_at(100, &[window(100, 60)]), Duration::ZERO);
        assert_eq!(time_at(300, &[window(300, 300), window(40, 1)]), Duration::from_secs(7));
    }

    #[test]
    fn the_schedules_end_when_it_is_said_that_they_do() {
        let seconds = format!("activeDeadlineSeconds: {}", SCHEDULED_MAX.as_secs());
        assert!(include_str!("../../../jobs/schedules/cronjob.yaml").contains(&seconds));
        let hours = format!("TimeoutStartSec={}h", SCHEDULED_MAX.as_secs() / 3_600);
        assert!(include_str!("../../../jobs/schedules/tieout@.service").contains(&hours));
    }

    #[test]
    fn a_move_is_told_in_percent() {
        assert_eq!(
            [percent((100, 94)), percent((1_000, 1_005)), percent((0, 3))],
            ["-6.0 %", "+0.5 %", "from nothing"]
        );
    }
}
