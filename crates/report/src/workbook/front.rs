//! The front sheet: the verdict, what it costs by currency, findings by severity, and where the rest is.

use rust_xlsxwriter::{Formula, Url, Worksheet, XlsxError};

use tieout_model::finding::{Direction, Severity};

use super::sheet::{Placed, sum};
use super::style::Style;
use super::{number, sign_off};
use crate::tables::{exposure_by_direction, verdicts, waived_by_currency};
use crate::{Report, tables};

const TITLE: &str = "Summary";
/// Characters, by column.
const WIDTHS: [u16; 4] = [22, 22, 22, 22];
/// Points. LibreOffice fits a row to a larger font only once somebody edits it.
const TITLE_HEIGHT: u16 = 24;
const DIRECTIONS: [Direction; 3] = [Direction::UnderCollected, Direction::PaidForNothing, Direction::OverCollected];

/// A sheet that is written line by line.
struct Page<'s> {
    sheet: Worksheet,
    style: &'s Style,
    row: u32,
}

pub fn sheet(report: &Report, placed: &[Placed<'_, '_>], style: &Style) -> Result<Worksheet, XlsxError> {
    let mut page = Page { sheet: Worksheet::new(), style, row: 0 };
    page.sheet.set_name(TITLE)?.set_screen_gridlines(false);
    for (column, width) in (0..).zip(WIDTHS) {
        page.sheet.set_column_width(column, width)?;
    }
    page.sheet.set_print_fit_to_pages(1, 1);
    page.head(report)?;
    page.verdict(report)?;
    if let Some(exceptions) = placed.iter().find(|placed| placed.table.name == tables::EXCEPTIONS) {
        page.money(report, exceptions)?;
        page.severities(exceptions)?;
    }
    if let Some(waived) = placed.iter().find(|placed| placed.table.name == tables::WAIVED) {
        page.waived(report, waived)?;
    }
    page.contents(placed)?;
    Ok(page.sheet)
}

impl Page<'_> {
    fn head(&mut self, report: &Report) -> Result<(), XlsxError> {
        let head = &report.head;
        self.sheet.write_string_with_format(0, 0, format!("{} as of {}", head.job, head.as_of), &self.style.title)?;
        self.sheet.set_row_height(0, TITLE_HEIGHT)?;
        let mode = if head.dry_run { "dry run: nothing was queued or remembered" } else { "live" };
        let line = format!("payroll {} to {}, {mode}", head.period_start, head.period_end);
        self.sheet.write_string_with_format(1, 0, line, &self.style.muted)?;
        self.row = 3;
        Ok(())
    }

    fn section(&mut self, title: &str, headings: &[&str]) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, title, &self.style.section)?;
        self.row += 1;
        // What a line is about stands first, its figures after it.
        for (column, heading) in (0..).zip(headings) {
            let format = if column == 0 { &self.style.heading } else { &self.style.number_heading };
            self.sheet.write_string_with_format(self.row, column, *heading, format)?;
        }
        self.row += u32::from(!headings.is_empty());
        Ok(())
    }

    fn verdict(&mut self, report: &Report) -> Result<(), XlsxError> {
        self.section("Verdict", &[])?;
        for verdict in verdicts(report) {
            let format = if verdict.holds { &self.style.good } else { &self.style.bad };
            self.sheet.write_string_with_format(self.row, 0, verdict.item, &self.style.label)?;
            self.sheet.merge_range(self.row, 1, self.row, 3, &verdict.said, format)?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// Directions are never set off and currencies never added; what clears itself is in none.
    fn money(&mut self, report: &Report, exceptions: &Placed<'_, '_>) -> Result<(), XlsxError> {
        let names = ["exposure_to_date", "currency", "direction"].map(|name| exceptions.range(name));
        let [Some(amounts), Some(currencies), Some(directions)] = names else { return Ok(()) };
        let mut headings = vec!["Currency"];
        headings.extend(DIRECTIONS.map(Direction::name));
        self.section("Exposure to date", &headings)?;
        for (currency, sums) in exposure_by_direction(report) {
            self.sheet.write_string_with_format(self.row, 0, currency.code(), &self.style.label)?;
            for (column, direction) in (1..).zip(DIRECTIONS) {
                let counts = sums.get(&direction).copied().unwrap_or(0);
                let formula =
                    format!("ABS(SUMIFS({amounts},{currencies},\"{currency}\",{directions},\"{}\"))", direction.name());
                let format = self.style.amount(counts, currency);
                match number::of_amount(counts, currency) {
                    Some(_) if exceptions.is_whole() => self.sheet.write_formula_with_format(
                        self.row,
                        column,
                        sum(&formula, counts, currency),
                        format,
                    )?,
                    Some(number) => self.sheet.write_number_with_format(self.row, column, number, format)?,
                    None => self.sheet.write_string(self.row, column, "see summary.csv")?,
                };
            }
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    fn severities(&mut self, exceptions: &Placed<'_, '_>) -> Result<(), XlsxError> {
        let Some(severities) = exceptions.range("severity") else { return Ok(()) };
        self.section("Findings", &["Severity", "Rows"])?;
        for severity in Severity::all() {
            let name = severity.name();
            let count = exceptions.texts("severity").filter(|text| text == name).count();
            self.sheet.write_string_with_format(self.row, 0, name, &self.style.label)?;
            let formula = Formula::new(format!("=COUNTIFS({severities},\"{name}\")")).set_result(count.to_string());
            self.sheet.write_formula_with_format(self.row, 1, formula, &self.style.count)?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// What people accept: in none of the sums above.
    fn waived(&mut self, report: &Report, waived: &Placed<'_, '_>) -> Result<(), XlsxError> {
        if report.waived.is_empty() {
            return Ok(());
        }
        let headings = ["Currency", "under-collected or paid for nothing", "over-collected"];
        self.section(&format!("Waived: {} findings", report.waived.len()), &headings)?;
        let ranges = ["exposure_to_date", "currency", "direction"].map(|name| waived.range(name));
        let [Some(amounts), Some(currencies), Some(directions)] = ranges else { return Ok(()) };
        let itself = Direction::ClearsItself.name();
        for (currency, (under, over)) in waived_by_currency(report) {
            self.sheet.write_string_with_format(self.row, 0, currency.code(), &self.style.label)?;
            for (column, counts, sign) in [(1, under, ">0"), (2, over, "<0")] {
                let format = self.style.amount(counts, currency);
                let of =
                    format!("{amounts},{currencies},\"{currency}\",{directions},\"<>{itself}\",{amounts},\"{sign}\"");
                match number::of_amount(counts, currency) {
                    Some(_) if waived.is_whole() => {
                        let formula = sum(&format!("ABS(SUMIFS({of}))"), counts, currency);
                        self.sheet.write_formula_with_format(self.row, column, formula, format)?
                    }
                    Some(number) => self.sheet.write_number_with_format(self.row, column, number, format)?,
                    None => self.sheet.write_string(self.row, column, "see summary.csv")?,
                };
            }
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    fn contents(&mut self, placed: &[Placed<'_, '_>]) -> Result<(), XlsxError> {
        self.section("Sheets", &["Sheet", "Rows"])?;
        for one in placed {
            let target = format!("internal:'{}'!A1", one.table.title);
            let link = Url::new(target).set_text(one.table.title);
            self.sheet.write_url_with_format(self.row, 0, link, &self.style.link)?;
            if let Some(rows) = number::of_count(one.table.rows() as u64) {
                self.sheet.write_number_with_format(self.row, 1, rows, &self.style.count)?;
            }
            let cut = if one.is_whole() { "" } else { ", which holds all rows; the sheet does not" };
            let file = format!("as a file: {}.csv{cut}", one.table.name);
            self.sheet.write_string_with_format(self.row, 2, file, &self.style.file)?;
            self.row += 1;
        }
        let link = Url::new(format!("internal:'{}'!A1", sign_off::TITLE)).set_text(sign_off::TITLE);
        self.sheet.write_url_with_format(self.row, 0, link, &self.style.link)?;
        Ok(())
    }
}
