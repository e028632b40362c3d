//! Reading from the first byte to the tables: the order of the files, what must hold at the end of each, and the result.

use std::path::Path;
use std::time::Duration;

use crate::columns::check_period_source;
use crate::control;
use crate::lines::{Codes, Lines, Sums, code_totals};
use crate::people::People;
use crate::rows::Rows;
use crate::settings;
use crate::settings::DeductionLayout;
use crate::source::Source;
use crate::totals::absent_totals_row;
use crate::{ControlCheck, Payroll, PayrollError, RowCounts, locate, newest, period};
use tieout_model::finding::SetAside;
use tieout_model::source::{InputFile, Reject};

/// Shares of the job are in 1/10,000.
const SHARE_ONE: u128 = 10_000;

/// Reads the payroll file that the job names, the deduction file when it is apart, and the control file. A file must
/// hold still for `settle`; with zero it is only compared before and after the reading.
pub fn read(
    settings: &settings::Payroll,
    deductions: &settings::Deductions,
    settle: Duration,
) -> Result<Payroll, PayrollError> {
    check_period_source(settings)?;
    let mut reading = Reading::new(settings, deductions);
    let path = newest::payroll_file(settings)?;
    reading.read_file(&path, settle, Reading::people_rows)?;
    if let DeductionLayout::Long { file: Some(file), .. } = &settings.layout {
        reading.read_file(&locate::pick(file, locate::DEDUCTIONS)?, settle, Reading::deduction_rows)?;
    }
    reading.finish(settle)
}

/// All that is known while reading.
pub(super) struct Reading<'s> {
    pub settings: &'s settings::Payroll,
    pub deductions: &'s settings::Deductions,
    pub codes: Codes,
    pub people: People,
    pub lines: Lines,
    /// Amounts of rows that are out of scope; control totals hold them too.
    pub out_of_scope: Sums,
    pub set_aside: Vec<SetAside>,
    pub rejects: Vec<Reject>,
    pub rows: RowCounts,
    controls: Vec<ControlCheck>,
    /// Totals rows that were compared.
    totals_rows: u64,
    /// Data rows of the payroll file, the deduction file left out.
    data_rows: u64,
    files: Vec<InputFile>,
}

impl<'s> Reading<'s> {
    fn new(settings: &'s settings::Payroll, deductions: &'s settings::Deductions) -> Reading<'s> {
        Reading {
            settings,
            deductions,
            codes: Codes::default(),
            people: People::default(),
            lines: Lines::default(),
            out_of_scope: Sums::new(),
            set_aside: Vec::new(),
            rejects: Vec::new(),
            rows: RowCounts::default(),
            controls: Vec::new(),
            totals_rows: 0,
            data_rows: 0,
            files: Vec::new(),
        }
    }

    fn read_file(
        &mut self,
        path: &Path,
        settle: Duration,
        read_rows: impl FnOnce(&mut Self, &mut Rows) -> Result<Source, PayrollError>,
    ) -> Result<(), PayrollError> {
        let mut rows = Rows::open(path, self.settings.encoding, self.settings.delimiter, settle)?;
        let source = match read_rows(self, &mut rows) {
            Ok(source) => source,
            // Whatever seems wrong with a file that somebody still writes, that is the reason.
            Err(error) => return Err(rows.check_unchanged().err().unwrap_or(error)),
        };
        let open_quote = source.suspect.filter(|_| !rows.ends_quoted());
        self.files.push(rows.close()?);
        match open_quote {
            Some(line) => Err(PayrollError::UnclosedQuote { path: source.path, line }),
            None => self.end_file(source),
        }
    }

    fn end_file(&mut self, source: Source) -> Result<(), PayrollError> {
        if source.data_rows == 0 {
            return Err(PayrollError::HeaderOnly { path: source.path });
        }
        let sums = self.sums();
        for totals in &source.totals {
            match totals.checks(&sums, &self.codes, source.data_rows) {
                Some(checks) => {
                    self.rows.structural += 1;
                    self.totals_rows += 1;
                    self.controls.extend(checks);
                }
                None => {
                    self.rows.rejected += 1;
                    self.rejects.push(source.refuse_totals(totals, "a totals row adds several currencies together"));
                }
            }
        }
        if self.files.len() == 1 {
            self.data_rows = source.data_rows;
        }
        Ok(())
    }

    /// What the files hold, out of scope or not.
    fn sums(&self) -> Sums {
        let mut sums = self.lines.sums.clone();
        self.out_of_scope.iter().for_each(|(key, sum)| sums.entry(*key).or_default().add(*sum));
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

    fn finish(mut self, settle: Duration) -> Result<Payroll, PayrollError> {
        let data_rows = u128::from(self.rows.read - self.rows.structural);
        if u128::from(self.rows.rejected) * SHARE_ONE > u128::from(self.settings.max_rejected_share) * data_rows {
            return Err(self.too_many_rejected(false));
        }
        if self.settings.totals_row.is_some() && self.totals_rows == 0 {
            self.controls.push(absent_totals_row());
        }
        if let Some(path) = &self.settings.control_file {
            let path = locate::pick(path, locate::CONTROL)?;
            let (checks, file) =
                control::check(&path, self.settings, settle, &self.sums(), &self.codes, self.data_rows)?;
            self.controls.extend(checks);
            self.files.push(file);
        }
        self.into_payroll()
    }

    fn into_payroll(mut self) -> Result<Payroll, PayrollError> {
        self.rejects.sort();
        if let Some(file) = self.files.first() {
            period::one_for_each_pay_group(&self.people, &file.path)?;
        }
        let period = period::file_period(&self.people, &self.settings.period)?;
        let totals = code_totals(&self.lines.sums, &self.codes, self.deductions);
        let merged = self.lines.merge(&self.codes, &self.deductions.split_codes)?;
        let kinds = merged.kinds(&self.codes, self.deductions);
        let (mut people, rows_of_person) = self.people.into_table();
        merged.duplicates.iter().for_each(|person| people.duplicate[*person as usize] = true);
        Ok(Payroll {
            people,
            kinds,
            lines: merged.lines,
            rejects: self.rejects,
            set_aside: self.set_aside,
            controls: self.controls,
            files: self.files,
            rows: self.rows,
            rows_of_person,
            totals,
            period,
        })
    }
}
