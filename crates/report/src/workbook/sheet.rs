//! A table as a sheet: one header that stays in view, a filter on each column, totals below as formulas.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{DataValidation, ExcelDateTime, Formula, IgnoreError, Worksheet, XlsxError};

use tieout_model::money::{Currency, decimal_text};

use super::number;
use super::style::{Style, is_prose, shown};
use crate::csv::without_nul;
use crate::table::{Cell, Heading, Kind, Table, Term};

/// Rows of a sheet below its header, room left for the note and the totals: a spreadsheet ends at row 1,048,576.
const ROWS_MAX: usize = 1_048_000;
/// UTF-16 units that a cell holds.
const CELL_UNITS_MAX: usize = 32_767;
const CUT_MARK: char = '\u{2026}';
/// Characters that a page across holds in letters that can be read.
const PRINTED_WIDTH_MAX: u16 = 220;
/// Points of a line of text. LibreOffice does not fit a row to its text when it opens a workbook.
const LINE_HEIGHT: u32 = 15;
/// A row is no higher.
const LINES_MAX: u32 = 20;
/// First row of the data, from 0.
const FIRST_ROW: u32 = 1;

/// Where a table stands in its sheet.
pub struct Placed<'t, 'r> {
    pub table: &'t Table<'r>,
    headings: Vec<Heading>,
    /// Rows that are there; fewer than the table has where a sheet can't hold them.
    rows: u32,
}

impl<'t, 'r> Placed<'t, 'r> {
    pub fn of(table: &'t Table<'r>) -> Placed<'t, 'r> {
        Placed { table, headings: table.headings(), rows: table.rows().min(ROWS_MAX) as u32 }
    }

    pub fn is_whole(&self) -> bool {
        self.rows as usize == self.table.rows()
    }

    /// The cells of a column as a formula names them from another sheet.
    pub fn range(&self, name: &str) -> Option<String> {
        let column = column_number_to_name(self.column(name)?);
        Some(format!("'{}'!${column}${}:${column}${}", self.table.title, FIRST_ROW + 1, FIRST_ROW + self.rows.max(1)))
    }

    /// The texts of a column.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let column = self.column(name).map(usize::from);
        let cells = column.into_iter().flat_map(|column| (0..self.table.rows()).map(move |row| (row, column)));
        cells.filter_map(|(row, column)| match self.table.cell(row, column) {
            Cell::Text(text) => Some(text),
            _ => None,
        })
    }

    fn column(&self, name: &str) -> Option<u16> {
        self.headings.iter().position(|heading| heading.name == name).map(|at| at as u16)
    }

    pub fn sheet(&self, style: &Style) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(self.table.title)?;
        self.frame(&mut sheet, style)?;
        for row in 0..self.rows {
            for column in 0..self.headings.len() {
                self.cell(&mut sheet, style, row, column)?;
            }
            let lines = self.lines(row as usize);
            if lines > 1 {
                sheet.set_row_height(FIRST_ROW + row, lines * LINE_HEIGHT)?;
            }
        }
        self.ending(&mut sheet, style)?;
        Ok(sheet)
    }

    /// Header, widths, filters, print set-up.
    fn frame(&self, sheet: &mut Worksheet, style: &Style) -> Result<(), XlsxError> {
        let last_column = self.headings.len().saturating_sub(1) as u16;
        let last_row = FIRST_ROW + self.rows.max(1) - 1;
        for (column, heading) in (0..).zip(&self.headings) {
            sheet.set_column_width(column, heading.width)?;
            if is_text(heading) {
                sheet.set_column_format(column, style.of_text(heading))?;
            }
            let format = match heading.kind {
                Kind::Amount | Kind::Count => &style.number_heading,
                _ => &style.heading,
            };
            sheet.write_string_with_format(0, column, heading.title, format)?;
            if let Kind::Choice(choices) = heading.kind {
                sheet.add_data_validation(FIRST_ROW, column, last_row, column, &one_of(choices)?)?;
            }
        }
        let lines = self.headings.iter().map(|heading| lines(heading.title, heading)).max().unwrap_or(1);
        sheet.set_row_height(0, lines * LINE_HEIGHT)?;
        if let Some(first) = self.headings.iter().position(|heading| heading.is_detail) {
            sheet.group_columns_collapsed(first as u16, last_column)?;
        }
        sheet.set_freeze_panes(FIRST_ROW, 0)?;
        sheet.autofilter(0, 0, last_row, last_column)?;
        sheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        sheet.set_print_area(0, 0, self.end(), self.last_printed())?;
        sheet.set_footer("&L&F, &A&R&P of &N");
        Ok(())
    }

    /// Lines that a row takes.
    fn lines(&self, row: usize) -> u32 {
        let prose = self.headings.iter().enumerate().filter(|(_, heading)| is_prose(heading));
        let lines = prose.map(|(column, heading)| match self.table.cell(row, column) {
            Cell::Text(text) => lines(&text, heading),
            _ => 1,
        });
        lines.max().unwrap_or(1).min(LINES_MAX)
    }

    /// The last column on paper.
    fn last_printed(&self) -> u16 {
        let widths = self.headings.iter().take_while(|heading| !heading.is_detail).scan(0, |sum, heading| {
            *sum += heading.width;
            Some(*sum)
        });
        widths.take_while(|sum| *sum <= PRINTED_WIDTH_MAX).count().saturating_sub(1) as u16
    }

    /// The last row that is written, from 0.
    fn end(&self) -> u32 {
        FIRST_ROW + self.rows + 1 + self.totals().len() as u32
    }

    fn cell(&self, sheet: &mut Worksheet, style: &Style, row: u32, column: usize) -> Result<(), XlsxError> {
        let heading = &self.headings[column];
        let (at, to) = (FIRST_ROW + row, column as u16);
        match self.table.cell(row as usize, column) {
            Cell::Blank => match heading.kind {
                Kind::Choice(_) | Kind::Entry => sheet.write_blank(at, to, &style.entry)?,
                _ => sheet,
            },
            Cell::Text(text) if text.is_empty() => sheet,
            // The format of the column, which costs nothing a cell.
            Cell::Text(text) if is_text(heading) => sheet.write_string(at, to, kept(&text))?,
            Cell::Id(id) if is_text(heading) => sheet.write_string(at, to, kept(id))?,
            Cell::Currency(currency) if is_text(heading) => sheet.write_string(at, to, currency.code())?,
            Cell::Text(text) => sheet.write_string_with_format(at, to, kept(&text), &style.text)?,
            Cell::Id(id) => sheet.write_string_with_format(at, to, kept(id), &style.text)?,
            Cell::Currency(currency) => sheet.write_string_with_format(at, to, currency.code(), &style.text)?,
            Cell::Count(count) => match number::of_count(count) {
                Some(number) => sheet.write_number_with_format(at, to, number, &style.count)?,
                None => sheet.write_string_with_format(at, to, count.to_string(), &style.text)?,
            },
            Cell::Date(date) => match day(date) {
                Some(day) => sheet.write_datetime_with_format(at, to, day, &style.date)?,
                None => sheet.write_string_with_format(at, to, date.to_string(), &style.text)?,
            },
            Cell::Amount(counts, currency) => match number::of_amount(counts, currency) {
                Some(number) if heading.sum_of.is_empty() => {
                    sheet.write_number_with_format(at, to, number, style.amount(counts, currency))?
                }
                Some(_) => {
                    let formula = sum(&self.terms(heading, at), counts, currency);
                    sheet.write_formula_with_format(at, to, formula, style.amount(counts, currency))?
                }
                None => sheet.write_string_with_format(at, to, text_of(counts, currency), &style.text)?,
            },
        };
        Ok(())
    }

    /// The terms of a column in one row: `+E5-D5`.
    fn terms(&self, heading: &Heading, row: u32) -> String {
        let one = |term: &Term| {
            let (sign, name) = match term {
                Term::Plus(name) => ('+', name),
                Term::Minus(name) => ('-', name),
            };
            self.column(name).map(|column| format!("{sign}{}{}", column_number_to_name(column), row + 1))
        };
        heading.sum_of.iter().filter_map(one).collect()
    }

    /// The totals by currency, and what is not there.
    fn ending(&self, sheet: &mut Worksheet, style: &Style) -> Result<(), XlsxError> {
        let mut row = FIRST_ROW + self.rows;
        if !self.is_whole() {
            let (more, name) = (self.table.rows() - self.rows as usize, self.table.name);
            let note = format!("{more} more rows than a sheet holds: all of them are in {name}.csv, the totals too");
            sheet.write_string_with_format(row, 0, note, &style.bad)?;
            return Ok(());
        }
        let Some(currencies) = self.column("currency").map(column_number_to_name) else { return Ok(()) };
        let (first, last) = (FIRST_ROW + 1, FIRST_ROW + self.rows);
        for (currency, sums) in self.totals() {
            row += 1;
            sheet.write_string_with_format(row, 0, format!("Total {currency}"), &style.label)?;
            for (column, counts) in sums {
                let name = column_number_to_name(column);
                let of_currency =
                    format!("SUMIFS({name}{first}:{name}{last},{currencies}{first}:{currencies}{last},\"{currency}\")");
                let format = style.total(counts, currency);
                match number::of_amount(counts, currency) {
                    Some(_) => {
                        sheet.write_formula_with_format(row, column, sum(&of_currency, counts, currency), format)?
                    }
                    None => sheet.write_string_with_format(row, column, text_of(counts, currency), &style.text)?,
                };
            }
        }
        Ok(())
    }

    /// By currency and column, of the columns that add up.
    fn totals(&self) -> BTreeMap<Currency, BTreeMap<u16, i128>> {
        let mut totals: BTreeMap<Currency, BTreeMap<u16, i128>> = BTreeMap::new();
        for (column, _) in self.headings.iter().enumerate().filter(|(_, heading)| heading.adds_up) {
            for row in 0..self.rows as usize {
                if let Cell::Amount(counts, currency) = self.table.cell(row, column) {
                    *totals.entry(currency).or_default().entry(column as u16).or_default() += counts;
                }
            }
        }
        totals
    }
}

/// A column of texts, ids or codes and nothing else.
/// Lines that a text takes in a column.
fn lines(text: &str, heading: &Heading) -> u32 {
    text.chars().count().div_ceil(usize::from(heading.width)) as u32
}

fn is_text(heading: &Heading) -> bool {
    matches!(heading.kind, Kind::Text | Kind::Id { .. } | Kind::Currency)
}

/// A formula that a spreadsheet calculates to exactly these counts, with them as the value until it does.
pub fn sum(formula: &str, counts: i128, currency: Currency) -> Formula {
    let decimals = shown(counts, currency);
    Formula::new(format!("=ROUND({},{decimals})", formula.trim_start_matches('+')))
        .set_result(text_of(counts, currency))
}

fn text_of(counts: i128, currency: Currency) -> String {
    decimal_text(counts, currency.decimals())
}

fn one_of(choices: &[&str]) -> Result<DataValidation, XlsxError> {
    DataValidation::new()
        .allow_list_strings(choices)?
        .set_error_title("Not a decision")?
        .set_error_message(format!("Choose {}, or leave the cell blank.", choices.join(" or ")))
}

/// `None`: before the calendar of spreadsheets begins.
pub fn day(date: NaiveDate) -> Option<ExcelDateTime> {
    let (year, month, day) = (date.year().try_into().ok()?, date.month().try_into().ok()?, date.day().try_into().ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// What a cell can hold of a text.
fn kept(text: &str) -> String {
    let text = without_nul(text);
    if text.encode_utf16().count() <= CELL_UNITS_MAX {
        return text.into_owned();
    }
    let mut units = 0;
    let fits = text.chars().take_while(|c| {
        units += c.len_utf16();
        units < CELL_UNITS_MAX
    });
    fits.chain([CUT_MARK]).collect()
}
