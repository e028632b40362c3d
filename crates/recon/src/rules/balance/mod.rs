//! Tonight's lines in the benefit ledger: what each judged line expected and took is posted to its accounts, and a
//! difference that settles an earlier balance is no finding. What could not be judged posts nothing.

mod change;
mod changed_inside;
mod credits;
mod each_line;
mod earlier;
mod ended;
mod endings;
mod estimate;
mod findings;
mod line;
mod moved;
mod not_charged;
mod owed;
mod pages;
mod percentage;
mod periods;
mod prices;
mod statement;
mod sums;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::*;
use rayon::prelude::*;

use crate::balance::{BalanceHistory, Before, ChangedCodes, Employee, Joined, Payrolls, Tonight};
use crate::rules::Inputs;
use crate::rules::lines::labels::Catalog;
use crate::rules::lines::pair::{Pair, Pairs};
use crate::rules::oyster::Oysters;
use crate::rules::people::People;
use crate::rules::people::everybody::Person;
use crate::rules::place::Place;
use crate::rules::proofs::sequence::after_gaps;
use crate::rules::schema::LINES;
use crate::rules::timeline::replaced::replaced;
use crate::rules::timeline::vanished::SeenBefore;
use tieout_model::balance::{Account, BalanceTotal, EntryKind, Page, PayPeriod};
use tieout_model::code::Code;
use tieout_model::finding::Payer;
use tieout_payroll::FilePeriod;
use tieout_payroll::settings::Sign;

use change::Change;
use credits::Credits;
use each_line::OfLines;
use earlier::doubted::BorneOut;
use earlier::not_stated::signs;
use earlier::read_before::ReadBefore;
use earlier::unsettled::Unsettled;
use ended::dropped::listed_at_cutoff;
use ended::gone::Gone;
pub use endings::Endings;
pub(super) use endings::endings;
pub(super) use findings::{complete, judge};
use line::{Lines, Rules};
use moved::former::Former;
use moved::moved_group::DaysPaidFor;
pub(super) use moved::other_payrolls::{BESIDE_SHARE_MAX, TWO_PAYROLLS};
use moved::renamed::renamed;
use moved::two_frequencies::overlapped;
use pages::page_of;
use prices::coming::Coming;
use prices::not_taken::{AtCutoff, NotTaken};
use prices::whole::Stated;
use sums::Sums;
use tally::Tally;

/// Days before a period in which the files of other pay groups of a job have come.
pub(super) const SILENT_DAYS: i32 = 31;

/// The accounts of the night, and what is to be posted to them.
#[derive(Debug, Default)]
pub(super) struct Balances {
    /// By `emp`, then by account: those with something open or settled tonight.
    accounts: BTreeMap<u32, BTreeMap<Account, Tally>>,
    /// By `emp` whose id was somebody else's before: what that person left, and the last day of it.
    former: BTreeMap<u32, Former>,
    /// By `emp`: benefits of which a period had no charge, whose amount nobody knew, and the first such period.
    not_charged: BTreeMap<u32, BTreeMap<String, PayPeriod>>,
    /// `emp` of people whom files of two payrolls had lately.
    pub(super) beside: BTreeSet<u32>,
    /// By `emp`: what codes took that the job does not map, of people with something open. Counts of 1/10,000.
    pub(super) of_codes: BTreeMap<u32, Vec<(Account, i64)>>,
    /// By `emp`: what earlier periods took of which it is not known whether it was due.
    unsettled: BTreeMap<u32, Vec<Unsettled>>,
    /// By `emp`: earlier periods of which payroll's row could not be used.
    unread: BTreeMap<u32, Vec<PayPeriod>>,
    /// By `emp`: what was due of cover that is gone since the cut-off, and not taken.
    not_taken: BTreeMap<u32, Vec<NotTaken>>,
    /// To post, by employee and period.
    pub(super) pages: Vec<Page>,
    /// By benefit, payer and currency.
    pub(super) totals: Vec<BalanceTotal>,
    /// People on payroll of whom an earlier period is known.
    pub(super) known: u64,
}

/// What one employee's lines come to.
#[derive(Default)]
struct Outcome {
    /// Rows of lines that end elsewhere, or whose difference settles.
    places: Vec<(usize, Place, bool)>,
    accounts: BTreeMap<Account, Tally>,
    pages: Vec<Page>,
    of_codes: Vec<(Account, i64)>,
    unsettled: Vec<Unsettled>,
    unread: Vec<PayPeriod>,
    not_taken: Vec<NotTaken>,
    /// How much more the accounts hold afterwards that tonight changes.
    closing: Vec<(Account, i128)>,
}

impl Outcome {
    fn is_nothing(&self) -> bool {
        let Outcome { places, accounts, of_codes, unsettled, unread, not_taken, pages, closing } = self;
        let nothing_told = places.is_empty() && accounts.is_empty() && of_codes.is_empty() && unsettled.is_empty();
        nothing_told && unread.is_empty() && not_taken.is_empty() && pages.is_empty() && closing.is_empty()
    }
}

/// What is looked up for each employee.
struct Books<'b> {
    history: &'b BalanceHistory,
    /// Where each `emp` stands in it.
    positions: Vec<Option<usize>>,
    people: &'b People<'b>,
    everybody: &'b [Person],
    lines: Lines<'b>,
    /// By `emp`: books that differ from what is kept, as an id was written wrongly before.
    joined: BTreeMap<u32, Joined>,
    /// Whose open balances no other night of this job will tell: they moved to another payroll.
    movers: BTreeSet<u32>,
    /// Whether deductions of pay groups pay for different days.
    days_paid_for: DaysPaidFor,
    at_cutoff: AtCutoff<'b>,
    seen_before: &'b SeenBefore,
    read_before: ReadBefore<'b>,
    stated: Stated<'b>,
    coming: Coming<'b>,
    /// Pay groups and labels that may be deducted a period ahead, which the job does not say.
    ahead: BTreeSet<(u32, u32)>,
    /// By `emp` of whoever leaves in the period: labels of what was in force at the cut-off.
    listed_at_cutoff: BTreeMap<u32, BTreeSet<u32>>,
    /// Last days of the periods before which one was never read.
    after_gaps: BTreeSet<NaiveDate>,
    /// What later nights bear out of nights that a guard stopped.
    borne_out: BorneOut,
    /// The periods of which rows of anybody were read.
    read_periods: BTreeSet<PayPeriod>,
    /// Some of tonight's people are in files of another frequency that have days in common with tonight's.
    overlapped: bool,
    /// Benefits whose codes were others before, and since when they are tonight's.
    changed_codes: ChangedCodes,
    /// Of those the benefits that nobody has any more.
    ended_plans: BTreeSet<String>,
    /// An earlier night read another period of tonight's pay groups.
    file_before: bool,
    /// Tonight's file holds runs beside the regular one alone.
    other_runs_only: bool,
    /// How the job says each payer's amounts are written.
    signs: [Option<Sign>; 2],
    night: NaiveDate,
    /// The period of the file, with its cut-off.
    file: &'b FilePeriod,
    payrolls: Payrolls,
}

impl Balances {
    /// Settles the placed lines of `all` and gives those another place whose difference is none of their own; `settles`
    /// marks them. `oyster`: whose lines are estimates.
    pub(super) fn new(
        inputs: &Inputs<'_>,
        all: &mut DataFrame,
        (people, everybody): (&People<'_>, &[Person]),
        catalog: &Catalog<'_>,
        (labels, schemes, superseded, gone): Rules<'_>,
        oyster: Option<&Oysters<'_>>,
    ) -> PolarsResult<Balances> {
        let mut places = LINES.place.of(all)?.cont_slice()?.to_vec();
        let pairs = Pairs::new(all)?;
        let (rows, owners) = by_employee(&pairs);
        let codes = catalog.code_map();
        let changed_codes = inputs.books.changed_codes(inputs.as_of, &codes);
        let positions = inputs.books.positions((0..everybody.len() as u32).map(|emp| people.ids.text(emp)));
        let renamed = renamed(inputs, people, everybody, &positions)?;
        let books = Books {
            history: inputs.books,
            joined: moved::mangled::joined(inputs.books, (people, everybody), &renamed, inputs.as_of),
            people,
            everybody,
            lines: Lines {
                pairs: &pairs,
                places: &places,
                catalog,
                benefits: (0..catalog.labels.len() as u32).map(|label| catalog.labels.text(label).into()).collect(),
                labels,
                schemes,
                superseded,
                gone: Gone::new(gone, &pairs, &places),
                replaced: replaced(inputs),
                followed: &inputs.benefits.older.followed,
                oyster,
                credits: Credits::default(),
            },
            movers: moved::other_payrolls::movers(inputs, people, everybody)?,
            days_paid_for: DaysPaidFor::new(schemes, everybody),
            at_cutoff: AtCutoff::new(inputs)?,
            seen_before: &inputs.benefits.older.seen_before,
            read_before: ReadBefore::new(inputs, people, catalog),
            stated: Stated::new(inputs.benefits)?,
            coming: Coming::new(inputs)?,
            ahead: BTreeSet::new(),
            listed_at_cutoff: listed_at_cutoff(inputs, people, everybody, catalog)?,
            after_gaps: after_gaps(inputs),
            borne_out: BorneOut::new(inputs),
            overlapped: overlapped(inputs, everybody, &positions),
            positions,
            read_periods: inputs.books.read_periods(),
            ended_plans: ended::gone::plans(&changed_codes, &pairs, catalog),
            changed_codes,
            other_runs_only: inputs.payroll.other_runs_only,
            signs: signs(inputs.job.payroll),
            file_before: inputs.past.earlier.values().any(|earlier| !earlier.is_empty()),
            night: inputs.as_of,
            file: &inputs.payroll.period,
            payrolls: Payrolls::default(),
        };
        let books = Books { payrolls: books.payrolls(inputs), ..books }.with_credits().with_periods_ahead();
        let outcomes = books.of_each(&rows, &owners);
        let mut sums = Sums::opening(inputs.books);
        let without_lines = books.without_lines(&owners, &mut sums);
        let mut balances = Balances { known: books.known(), former: books.former(), ..without_lines };
        balances.not_charged = books.not_charged();
        balances.beside = books.beside();
        let settling = balances.take_all(outcomes, &mut places, &mut sums);
        balances.pages.extend(inputs.books.codes_to_note(&codes, of_file(inputs)));
        balances.totals = sums.posted(&balances.pages);
        balances.pages.par_sort_unstable_by(|a, b| (&a.employee_id, a.period).cmp(&(&b.employee_id, b.period)));
        all.with_column(LINES.place.filled(places))?;
        all.with_column(LINES.settles.filled(settling))?;
        Ok(balances)
    }
}

impl Balances {
    /// Puts the lines of all employees where they end; whether each line settles.
    fn take_all(&mut self, outcomes: Vec<(u32, Outcome)>, places: &mut [u32], sums: &mut Sums) -> Vec<bool> {
        let mut settling = vec![false; places.len()];
        for (emp, outcome) in outcomes {
            for (row, place, settles) in &outcome.places {
                places[*row] = place.number();
                settling[*row] = *settles;
            }
            outcome.closing.iter().for_each(|(account, by)| sums.changed(account, *by));
            self.take(emp, outcome);
        }
        settling
    }

    /// What the lines of one employee come to, but for their places and what they close with.
    fn take(&mut self, emp: u32, outcome: Outcome) {
        let Outcome { accounts, of_codes, unsettled, unread, not_taken, pages, .. } = outcome;
        if !accounts.is_empty() {
            self.accounts.insert(emp, accounts);
        }
        if !of_codes.is_empty() {
            self.of_codes.insert(emp, of_codes);
        }
        if !unsettled.is_empty() {
            self.unsettled.insert(emp, unsettled);
        }
        if !unread.is_empty() {
            self.unread.insert(emp, unread);
        }
        if !not_taken.is_empty() {
            self.not_taken.insert(emp, not_taken);
        }
        self.pages.extend(pages);
    }
}

fn of_file(inputs: &Inputs<'_>) -> PayPeriod {
    PayPeriod { start: Some(inputs.payroll.period.start), end: inputs.payroll.period.end }
}

/// Rows of the lines, employee by employee, and the employee and label of each row.
fn by_employee(pairs: &Pairs<'_>) -> (Vec<usize>, Vec<(u32, u32)>) {
    let mut rows: Vec<usize> = (0..pairs.len()).collect();
    let owners: Vec<(u32, u32)> = pairs.owners().collect();
    rows.par_sort_unstable_by_key(|row| (owners[*row], *row));
    (rows, owners)
}

impl Books<'_> {
    fn id(&self, emp: u32) -> &str {
        self.people.ids.text(emp)
    }

    /// What the lines of each employee come to, where that is anything. `rows` by employee, as `by_employee` has them.
    fn of_each(&self, rows: &[usize], owners: &[(u32, u32)]) -> Vec<(u32, Outcome)> {
        let of_employees: Vec<&[usize]> = rows.chunk_by(|a, b| owners[*a].0 == owners[*b].0).collect();
        let of_one = |rows: &&[usize]| {
            let (emp, _) = owners[rows[0]];
            let outcome = self.employee(emp, rows);
            (!outcome.is_nothing()).then_some((emp, outcome))
        };
        of_employees.par_iter().filter_map(of_one).collect()
    }

    /// What the lines of one employee come to.
    fn employee(&self, emp: u32, rows: &[usize]) -> Outcome {
        let person = &self.everybody[emp as usize];
        if !person.on_payroll {
            return self.absent(emp, rows);
        }
        let employee = self.of(emp);
        let mut outcome = Outcome::default();
        let is_beside = self.is_beside(&employee, person);
        let OfLines { mut changes, mut unsettled, mut unjudged, as_one, goes_on } =
            self.of_lines(employee, person, rows, is_beside, &mut outcome);
        if person.is_judged() {
            changes.append(&mut unsettled);
        }
        let is_open = outcome.accounts.values().any(Tally::is_open);
        if is_open || self.lacks_a_code(rows) {
            let of_codes = self.of_codes(employee, person, rows);
            let taken = |change: &Change<'_>| (change.account.clone(), change.cell.movements.get(EntryKind::Taken));
            outcome.of_codes = of_codes.iter().filter(|_| is_open).map(taken).collect();
            changes.extend(of_codes);
        }
        self.gone(emp, employee, person, (&unjudged, &as_one, goes_on), &mut changes, &mut outcome);
        let is_stated = |of: &Account, end| {
            let mut stated = changes.iter().filter(|c| c.account == *of && c.cell.period.end == end);
            stated.any(|c| c.cell.code != Some(Code::CT08))
        };
        let tonight = |of: &Account| {
            let own = changes.iter().find(|c| c.account == *of && c.cell.period.end == person.period().end);
            own.filter(|own| !own.cell.is_unsettled()).map(|own| own.cell.movements.get(EntryKind::Expected))
        };
        self.still_unsettled(employee, person, is_stated, tonight, &mut outcome);
        self.doubt(employee, person, is_stated, &mut outcome);
        unjudged.extend(self.payrolls.mark().filter(|_| is_beside));
        unjudged.extend(self.group_mark(&employee, person));
        unjudged.sort();
        unjudged.dedup();
        if person.is_judged() {
            outcome.closing.extend(self.joined.get(&emp).into_iter().flat_map(Joined::changes));
            outcome.pages = self.pages(emp, employee, unjudged, changes, &mut outcome.closing);
        } else {
            self.wait_for_the_id(emp, &mut outcome);
            outcome.pages = self.unjudged(emp, employee, unjudged, unsettled);
        }
        self.as_they_are(emp, outcome)
    }

    /// The place of a line that the ladder alone could not judge, where the books tell more.
    fn by_what_is_known(&self, employee: Employee<'_>, person: &Person, pair: &Pair, judged: Place) -> Place {
        let place = self.with_last_price(employee, person, pair, judged);
        let place = self.with_cover_in_arrears(employee, person, pair, place);
        let place = self.with_cover_seen_before(employee, person, pair, place);
        let place = self.with_another_plan(person, pair, place);
        let place = self.with_end_after(employee, person, pair, place);
        let place = self.with_part_asked(employee, person, pair, place);
        let place = self.with_exchange_undone(employee, person, pair, place);
        let place = self.with_both_prices(employee, person, pair, place);
        let place = self.with_price_changed_inside(employee, person, pair, place);
        let place = self.with_first_days_paid(employee, person, pair, place);
        let place = self.with_part_of_months(employee, person, pair, place);
        let place = self.with_both_by_rule(employee, person, pair, place);
        let place = self.with_nothing_before(employee, person, pair, place);
        self.with_records_added_up(employee, person, pair, place)
    }

    fn tonight(&self, period: PayPeriod, payer: Payer, expected: i64, taken: i64, tolerance: i64) -> Tonight {
        Tonight {
            period,
            expected,
            taken,
            tolerance,
            code: Some(payer.amount_code()),
            cover_from: None,
            night: self.night,
            before: Before::default(),
        }
    }
}
