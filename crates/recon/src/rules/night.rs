//! The night as the rule families see it: everybody with a state, the lines that did not match, and lookups of the wide
//! columns for those rows only.

use rayon::join;
use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;
use rayon::prelude::*;

use crate::rules::Inputs;
use crate::rules::balance::Balances;
use crate::rules::calendar::once_a_month::with_practice;
use crate::rules::identity::links::BenbaseLinks;
use crate::rules::identity::other_group::{InTwo, in_two};
use crate::rules::ladder::place;
use crate::rules::lines::benefits::Benefits;
use crate::rules::lines::coded::{Coded, coded_with_people};
use crate::rules::lines::deducted::deducted;
use crate::rules::lines::expected::{Expected, expected};
use crate::rules::lines::labels::{Catalog, Label};
use crate::rules::lines::other_runs::OtherRuns;
use crate::rules::lines::pair::Pairs;
use crate::rules::lines::schemes::Schemes;
use crate::rules::lines::tables::lines;
use crate::rules::lines::unmatched::{Line, unmatched};
use crate::rules::lines::whole_code::{WholeCodes, set_aside};
use crate::rules::oyster::Oysters;
use crate::rules::pay::frequency::{Frequency, frequencies};
use crate::rules::people::everybody::{Person, everybody};
use crate::rules::people::person_state::{PersonState, States, covered, states};
use crate::rules::people::{People, date};
use crate::rules::place::Place;
use crate::rules::proofs::dispositions::Counts;
use crate::rules::proofs::group_totals;
use crate::rules::proofs::totals::{DUE_COLUMNS, TotalCells};
use crate::rules::schema::{EMPLOYEES, LINES};
use crate::rules::timeline::late_changes::{LateChange, candidates, gone_since, late_changes, with_followed};
use crate::rules::timeline::records::Records;
use crate::snapshot::BENEFITS;
use crate::tables::column::{Cells, Column, PlainDay, Text};
use tieout_model::control::BaseLine;
use tieout_model::money::Currency;

/// Everything that the families need; built once, never changed.
pub(super) struct Night<'a> {
    pub(super) inputs: &'a Inputs<'a>,
    pub(super) people: People<'a>,
    pub(super) states: States,
    pub(super) catalog: Catalog<'a>,
    pub(super) labels: Vec<Label>,
    /// Lines that did not match, by employee and label; those of job-wide reasons (ignored, EN13) are in `cells` only.
    pub(super) lines: Vec<Line>,
    /// Lines that matched.
    pub(super) matched: u64,
    /// All lines, [`PLACED`] of them.
    pub(super) placed: DataFrame,
    /// What each record of the snapshot's benefits makes due.
    pub(super) records: Records,
    pub(super) cells: TotalCells,
    /// Rows of each source by fate of their line.
    pub(super) counts: Counts,
    pub(super) balances: Balances,
    pub(super) links: BenbaseLinks<'a>,
    pub(super) schemes: Schemes,
    /// By `emp`.
    pub(super) frequencies: Vec<Frequency>,
    /// By `emp`: whom the sources have in two pay groups or legal entities.
    pub(super) in_two: BTreeMap<u32, InTwo<'a>>,
    pub(super) whole_codes: WholeCodes,
    /// `None`: nobody of the job is employed through Oyster.
    pub(super) oyster: Option<Oysters<'a>>,
    /// Headcount and totals, as the guards compare them.
    pub(super) tonight: BaseLine,
}

/// What is kept of every line.
const PLACED: [&str; 18] = [
    LINES.emp.name,
    LINES.label.name,
    LINES.mark.name,
    LINES.place.name,
    LINES.employee_taken.name,
    LINES.employer_taken.name,
    LINES.employee_due.name,
    LINES.employer_due.name,
    LINES.pay_cur.name,
    LINES.ee_cur.name,
    LINES.er_cur.name,
    LINES.per_year.name,
    LINES.tolerance.name,
    LINES.settles.name,
    LINES.employer.name,
    LINES.pay_rows.name,
    LINES.bx_rows.name,
    LINES.bx_row.name,
];

/// Lines that agree.
fn matched(all: &DataFrame) -> PolarsResult<u64> {
    let placed = LINES.place.of(all)?.into_no_null_iter();
    Ok(placed.filter(|place| [Place::Matched, Place::Accepted].contains(&Place::of(*place))).count() as u64)
}

impl<'a> Night<'a> {
    pub(super) fn new(inputs: &'a Inputs<'a>) -> PolarsResult<Night<'a>> {
        let night = Night::placed(inputs)?;
        Ok(Night { tonight: group_totals::tonight(&night)?, ..night })
    }

    /// All but what the night comes to.
    fn placed(inputs: &'a Inputs<'a>) -> PolarsResult<Night<'a>> {
        let (Coded { mut catalog, of_kinds, mut encoded }, people) = coded_with_people(inputs)?;
        let mut oyster = Oysters::new(inputs, &people, &of_kinds, &mut catalog)?;
        oyster.iter().for_each(|oyster| oyster.keep_apart(&mut encoded, &mut catalog));
        catalog.meet_totals(inputs.payroll);
        let others = OtherRuns::new(inputs, &people, &mut catalog);
        let labels = described(&catalog, inputs, oyster.as_ref());
        let mut schemes = Schemes::new(inputs.job, &people.groups, &catalog.labels);
        with_practice(inputs, &people, (&of_kinds, &catalog.labels), &encoded.labels, &mut schemes)?;
        let emp = BENEFITS.emp.of(&inputs.benefits.frame)?.into_no_null_iter().collect();
        let units = catalog.currencies.minor_units();
        let (taken, due) = join(
            || deducted(inputs.payroll, &people.ids.of_person, &of_kinds, others),
            || expected(inputs.job, inputs.benefits, emp, &people, encoded, &units, &schemes),
        );
        let (taken, Expected { lines: mut due, records, superseded }) = (taken?, due?);
        let live = covered(&due, &labels, people.ids.len())?;
        if let Some(oyster) = &mut oyster {
            oyster.remember(&due, &catalog, &labels)?;
            due = oyster.with_due(due, &people, &catalog, &schemes)?;
        }
        let totalled = due.select(DUE_COLUMNS)?;
        let charged = oyster.as_ref().map(|_| taken.select([LINES.emp.name, LINES.label.name])).transpose()?;
        let elsewhere = oyster.as_ref().map(Oysters::employs).unwrap_or_default();
        let (of_people, all) = join(
            || PolarsResult::Ok((states(inputs, &people, live, &elsewhere)?, BenbaseLinks::new(inputs, &people)?)),
            || lines(inputs.job, taken, due, &people, &catalog, &schemes, &labels),
        );
        let ((mut states, links), mut all) = (of_people?, all?);
        if let (Some(oyster), Some(charged)) = (&mut oyster, charged) {
            oyster.excuse(&mut states, &charged, &people, inputs)?;
        }
        let (frequencies, in_two) = (frequencies(inputs, &people, &schemes)?, in_two(inputs, &people, &schemes)?);
        let everybody = everybody(inputs, &people, &states, &frequencies, &in_two)?;
        let pairs = Pairs::new(&all)?;
        let asked = candidates(&pairs, &everybody, &labels, inputs.payroll.period.cutoff);
        let late = late_changes(inputs, &asked, &people, &mut catalog, &schemes)?;
        let rules = (&labels[..], &schemes, &superseded, &gone_since(&late));
        let mut places = places(&pairs, &everybody, &labels, &schemes, late, inputs.benefits);
        let whole_codes = set_aside(&pairs, &mut places, inputs, &catalog, &labels, &people.ids, &everybody);
        all.with_column(LINES.place.filled(places))?;
        if let Some(oyster) = &mut oyster {
            oyster.place(&mut all, inputs, (&people, &everybody), &catalog, &schemes, &labels)?;
        }
        let balances = Balances::new(inputs, &mut all, (&people, &everybody), &catalog, rules, oyster.as_ref())?;
        let (cells, mut counts) = summed(&all, totalled, &catalog, people.ids.len())?;
        oyster.as_mut().map(|oyster| oyster.count(&all, &mut counts)).transpose()?;
        let lines = unmatched(&all, &everybody, &labels, &schemes, &balances, &catalog)?;
        Ok(Night {
            placed: all.select(PLACED)?,
            matched: matched(&all)?,
            records,
            balances,
            lines,
            inputs,
            people,
            states,
            catalog,
            labels,
            cells,
            counts,
            links,
            schemes,
            frequencies,
            in_two,
            whole_codes,
            oyster,
            tonight: BaseLine::default(),
        })
    }

    pub(super) fn id(&self, emp: u32) -> &'a str {
        self.people.ids.text(emp)
    }

    pub(super) fn label(&self, line: &Line) -> &str {
        self.catalog.labels.text(line.label)
    }

    /// `emp` of the employee ids given, each once, in order.
    pub(super) fn emps<'i>(&self, ids: impl Iterator<Item = &'i str>) -> BTreeSet<u32> {
        ids.filter_map(|id| self.people.ids.find(id)).collect()
    }

    /// Row of payroll's people.
    pub(super) fn person(&self, emp: u32) -> Option<usize> {
        self.people.person.get(emp as usize).map(|row| row as usize)
    }

    /// Row of Benifex's users.
    pub(super) fn user(&self, emp: u32) -> Option<usize> {
        self.people.user.get(emp as usize).map(|row| row as usize)
    }

    /// A text of payroll's people.
    pub(super) fn pay_text(&self, emp: u32, column: Column<Text>) -> PolarsResult<Option<&'a str>> {
        let texts = column.of(&self.inputs.payroll.people)?;
        Ok(self.person(emp).and_then(|row| texts.get(row)))
    }

    /// A text of Benifex's users.
    pub(super) fn user_text<C>(&self, emp: u32, column: Column<C>) -> PolarsResult<Option<&'a str>>
    where
        C: Cells<Array = StringChunked>,
    {
        let texts = column.of(self.inputs.users)?;
        Ok(self.user(emp).and_then(|row| texts.get(row)))
    }

    /// First and last day of the person's period.
    pub(super) fn period(&self, emp: u32) -> PolarsResult<(chrono::NaiveDate, chrono::NaiveDate)> {
        let file = &self.inputs.payroll.period;
        let of =
            |column: Column<PlainDay>| PolarsResult::Ok(column.of(&self.people.frame)?.get(emp as usize).map(date));
        Ok((of(EMPLOYEES.start)?.unwrap_or(file.start), of(EMPLOYEES.end)?.unwrap_or(file.end)))
    }

    /// The later leave date of the two sources.
    pub(super) fn leave(&self, emp: u32) -> PolarsResult<Option<chrono::NaiveDate>> {
        Ok(EMPLOYEES.leave.of(&self.people.frame)?.get(emp as usize).map(date))
    }

    /// Cover ended before the period began.
    pub(super) fn leaver(&self, emp: u32) -> PolarsResult<bool> {
        Ok(EMPLOYEES.leaver.of(&self.people.frame)?.get(emp as usize) == Some(true))
    }

    /// Lines that ended in one place.
    pub(super) fn lines_at(&self, place: Place) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.place == place)
    }

    /// Lines of one employee.
    pub(super) fn lines_of(&self, emp: u32) -> &[Line] {
        let start = self.lines.partition_point(|l| l.emp < emp);
        let end = self.lines.partition_point(|l| l.emp <= emp);
        &self.lines[start..end]
    }

    pub(super) fn currency(&self, number: u32) -> Option<Currency> {
        self.catalog.currencies.get(number)
    }

    /// Employees in one state.
    pub(super) fn in_state(&self, state: PersonState) -> Vec<u32> {
        let all = (0_u32..).zip(self.states.column.into_no_null_iter());
        all.filter(|(_, s)| *s == state.number()).map(|(emp, _)| emp).collect()
    }
}

/// What is known of each label.
fn described(catalog: &Catalog<'_>, inputs: &Inputs<'_>, oyster: Option<&Oysters<'_>>) -> Vec<Label> {
    let mut labels = catalog.describe(inputs.books, inputs.payroll.period.start);
    oyster.iter().for_each(|oyster| oyster.describe(&mut labels));
    labels
}

/// The sums and the counts of all lines. `totalled`: what was due before the join.
fn summed(
    all: &DataFrame,
    totalled: DataFrame,
    catalog: &Catalog<'_>,
    people: usize,
) -> PolarsResult<(TotalCells, Counts)> {
    let (cells, counts) = join(|| TotalCells::new(all, &totalled, catalog), || Counts::new(all, people));
    Ok((cells?, counts?))
}

/// The place of each line of Benifex's; Oyster's get theirs afterwards.
fn places(
    pairs: &Pairs<'_>,
    people: &[Person],
    labels: &[Label],
    schemes: &Schemes,
    late: BTreeMap<usize, LateChange>,
    benefits: &Benefits,
) -> Vec<u32> {
    let late = with_followed(late, pairs, people, benefits);
    let of_row = |row: usize| {
        let pair = pairs.get(row);
        let (person, label) = (&people[pair.emp as usize], &labels[pair.label as usize]);
        let late = late.get(&row).copied().unwrap_or(LateChange::No);
        place(&pair, person, label, schemes.scheme(person.group, pair.label), late).number()
    };
    (0..pairs.len()).into_par_iter().map(of_row).collect()
}
