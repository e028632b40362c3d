//! Reading from the first byte to the tables: the order of the files, what must hold at the end of each, and the
//! result.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use crate::deductions::details::DetailSums;
use crate::deductions::lines::{Codes, Lines, Merged, OfPeriod, Repeated, Signs, Sums, code_totals};
use crate::deductions::row_amounts::{OfRow, RowAmount, SeveralPeriods};
use crate::header::columns::{check_period_source, has_earnings};
use crate::intake::{PointedIds, benefit_name};
use crate::layouts::source::Source;
use crate::people::People;
use crate::rows::Rows;
use crate::settings;
use crate::settings::{DeductionLayout, RowsPerPerson};
use crate::totals::absent_totals_row;
use crate::totals::control;
use crate::{ControlCheck, LeftOut, Payroll, PayrollError, RowCounts, UnknownSign, locate, newest, other_runs, period};
use chrono::NaiveDate;
use tieout_model::finding::{Payer, SetAside};
use tieout_model::money::Money;
use tieout_model::source::{InputFile, Reject};

/// Negative amounts of a side from which they are no refunds of a few, when they are most.
const NEGATIVE_MIN: u64 = 3;
/// Employees with several rows of a code from which these are no mistakes of a few, when they are most.
const REPEATED_MIN: u64 = 3;

/// Reads the payroll file that the job names, the deduction file when it is apart, and the control file. A file must
/// hold still for `settle`; with zero it is only compared before and after the reading.
pub fn read(
    settings: &settings::Payroll,
    deductions: &settings::Deductions,
    settle: Duration,
) -> Result<Payroll, PayrollError> {
    let files = || std::iter::once(settings).chain(&settings.others);
    files().try_for_each(check_period_source)?;
    let reading = Reading::of_files(settings, deductions, settle)?;
    if !reading.has_other_runs_only() {
        return reading.finish();
    }
    let of_other_runs = other_runs::as_regular(settings);
    let mut reading = Reading::of_files(&of_other_runs, deductions, settle)?;
    reading.other_runs_only = true;
    reading.finish().map(other_runs::beside_the_regular_run)
}

/// All that is known while reading.
pub(super) struct Reading<'s> {
    /// Of the file that is read.
    pub settings: &'s settings::Payroll,
    pub deductions: &'s settings::Deductions,
    pub codes: Codes,
    pub people: People,
    pub lines: Lines,
    /// Amounts of rows that are out of scope; control totals hold them too.
    pub out_of_scope: Sums,
    /// Readable amounts of rejected rows.
    pub rejected: Sums,
    pub set_aside: Vec<SetAside>,
    /// Row by row what other runs took.
    pub of_other_runs: Vec<RowAmount>,
    pub left_beside: BTreeMap<String, NaiveDate>,
    pub gross_beside: BTreeMap<String, Option<Money>>,
    pub rejects: Vec<Reject>,
    pub rows: RowCounts,
    /// How ids with a point in them were met in the file that is read.
    pub pointed_ids: PointedIds,
    /// Run types that no map knows, with their rows.
    pub unknown_run_types: BTreeMap<String, u64>,
    pub details: DetailSums,
    /// Rejected for a second pay period of their employee.
    pub rows_of_second_periods: u64,
    /// Rows of off-cycle and correction runs are taken for those of the regular one, which the files do not hold.
    other_runs_only: bool,
    unknown_signs: Vec<UnknownSign>,
    left_out: Vec<LeftOut>,
    controls: Vec<ControlCheck>,
    /// What the files before hold.
    sums_before: Sums,
    files: Vec<InputFile>,
}

impl<'s> Reading<'s> {
    /// Reads all files of the payroll.
    fn of_files(
        settings: &'s settings::Payroll,
        deductions: &'s settings::Deductions,
        settle: Duration,
    ) -> Result<Reading<'s>, PayrollError> {
        let mut reading = Reading::new(settings, deductions);
        for file in std::iter::once(settings).chain(&settings.others) {
            reading.read_group(file, settle)?;
        }
        reading.settings = settings;
        Ok(reading)
    }

    /// No row is one of a regular run, and some are of runs whose words are known.
    fn has_other_runs_only(&self) -> bool {
        let known = self.unknown_run_types.is_empty() && self.rows.rejected == 0;
        known && self.people.len() == 0 && self.rows.out_of_scope > 0
    }

    fn new(settings: &'s settings::Payroll, deductions: &'s settings::Deductions) -> Reading<'s> {
        Reading {
            settings,
            deductions,
            codes: Codes::default(),
            people: People::new(has_earnings(settings)),
            lines: Lines::default(),
            out_of_scope: Sums::new(),
            rejected: Sums::new(),
            set_aside: Vec::new(),
            of_other_runs: Vec::new(),
            left_beside: BTreeMap::new(),
            gross_beside: BTreeMap::new(),
            rejects: Vec::new(),
            rows: RowCounts::default(),
            pointed_ids: PointedIds::default(),
            unknown_run_types: BTreeMap::new(),
            details: DetailSums::default(),
            rows_of_second_periods: 0,
            other_runs_only: false,
            unknown_signs: Vec::new(),
            left_out: Vec::new(),
            controls: Vec::new(),
            sums_before: Sums::new(),
            files: Vec::new(),
        }
    }

    /// Reads one payroll file, with the deduction file and the control file that belong to it.
    fn read_group(&mut self, file: &'s settings::Payroll, settle: Duration) -> Result<(), PayrollError> {
        self.settings = file;
        self.sums_before = self.sums();
        self.pointed_ids = PointedIds::default();
        let path = newest::payroll_file(file)?;
        let (data_rows, mut totals_rows) = self.read_file(&path, settle, Reading::people_rows)?;
        if self.pointed_ids == (PointedIds { whole: true, other: true }) {
            return Err(PayrollError::IdsWithDecimals { path });
        }
        if let DeductionLayout::Long { file: Some(file), .. } = &file.layout {
            let path = locate::pick(file, locate::DEDUCTIONS)?;
            totals_rows += self.read_file(&path, settle, Reading::deduction_rows)?.1;
        }
        let sums = self.sums_of_group();
        self.unknown_signs.extend(unknown_signs(&path, file, &sums, &self.codes, self.deductions));
        if file.totals_row.is_some() && totals_rows == 0 {
            self.controls.push(absent_totals_row());
        }
        if let Some(control) = &file.control_file {
            let control = locate::pick(control, locate::CONTROL)?;
            let (checks, input) = control::check(&control, file, settle, &sums, &self.codes, data_rows)?;
            self.controls.extend(checks);
            self.files.push(input);
        }
        Ok(())
    }

    /// Reads one file; its data rows, and the totals rows that were compared.
    fn read_file(
        &mut self,
        path: &Path,
        settle: Duration,
        read_rows: impl FnOnce(&mut Self, &mut Rows) -> Result<Source, PayrollError>,
    ) -> Result<(u64, u64), PayrollError> {
        let mut rows = Rows::open(path, &self.settings.format(), settle)?;
        let source = match read_rows(self, &mut rows) {
            Ok(source) => source,
            // Whatever seems wrong with a file that somebody still writes, that is the reason.
            Err(error) => return Err(rows.check_unchanged().err().unwrap_or(error)),
        };
        let open_quote = source.suspect.filter(|_| !rows.are_of_workbook() && !rows.ends_quoted());
        self.files.push(rows.close()?);
        match open_quote {
            Some(line) => Err(PayrollError::UnclosedQuote { path: source.path, line }),
            None => self.end_file(source),
        }
    }

    fn end_file(&mut self, source: Source) -> Result<(u64, u64), PayrollError> {
        if source.data_rows == 0 {
            return Err(PayrollError::HeaderOnly { path: source.path });
        }
        self.left_out.extend(source.left_out());
        let sums = self.sums_of_group();
        let mut compared = 0;
        for totals in &source.totals {
            match totals.checks(&sums, &self.codes, source.data_rows) {
                Some(checks) => {
                    self.rows.structural += 1;
                    compared += 1;
                    self.controls.extend(checks);
                }
                None => {
                    self.rows.rejected += 1;
                    self.rejects.push(source.refuse_totals(totals, "a totals row adds several currencies together"));
                }
            }
        }
        Ok((source.data_rows, compared))
    }

    /// What the file that is read holds, with the deduction file that belongs to it.
    fn sums_of_group(&self) -> Sums {
        let mut sums = self.sums();
        for (key, before) in &self.sums_before {
            if let Some(sum) = sums.get_mut(key) {
                sum.take_off(*before);
            }
        }
        sums.retain(|_, sum| sum.rows > 0);
        sums
    }

    /// What the files hold: accepted, out of scope, and of rejected rows what could be read.
    fn sums(&self) -> Sums {
        let mut sums = self.lines.sums.clone();
        self.out_of_scope.iter().chain(&self.rejected).for_each(|(key, sum)| sums.entry(*key).or_default().add(*sum));
        sums
    }

    /// The error that carries the rejects to the command.
    pub fn too_many_rejected(&mut self, stopped: bool) -> PayrollError {
        self.rejects.sort();
        PayrollError::TooManyRejected {
            rejected: self.rows.rejected,
            rows: self.rows.read - self.rows.structural,
            share_max: self.settings.max_rejected_share,
            stopped,
            rejects: std::mem::take(&mut self.rejects),
        }
    }

    fn finish(mut self) -> Result<Payroll, PayrollError> {
        let data_rows = i128::from(self.rows.read - self.rows.structural);
        // Rows that are sound and of another period say nothing against the file or how it is read.
        let unsound = self.rows.rejected - self.rows_of_second_periods;
        if self.settings.max_rejected_share.is_exceeded(i128::from(unsound), data_rows) {
            return Err(self.too_many_rejected(false));
        }
        self.into_payroll()
    }

    /// No regular row was accepted: because no word for one is known, if so.
    fn lacking(&self, error: PayrollError) -> PayrollError {
        match self.unknown_run_types.is_empty() {
            true => error,
            false => PayrollError::NoRegularRun { words: self.unknown_run_types.clone() },
        }
    }

    /// Those of other runs, and those of employees with several periods.
    fn row_amounts(&mut self, periods_of: &BTreeMap<String, SeveralPeriods>) -> Vec<RowAmount> {
        let mut amounts = std::mem::take(&mut self.of_other_runs);
        let of_periods = self.lines.take_of_periods();
        let of_several = of_periods.into_iter().filter(|row| periods_of.contains_key(self.people.id(row.person)));
        amounts.extend(of_several.map(|OfPeriod { person, period, deducted }| RowAmount {
            employee_id: self.people.id(person).to_owned(),
            benefit: benefit_name(&self.codes.names[deducted.code as usize], self.deductions).into_owned(),
            currency: deducted.currency,
            employee: deducted.employee,
            employer: deducted.employer,
            of: OfRow::Period(period),
        }));
        amounts
    }

    fn into_payroll(mut self) -> Result<Payroll, PayrollError> {
        self.rejects.sort();
        period::take_in_parts(&mut self.people);
        if let Some(file) = self.files.first() {
            period::one_for_each_pay_group(&self.people, &file.path)?;
        }
        let period = period::file_period(&self.people, &self.settings.period).map_err(|error| self.lacking(error))?;
        let totals = code_totals(&self.lines.sums, &self.codes, self.deductions);
        let rejected = code_totals(&self.rejected, &self.codes, self.deductions);
        let periods_of = self.people.several_periods();
        let row_amounts = self.row_amounts(&periods_of);
        if let Some(names) = self.people.settle() {
            self.lines.rename(&names);
        }
        let several = |file: &settings::Payroll| file.table.rows_per_person != RowsPerPerson::One;
        let all_split = several(self.settings) || self.settings.others.iter().any(several);
        let merged = self.lines.merge(&self.codes, &self.deductions.split_codes, all_split)?;
        check_repeated(self.settings, &merged, &self.codes, self.deductions)?;
        let kinds = merged.kinds(&self.codes, self.deductions);
        let (mut people, rows_of_person) = self.people.into_table();
        merged.duplicates.iter().for_each(|person| people.duplicate[*person as usize] = true);
        Ok(Payroll {
            people,
            kinds,
            lines: merged.lines,
            rejects: self.rejects,
            set_aside: self.set_aside,
            left_out: self.left_out,
            unknown_run_types: self.unknown_run_types,
            details: self.details.named(&self.codes),
            unknown_signs: self.unknown_signs,
            controls: self.controls,
            files: self.files,
            rows: self.rows,
            rows_of_person,
            periods_of,
            row_amounts,
            left_beside: self.left_beside,
            gross_beside: self.gross_beside,
            other_runs_only: self.other_runs_only,
            totals,
            rejected,
            period,
        })
    }
}

/// The sides of which most amounts are negative and the job does not say that they are to be: each of them would be a
/// difference, or each of the others.
fn unknown_signs(
    path: &Path,
    file: &settings::Payroll,
    sums: &Sums,
    codes: &Codes,
    deductions: &settings::Deductions,
) -> Vec<UnknownSign> {
    let benefit = |code: &u32| deductions.benefit_by_code.get(&codes.names[*code as usize]);
    let mut unknown = Vec::new();
    for payer in Payer::BOTH.into_iter().filter(|payer| file.amounts.sign(*payer).is_none()) {
        let (mut signs, mut benefits) = (Signs::default(), BTreeSet::new());
        for ((code, _), sum) in sums {
            let of_code = sum.signs(payer);
            if let Some(benefit) = benefit(code).filter(|_| of_code != Signs::default()) {
                signs.add(of_code);
                benefits.insert(benefit.clone());
            }
        }
        let Signs { negative, positive } = signs;
        if negative >= NEGATIVE_MIN && negative > positive {
            let (file, amounts) = (path.display().to_string(), negative + positive);
            unknown.push(UnknownSign { file, payer, negative, amounts, benefits });
        }
    }
    unknown
}

/// Fails when most employees have several rows of one code in the long layout: what tells the rows apart is not mapped.
fn check_repeated(
    main: &settings::Payroll,
    merged: &Merged,
    codes: &Codes,
    deductions: &settings::Deductions,
) -> Result<(), PayrollError> {
    let files = std::iter::once(main).chain(&main.others);
    let Some(long) = files.into_iter().find(|file| matches!(file.layout, DeductionLayout::Long { .. })) else {
        return Ok(());
    };
    let most = |of_code: &Repeated| of_code.repeated >= REPEATED_MIN && of_code.repeated * 2 > of_code.employees;
    match merged.repeated(codes, deductions).find(|(_, of_code)| most(of_code)) {
        None => Ok(()),
        Some((code, Repeated { employees, repeated })) => {
            let (path, code) = (long.file.clone(), code.to_owned());
            Err(PayrollError::RepeatedCode { path, code, employees, repeated })
        }
    }
}
