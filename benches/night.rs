//! The stages of a night on a generated world of 10,000 employees: reading payroll, opening the sealed snapshot and
//! judging. The whole process is timed by `benches/million.sh`.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use tieout::job::{self, Job};
use tieout_model::control::PastPeriods;
use tieout_model::correction::BenbaseLedger;
use tieout_model::history::Pending;
use tieout_payroll as payroll;
use tieout_payroll::Payroll;
use tieout_payroll::crosswalk;
use tieout_recon::balance::BalanceHistory;
use tieout_recon::deducted::DeductedEngagements;
use tieout_recon::rules;
use tieout_recon::rules::Inputs;
use tieout_recon::snapshot;
use tieout_recon::snapshot::Import;
use tieout_recon::snapshot::Snapshot;
use tieout_recon::tables::payroll::PayrollTables;
use tieout_sandbox::world;
use tieout_sandbox::world::Wanted;

const EMPLOYEES: usize = 10_000;
const SEED: u64 = 1;

fn read_payroll(job: &Job) -> Payroll {
    payroll::read(&job.payroll, &job.deductions, Duration::ZERO).expect("a readable payroll file")
}

fn import(job: &Job, dir: &Path, payroll: &Payroll) -> Snapshot {
    let population: Vec<String> = payroll.employee_ids().map(str::to_owned).collect();
    let import = Import {
        world: &dir.join("world"),
        settings: &job.benifex,
        oyster: job.oyster_connection(),
        charged: &DeductedEngagements::default(),
        population: &population,
        crosswalk: &tieout_payroll::crosswalk::Crosswalk::default(),
        fold_id_case: false,
        as_of: day(),
        taken_at: moment(),
    };
    snapshot::import_world(&import, &job.state_dir).expect("an importable world")
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, 2).expect("a day")
}

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_775_095_200, 0).expect("a moment")
}

fn stages(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a folder");
    world::generate(Wanted { employees: EMPLOYEES, engagements: 0, seed: SEED }, dir.path()).expect("a world");
    let job = job::load(&dir.path().join("job.toml")).expect("the generated job");
    let payroll = read_payroll(&job);
    let sealed = import(&job, dir.path(), &payroll);
    let folder = snapshot::newest(&job.state_dir).expect("a list").expect("a snapshot").dir;
    let links = crosswalk::read(&dir.path().join("crosswalk.csv"), &job.payroll).expect("a crosswalk");
    let payroll = PayrollTables::from(payroll);
    let ledger = BenbaseLedger::default();
    let (books, past) = (BalanceHistory::default(), PastPeriods::default());
    let pending = Pending::default();
    let benefits = rules::Benefits::new(sealed.benefits.clone()).expect("the columns of a snapshot");

    criterion.bench_function("payroll, 10,000 employees", |b| b.iter(|| read_payroll(&job)));
    criterion.bench_function("open and verify the snapshot", |b| b.iter(|| snapshot::open(&folder, true)));
    criterion.bench_function("judge", |b| {
        b.iter(|| {
            let inputs = Inputs {
                job: job.rules_settings(),
                as_of: day(),
                payroll: &payroll,
                population: &sealed.population,
                users: &sealed.users,
                benefits: &benefits,
                snapshot_id: &sealed.id,
                prior: None,
                last_read: &[],
                oyster: None,
                crosswalk: &links,
                foreign_links: &std::collections::BTreeMap::new(),
                last_good: None,
                past: &past,
                answers_of: day(),
                books: &books,
                pending: &pending,
            };
            rules::compare(&inputs).and_then(|mut compared| compared.judge(&ledger))
        });
    });
}

criterion_group! { name = night; config = Criterion::default().sample_size(20); targets = stages }
criterion_main!(night);
