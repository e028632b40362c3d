//! A job that calls the caller's own sandbox, and corrections in its queue. Shared with the benchmarks.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use tempfile::TempDir;
use tieout::job::{self, Job};
use tieout_model::correction::{Change, CompensationChange, Correction, CorrectionPlan, Payload};
use tieout_model::finding::Code;
use tieout_sandbox::{API_KEY, Running};
use tieout_store::{Judged, Store};

/// Who may approve; another one than the preparer.
pub const APPROVER: &str = "maria";
const PREPARER: &str = "tieout run";
const EMPLOYER: &str = "acme";

/// A folder with a world, a job file and the job's state.
pub struct Office {
    dir: TempDir,
    employees: usize,
}

impl Office {
    /// The world's Benbase knows `emp_1` to `emp_{employees}`.
    pub fn new(employees: usize) -> Office {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let benbase = dir.path().join("world/benbase");
        fs::create_dir_all(&benbase).expect("a folder");
        let held = (1..=employees).map(|n| format!("{{\"employee_id\":\"emp_{n}\",\"employer_id\":\"{EMPLOYER}\"}}\n"));
        fs::write(benbase.join("employees.ndjson"), held.collect::<String>()).expect("written");
        fs::write(dir.path().join("key"), API_KEY).expect("written");
        Office { dir, employees }
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.dir.path().join(relative)
    }

    /// Writes the job, which sends each correction at most once and stops for nothing, and reads it back.
    pub fn job(&self, running: &Running, concurrency: usize) -> Job {
        let text = job_text(self.dir.path(), running, concurrency);
        fs::write(self.path("job.toml"), text).expect("written");
        job::load(&self.path("job.toml")).unwrap_or_else(|e| panic!("{e}"))
    }

    /// Proposes a change of pay for each employee; gives the job's database.
    pub fn propose(&self, job: &Job, now: DateTime<Utc>) -> Store {
        let mut store = Store::open(&job.state_dir).expect("opens");
        let plan =
            CorrectionPlan { corrections: (1..=self.employees).map(correction).collect(), ..CorrectionPlan::default() };
        store.enqueue_plan(&plan, &Judged::new(true, Default::default(), &[]), now, PREPARER).expect("queues");
        store
    }
}

fn job_text(dir: &Path, running: &Running, concurrency: usize) -> String {
    let (state, reports, key) = (dir.join("state"), dir.join("reports"), dir.join("key"));
    let (base_url, token_url, benbase_url) = (running.base_url(), running.token_url(), running.benbase_url());
    format!(
        r#"name = "office"
state_dir = {state:?}
report = {{ dir = {reports:?} }}
[payroll]
file = "payroll.csv"
currency = "USD"
wide = [{{ code = "MED", employee = "med" }}]
columns = {{ employee_id = "id" }}
period = {{ start = "2026-03-16", end = "2026-03-31" }}
[deductions]
codes = {{ MED = "_Medical" }}
[benifex]
base_url = {base_url:?}
token_url = {token_url:?}
client_id = {{ file = {key:?} }}
client_secret = {{ file = {key:?} }}
benefit_status = {{ ACTIVE = "live" }}
[benbase]
base_url = {benbase_url:?}
api_key = {{ file = {key:?} }}
employer_id = {EMPLOYER:?}
[benbase.http]
windows = [{{ calls = 1000000, per = "1 s" }}]
concurrency = {concurrency}
[approval]
approvers = [{{ name = {APPROVER:?} }}]
[push]
retry_uncertain = "never"
canary = false
consecutive_failures_max = 1000
daily_items_max = 10000000
"#
    )
}

fn correction(n: usize) -> Correction {
    let change = CompensationChange {
        employee_id: format!("emp_{n}").into(),
        pay_frequency: None,
        pay_rate: None,
        employment_status: Some("part_time".to_owned()),
    };
    let changed =
        Change { field: "employment_status".to_owned(), from: "full_time".to_owned(), to: "part_time".to_owned() };
    Correction {
        employee_id: format!("{n:06}").into(),
        payload: Payload::Compensation(change),
        changes: vec![changed],
        effective: None,
        yearly_difference: None,
        findings: vec![(format!("{n:016x}"), Code::CO04)],
        authority: "payroll".to_owned(),
        second_look: Default::default(),
    }
}
