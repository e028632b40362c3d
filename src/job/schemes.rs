//! The section `[[schemes]]`: the rules by which a benefit is deducted, by pay group, benefit or both.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::deductions::{benefit_is_known, for_whom};
use super::problems::Problems;
use super::text::checks::Text;
use super::text::checks::{path, text};
use super::text::key::Key;
use super::text::{Quoted, Written};
use tieout_model::money::Money;
use tieout_payroll::settings::Deductions;
use tieout_recon::scheme::{DeductionDates, ExtraPayDate, FirstDeduction, Proration, Scheme, SchemeEntry};
use tieout_recon::settings::CoverageEnd;

/// More pay dates than a month of weekly pay has.
const PAY_DATES_A_MONTH_MAX: u32 = 5;
const MONTHS: u32 = 12;
/// The last day that each month has.
const WASH_DAY_MAX: u32 = 28;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawScheme {
    pub pay_group: Option<Text>,
    pub benefit: Option<Text>,
    pub deduction_dates: Option<Quoted<DeductionDates>>,
    pub deduction_dates_file: Option<Text>,
    pub employer_deduction_dates: Option<Quoted<DeductionDates>>,
    pub extra_pay_date: Option<Quoted<ExtraPayDate>>,
    pub first_deduction: Option<Quoted<FirstDeduction>>,
    pub proration: Option<Quoted<Proration>>,
    pub proration_at_end: Option<Quoted<Proration>>,
    pub coverage_end: Option<Quoted<CoverageEnd>>,
    pub percent_of_pay: Option<bool>,
    pub pay_floor: Option<Quoted<Money>>,
    pub pay_ceiling: Option<Quoted<Money>>,
    pub eligible: Option<bool>,
}

/// The rules of each entry; `deductions`: the valid section, where there is one.
pub fn schemes(raw: Vec<RawScheme>, deductions: Option<&Deductions>, p: &mut Problems<'_>) -> Vec<SchemeEntry> {
    let mut seen = BTreeSet::new();
    let mut read = Vec::with_capacity(raw.len());
    for (i, entry) in raw.into_iter().enumerate() {
        let at = Key::of("schemes").item(i);
        let (pay_group, benefit) = (text(entry.pay_group), text(entry.benefit));
        for_whom((pay_group.as_deref(), benefit.as_deref()), &at, &mut seen, p);
        if let (Some(benefit), Some(deductions)) = (&benefit, deductions) {
            let known: Vec<&str> = deductions.benefits().collect();
            benefit_is_known(benefit, &known, &at.then("benefit"), p);
        }
        let dates_file = path(entry.deduction_dates_file);
        if dates_file.is_some() && entry.deduction_dates.is_some() {
            p.at(&at.then("deduction_dates_file"), "expected deduction_dates or a file of them, found both");
        }
        let [pay_floor, pay_ceiling] = [entry.pay_floor, entry.pay_ceiling].map(|amount| amount.map(|amount| amount.0));
        if pay_floor.zip(pay_ceiling).is_some_and(|(floor, ceiling)| ceiling <= floor) {
            p.at(&at.then("pay_ceiling"), "expected more than the pay_floor, found no more");
        }
        let scheme = Scheme {
            deduction_dates: entry.deduction_dates.map(|dates| dates.0),
            employer_deduction_dates: entry.employer_deduction_dates.map(|dates| dates.0),
            extra_pay_date: entry.extra_pay_date.map(|date| date.0),
            first_deduction: entry.first_deduction.map(|first| first.0),
            proration: entry.proration.map(|proration| proration.0),
            proration_at_end: entry.proration_at_end.map(|proration| proration.0),
            coverage_end: entry.coverage_end.map(|end| end.0),
            percent_of_pay: entry.percent_of_pay,
            pay_floor,
            pay_ceiling,
            eligible: entry.eligible,
        };
        read.push(SchemeEntry { pay_group, benefit, scheme, dates_file });
    }
    read
}

impl Written for DeductionDates {
    const EXPECTED: &'static str = "`every pay`, `first 2 of a month`, `last of a month` or `months 1, 4, 7, 10`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        if text == "every pay" {
            return Ok(DeductionDates::EveryPay);
        }
        if let Some(which) = text.strip_suffix(" of a month") {
            let (which, so_many) = which.trim().split_once(' ').unwrap_or((which.trim(), "1"));
            let dates = match which {
                "first" => DeductionDates::FirstOfMonth,
                "last" => DeductionDates::LastOfMonth,
                _ => return Err(None),
            };
            return number(so_many, 1, PAY_DATES_A_MONTH_MAX).map(dates);
        }
        let months = text.strip_prefix("months ").ok_or(None)?;
        let months = months.split(',').map(|month| number(month, 1, MONTHS));
        months.collect::<Result<BTreeSet<u32>, _>>().map(DeductionDates::Months)
    }
}

impl Written for ExtraPayDate {
    const EXPECTED: &'static str = "`holiday` or `deduction`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        match text {
            "holiday" => Ok(ExtraPayDate::Holiday),
            "deduction" => Ok(ExtraPayDate::Deduction),
            _ => Err(None),
        }
    }
}

impl Written for FirstDeduction {
    const EXPECTED: &'static str = "`same pay`, `next pay`, `in advance` or `in arrears`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        match text {
            "same pay" => Ok(FirstDeduction::SamePay),
            "next pay" => Ok(FirstDeduction::NextPay),
            "in advance" => Ok(FirstDeduction::InAdvance),
            "in arrears" => Ok(FirstDeduction::InArrears),
            _ => Err(None),
        }
    }
}

impl Written for Proration {
    const EXPECTED: &'static str = "`none`, `calendar days`, `working days`, `thirtieths` or `wash day 15`";

    fn read(text: &str) -> Result<Self, Option<String>> {
        match text {
            "none" => Ok(Proration::None),
            "calendar days" => Ok(Proration::CalendarDays),
            "working days" => Ok(Proration::WorkingDays),
            "thirtieths" => Ok(Proration::Thirtieths),
            _ => number(text.strip_prefix("wash day ").ok_or(None)?, 1, WASH_DAY_MAX).map(Proration::WashDay),
        }
    }
}

fn number(text: &str, least: u32, most: u32) -> Result<u32, Option<String>> {
    let number = text.trim().parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Some(format!("a number from {least} to {most}")))
}
