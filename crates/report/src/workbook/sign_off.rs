//! The last sheet: the totals that somebody answers for, and room for names on paper. A workbook is written before
//! anybody signs: who did stands in sign_off.json beside it, on the page over all nights and in the state of the job.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use tieout_model::finding::Payer;
use tieout_model::money::{Currency, decimal_text};

use super::number;
use super::style::Style;
use crate::Report;
use crate::figures::headline;
use crate::tables::exposure_by_currency;

pub const TITLE: &str = "Sign-off";
/// Characters, by column.
const WIDTHS: [u16; 5] = [26, 22, 22, 22, 22];
/// Points: room for a signature by hand.
const SIGNATURE_HEIGHT: u16 = 30;
const SIGNERS: [&str; 3] = ["Prepared by", "Reviewed by", "Signed off by"];
const UNSIGNED: &str = "nobody had signed when this was written; tieout sign-off writes sign_off.json beside it";

struct Page<'s> {
    sheet: Worksheet,
    style: &'s Style,
    row: u32,
}

pub fn sheet(report: &Report, style: &Style) -> Result<Worksheet, XlsxError> {
    let mut page = Page { sheet: Worksheet::new(), style, row: 0 };
    page.sheet.set_name(TITLE)?.set_screen_gridlines(false);
    for (column, width) in (0..).zip(WIDTHS) {
        page.sheet.set_column_width(column, width)?;
    }
    page.sheet.set_landscape().set_print_fit_to_pages(1, 1);
    let head = &report.head;
    page.text(&format!("{} as of {}", head.job, head.as_of), &style.title)?;
    page.text(&format!("payroll {} to {}, run {}", head.period_start, head.period_end, head.run_id), &style.muted)?;
    page.text(&headline(report).said, &style.label)?;
    page.row += 1;
    page.control_totals(report)?;
    page.exposure(report)?;
    page.counts(report)?;
    page.signers()?;
    Ok(page.sheet)
}

impl Page<'_> {
    fn text(&mut self, text: &str, format: &rust_xlsxwriter::Format) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, text, format)?;
        self.row += 1;
        Ok(())
    }

    fn headings(&mut self, title: &str, headings: &[&str]) -> Result<(), XlsxError> {
        self.text(title, &self.style.section)?;
        for (column, heading) in (0..).zip(headings) {
            let format = if column == 0 { &self.style.heading } else { &self.style.number_heading };
            self.sheet.write_string_with_format(self.row, column, *heading, format)?;
        }
        self.row += 1;
        Ok(())
    }

    fn amounts(&mut self, name: &str, amounts: &[i128], currency: Currency) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, name, &self.style.label)?;
        for (column, counts) in (1..).zip(amounts) {
            match number::of_amount(*counts, currency) {
                Some(number) => {
                    let format = self.style.amount(*counts, currency);
                    self.sheet.write_number_with_format(self.row, column, number, format)?
                }
                None => self.sheet.write_string(self.row, column, decimal_text(*counts, currency.decimals()))?,
            };
        }
        self.row += 1;
        Ok(())
    }

    /// Over all benefits, by currency and payer.
    fn control_totals(&mut self, report: &Report) -> Result<(), XlsxError> {
        let mut sums: BTreeMap<(Currency, Payer), [i128; 3]> = BTreeMap::new();
        for total in &report.control_totals {
            let sum = sums.entry((total.currency, total.payer)).or_default();
            sum[0] += total.payroll;
            sum[1] += total.expected;
            sum[2] += total.residual();
        }
        self.headings("Control totals", &["Currency and payer", "Payroll", "Expected", "Residual"])?;
        for ((currency, payer), sums) in sums {
            self.amounts(&format!("{currency} {}", payer.name()), &sums, currency)?;
        }
        self.row += 1;
        Ok(())
    }

    fn exposure(&mut self, report: &Report) -> Result<(), XlsxError> {
        let headings = ["Currency", "under-collected or paid for nothing", "over-collected"];
        self.headings("Exposure to date", &headings)?;
        for (currency, (under, over)) in exposure_by_currency(report) {
            self.amounts(currency.code(), &[under, over], currency)?;
        }
        self.row += 1;
        Ok(())
    }

    fn counts(&mut self, report: &Report) -> Result<(), XlsxError> {
        let counts = [
            ("Findings", report.exceptions.len()),
            ("Waived", report.waived.len()),
            ("Parts unverified", report.unverified.len()),
            ("Corrections", report.corrections.len()),
        ];
        for (name, count) in counts {
            self.sheet.write_string_with_format(self.row, 0, name, &self.style.label)?;
            if let Some(count) = number::of_count(count as u64) {
                self.sheet.write_number_with_format(self.row, 1, count, &self.style.count)?;
            }
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    fn signers(&mut self) -> Result<(), XlsxError> {
        self.text("Signatures", &self.style.section)?;
        self.text(UNSIGNED, &self.style.muted)?;
        for (column, heading) in (0..).zip(["", "Name", "Date", "Signature"]) {
            self.sheet.write_string_with_format(self.row, column, heading, &self.style.heading)?;
        }
        for signer in SIGNERS {
            self.row += 1;
            self.sheet.set_row_height(self.row, SIGNATURE_HEIGHT)?;
            self.sheet.write_string_with_format(self.row, 0, signer, &self.style.label)?;
            for column in 1..=3 {
                self.sheet.write_blank(self.row, column, &self.style.entry)?;
            }
        }
        Ok(())
    }
}
