//! 100,000 decisions imported from a spreadsheet, and 100,000 approved items pushed at the sandbox's full speed.
//!
//!     cargo bench --bench push_speed

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use tieout::job::Job;
use tieout::progress::Progress;
use tieout::push::{self, BenbaseConnection, KindLimits, Options, Ssns, Summary};
use tieout_sandbox::{API_KEY, Running, Settings};
use tieout_services::benbase::{BenbaseReader, BenbaseWriter};
use tieout_services::{CallSink, Clock, install_tls};
use tieout_store::Store;
use tokio::sync::watch;

use self::approved::{APPROVER, Office};

#[path = "../tests/it/harness/approved.rs"]
mod approved;

const ITEMS: usize = 100_000;
/// Sends under way at a time; each width pushes a queue of its own.
const WIDTHS: [usize; 3] = [4, 32, 256];

/// What one queue took.
struct Measured {
    width: usize,
    import: Duration,
    push: Duration,
}

#[expect(clippy::print_stdout, reason = "the table is what a benchmark is for")]
fn main() -> Result<(), Box<dyn Error>> {
    install_tls();
    println!("{ITEMS} items   import s   push s   items/s");
    for width in WIDTHS {
        let Measured { width, import, push } = measure(width)?;
        let rate = ITEMS as u128 * 1_000 / push.as_millis().max(1);
        let (import, push) = (import.as_secs_f32(), push.as_secs_f32());
        println!("width {width:>6} {import:>10.2} {push:>8.2} {rate:>9}");
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the binary asks the same clock for the age of an approval")]
fn measure(width: usize) -> Result<Measured, Box<dyn Error>> {
    let office = Office::new(ITEMS);
    // The sandbox has a thread of its own, as another process would.
    let served = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let running = served.block_on(tieout_sandbox::start(Settings::for_world(office.path("world"))))?;
    let job = office.job(&running, width);
    drop(office.propose(&job, Utc::now()));
    let import = import(&office)?;
    let begun = Instant::now();
    let summary = push_all(&job)?;
    let push = begun.elapsed();
    check(&summary, &running)?;
    Ok(Measured { width, import, push })
}

/// Exports the queue, approves each row, and imports it back, which is what is measured.
fn import(office: &Office) -> Result<Duration, Box<dyn Error>> {
    let (out, back) = (office.path("out.csv"), office.path("back.csv"));
    tieout(office, &["queue", "export", "job.toml", "--out", "out.csv"])?;
    let bytes = fs::read(out)?;
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes));
    let header = reader.headers()?.clone();
    let mut writer = csv::Writer::from_path(back)?;
    writer.write_record(&header)?;
    for record in reader.records() {
        let record = record?;
        writer.write_record(header.iter().zip(&record).map(|(column, cell)| match column {
            "decision" => "approve",
            "decided_by" => APPROVER,
            _ => cell,
        }))?;
    }
    writer.flush()?;
    let begun = Instant::now();
    tieout(office, &["queue", "import", "job.toml", "back.csv", "--by", APPROVER])?;
    Ok(begun.elapsed())
}

fn tieout(office: &Office, args: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tieout"));
    let ended = command.args(args).current_dir(office.path("")).stdout(Stdio::null()).status()?;
    if ended.success() { Ok(()) } else { Err(format!("tieout {}: {ended}", args.join(" ")).into()) }
}

#[expect(clippy::disallowed_methods, reason = "approvals were given by the same clock")]
fn push_all(job: &Job) -> Result<Summary, Box<dyn Error>> {
    let clock: Clock = Arc::new(Utc::now);
    let sink: CallSink = Arc::new(|_| ());
    let (_stop, cancel) = watch::channel(false);
    let settings = job.benbase_connection().ok_or("the job has a Benbase")?;
    let key = || API_KEY.into();
    let reader = BenbaseReader::connect(settings, &key(), sink.clone(), clock.clone(), cancel.clone())?;
    let writer = BenbaseWriter::connect(settings, key(), true, sink, clock.clone(), cancel.clone())?;
    let options = Options {
        settings: &job.push,
        concurrency: settings.http.concurrency,
        policy_hash: &job.policy_hash(),
        day_start: clock() - chrono::TimeDelta::days(1),
        items_max: None,
        kinds: KindLimits::of(job),
        ssns: &Ssns::NotSent,
        clock,
    };
    let mut store = Store::open(&job.state_dir)?;
    let service = BenbaseConnection { reader: &reader, writer: &writer };
    // As the command has it: one thread.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(push::push(&mut store, service, &options, &cancel, &Progress::silent()))?)
}

/// Everything is sent, and arrived once.
fn check(summary: &Summary, running: &Running) -> Result<(), Box<dyn Error>> {
    let journal = running.journal();
    let applied = journal.iter().filter(|entry| entry.applied).map(|entry| entry.body["employee_id"].to_string());
    let once = applied.collect::<BTreeSet<_>>().len() == ITEMS && journal.len() == ITEMS;
    if summary.sent.len() == ITEMS && once { Ok(()) } else { Err("not every item arrived exactly once".into()) }
}
