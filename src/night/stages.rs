//! The night up to its decisions. None of them is written yet: only what the sources and services said (rejected rows,
//! the opening ledger, the roster, answers, a snapshot), and that after the check of the database has ended; and lists
//! of the report, which nobody sees until it is finished.

use std::path::Path;

use anyhow::Context;
use chrono::NaiveDate;

use crate::cli::RunArgs;
use crate::commands::open::{self, OpenJob, StoreCheck};
use crate::interrupt::Interrupt;
use crate::outcome::{Exit, Failure};
use tieout_model::control::{BaseLine, PastPeriods};
use tieout_recon::rules;
use tieout_recon::rules::{Compared, Judgement};
use tieout_recon::settings::Settings;
use tieout_recon::snapshot::Snapshot;
use tieout_recon::tables::payroll::PayrollTables;
use tieout_report as report;
use tieout_report::{Pack, ShownNames, WrittenFile};
use tieout_store::Store;

use super::decide::waivers::Waivers;
use super::decide::{self, NightDecision, Undecided};
use super::earlier::books;
use super::earlier::cover;
use super::earlier::departed;
use super::earlier::foreign_links::{self, ForeignLinks};
use super::earlier::holders;
use super::evidence::fetch::{self, Fetched};
use super::evidence::freshness;
use super::evidence::sources::{self, Sources};
use super::pack::assemble;
use super::pack::names;
use super::pack::proof;
use super::{Stopwatch, oyster};

/// What a night is asked for with.
pub struct NightAsked<'a> {
    pub opened: &'a OpenJob,
    pub args: &'a RunArgs,
    pub as_of: NaiveDate,
    pub interrupt: &'a Interrupt,
    /// Folder of the job's reports.
    pub reports: &'a Path,
}

/// Everything that the report and the queue follow from.
pub struct Night {
    pub payroll: PayrollTables,
    pub fetched: Fetched,
    pub judgement: Judgement,
    pub names: ShownNames,
    /// The report under construction: what was not judged, and the tables that were judged from, are written already.
    pub pack: Pack,
    pub written: Vec<WrittenFile>,
    pub decision: NightDecision,
}

/// Reads, fetches, judges and decides. Offline, what is wrong with the opening ledger is told after what is wrong with
/// anything else that is read, and the check of the database may go on afterwards.
pub fn night(
    asked: &NightAsked<'_>,
    store: &mut Store,
    check: &mut StoreCheck<'_>,
    watch: &mut Stopwatch,
) -> Result<Night, Failure> {
    let NightAsked { opened, args, as_of, interrupt, .. } = *asked;
    let job = &opened.job;
    let ahead = open::benbase_ledger_ahead(job);
    let Sources { payroll, crosswalk, schemes, newest } = sources::read(opened, args, as_of, check)?;
    watch.lap("sources");
    // `Err`: it is still being read.
    let (fetched, ledger) = match newest {
        Some(newest) => (fetch::offline(job, store, &payroll, newest)?, Err(ahead)),
        None => {
            check.wait()?;
            // Hours of calls must not end in a ledger that can't be read.
            let ledger = open::benbase_ledger(job, ahead, store, check, opened.now)?;
            (fetch::snapshot(opened, args, store, &payroll, &crosswalk, as_of, interrupt)?, Ok(ledger))
        }
    };
    interrupt.check()?;
    watch.lap("fetch");

    let payroll = PayrollTables::from(payroll);
    let mut in_force = None;
    // The database is read on this thread: its connection belongs to one.
    let (mut books, (last_good, past), pending) = rayon::in_place_scope(|scope| {
        scope.spawn(|_| in_force = Some(cover::in_force(job, &schemes, &payroll, fetched)));
        let past = past(args, store, as_of, &payroll)?;
        Ok::<_, Failure>((books::read(store, as_of)?, past, decide::pending(job, store)?))
    })?;
    let fetched = in_force.expect("the scope waits for it")?;
    let others = holders::tell(job, &payroll, &fetched, &mut books)?;
    let last_read = departed::last_read(job, &payroll, &fetched, &books, &past)?;
    let ForeignLinks { shown_by, doubts } = foreign_links::find(job, store, as_of, &fetched, &crosswalk)?;
    let inputs = rules::Inputs {
        job: Settings { schemes: &schemes, ..job.rules_settings() },
        as_of,
        payroll: &payroll,
        population: &fetched.snapshot.population,
        users: &fetched.snapshot.users,
        benefits: &fetched.benefits,
        snapshot_id: &fetched.snapshot.id,
        prior: fetched.prior.as_ref().map(|prior| fetch::as_prior(prior, &others)),
        last_read: &last_read,
        oyster: oyster::as_input(&fetched.snapshot, fetched.oyster.as_ref().map(|oyster| &oyster.states)),
        crosswalk: &crosswalk,
        foreign_links: &doubts,
        last_good: last_good.as_ref(),
        past: &past,
        answers_of: fetched.snapshot.known_on(&job.zone),
        books: &books,
        pending: &pending,
    };
    let mut compared = rules::compare(&inputs).context("comparing the tables").map_err(Failure::bug)?;
    let ledger = ledger.or_else(|ahead| open::benbase_ledger(job, ahead, store, check, opened.now))?;
    let mut judgement = compared.judge(&ledger).context("judging the tables").map_err(Failure::bug)?;
    let waivers = Waivers::read(store, as_of)?;
    waivers.add_expired(&job.name, as_of, &mut judgement.findings);
    interrupt.check()?;
    watch.lap("rules");

    let names = names::shown(job, &payroll, &fetched.snapshot)?;
    let mut written = None;
    let decision = rayon::in_place_scope(|scope| {
        scope.spawn(|_| written = Some(begin_pack(asked, &payroll, &compared, &judgement, &names, &fetched.snapshot)));
        let undecided = Undecided {
            snapshot: &fetched.snapshot,
            judgement: &judgement,
            ledger: &ledger,
            last_good: last_good.as_ref(),
            waivers,
            foreign_links: shown_by,
        };
        decide::decide(asked, store, undecided)
    });
    drop(compared);
    let (decision, (pack, written)) = (decision?, written.expect("the scope waits for it")?);
    watch.lap("decide");
    Ok(Night { payroll, fetched, judgement, names, pack, written, decision })
}

/// Begins the report with what was not judged, and the tables that the rest was judged from: long lists that need no
/// history and no plan.
fn begin_pack(
    asked: &NightAsked<'_>,
    payroll: &PayrollTables,
    compared: &Compared<'_>,
    judgement: &Judgement,
    names: &ShownNames,
    snapshot: &Snapshot,
) -> Result<(Pack, Vec<WrittenFile>), Failure> {
    let job = &asked.opened.job;
    let Judgement { out_of_scope, unverified, pages, .. } = judgement;
    let files = report::not_judged(&payroll.rejects, out_of_scope, unverified, names, job.report.csv);
    let mut files = files.context("rendering the report").map_err(Failure::bug)?;
    if job.report.formats.proof {
        files.push(proof::sql());
    }
    let name = assemble::folder_name(asked.as_of, asked.args.dry_run);
    let run_id = assemble::run_id(job, asked.as_of, asked.args.dry_run, payroll, &snapshot.id);
    let write = || -> anyhow::Result<(Pack, Vec<WrittenFile>)> {
        let pack = Pack::begin(asked.reports, &name)?;
        pack.write(&files)?;
        let mut written: Vec<WrittenFile> = files.iter().map(WrittenFile::from).collect();
        if job.report.formats.proof {
            written.extend(proof::write_judged(compared, pages, &pack, &run_id)?);
        }
        Ok((pack, written))
    };
    write().map_err(|error| Failure::new(Exit::Machine, error))
}

/// The base line of the guards, and what was read before of tonight's pay groups.
fn past(
    args: &RunArgs,
    store: &Store,
    as_of: NaiveDate,
    payroll: &PayrollTables,
) -> Result<(Option<BaseLine>, PastPeriods), Failure> {
    // Runs beside the regular one follow on nothing, and are no measure of it.
    if payroll.other_runs_only && args.accept_swing.is_none() {
        let last = store.last_periods(as_of, &payroll.groups_beside);
        let earlier = last.context("reading the last good runs").map_err(Failure::bug)?;
        return Ok((None, PastPeriods { accepted: true, earlier, ..PastPeriods::default() }));
    }
    let other_payrolls = store.other_payrolls(as_of, &payroll.periods);
    let other_payrolls = other_payrolls.context("reading the last good runs").map_err(Failure::bug)?;
    let other_files = store.other_files(as_of, &payroll.periods);
    let other_files = other_files.context("reading which files earlier runs read").map_err(Failure::bug)?;
    // Tonight is the base line: there is nothing to compare it with.
    if args.accept_swing.is_some() {
        let past = store.past_periods(as_of, None, &payroll.periods);
        let PastPeriods { pays, doubted, .. } = past.context("reading the last good runs").map_err(Failure::bug)?;
        let past = PastPeriods { accepted: true, pays, doubted, other_payrolls, other_files, ..PastPeriods::default() };
        return Ok((None, past));
    }
    let hash = freshness::hash_of(&payroll.files);
    let last_good = store.last_good(as_of, &payroll.periods);
    let past =
        last_good.and_then(|last_good| Ok((last_good, store.past_periods(as_of, hash.as_deref(), &payroll.periods)?)));
    let (last_good, past) = past.context("reading the last good runs").map_err(Failure::bug)?;
    Ok((last_good, PastPeriods { other_payrolls, other_files, ..past }))
}
