//! The currency of a file that has no column for it.

use std::collections::BTreeMap;

use tieout_model::money::Currency;

use crate::cells::Order;
use crate::certainty::Proposed;
use crate::columns::Columns;
use crate::columns::names::words;
use crate::columns::profile::Profile;
use crate::columns::vendors::Vendor;
use crate::hints::Hints;
use crate::table::Table;

/// Codes that are words of payroll headers too.
const WORDS_TOO: [&str; 4] = ["ALL", "TOP", "NET", "PEN"];

/// `None`: a column says it.
pub fn find(
    table: &Table,
    profiles: &[Profile],
    columns: &Columns,
    vendor: Option<&Vendor>,
    hints: &Hints,
    decimal: char,
) -> Option<Proposed<String>> {
    if let Some(currency) = &hints.currency {
        return Some(Proposed::sure(currency.clone(), "stated on the command line"));
    }
    if columns.at("currency").is_some() {
        return None;
    }
    let found = by_code(profiles, columns)
        .or_else(|| by_symbol(profiles, &Dollars { table, columns, vendor, hints }))
        .or_else(|| by_text(table))
        .or_else(|| match hints.known.currencies.iter().collect::<Vec<_>>().as_slice() {
            [only] => Some(Proposed::likely((*only).clone(), "all benefits are in it")),
            _ => None,
        })
        .or_else(|| {
            let vendor = vendor?;
            Some(Proposed::likely(vendor.currency.clone()?, format!("exports of {} are in it", vendor.title)))
        })
        .or_else(|| by_country(profiles, columns))
        .or_else(|| by_state(columns));
    let usual = match decimal {
        ',' => Proposed::asked("EUR".to_owned(), "nothing in the file says it; decimals stand behind a comma"),
        _ => Proposed::asked("USD".to_owned(), "nothing in the file says it"),
    };
    Some(found.unwrap_or(usual))
}

/// A code beside the amounts of a column of amounts: `PEN1` and `CUP2` among the codes of deductions are no money.
fn by_code(profiles: &[Profile], columns: &Columns) -> Option<Proposed<String>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let codes = ["code", "code_name"].map(|field| columns.at(field));
    let amounts =
        profiles.iter().enumerate().filter(|(at, profile)| profile.is_amount() && !codes.contains(&Some(*at)));
    for (code, count) in amounts.flat_map(|(_, profile)| &profile.currencies) {
        *counts.entry(code).or_default() += count;
    }
    let (code, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    Some(Proposed::sure(code.to_owned(), format!("{count} amounts name it")))
}

/// What may say whose dollars they are.
struct Dollars<'d> {
    table: &'d Table,
    columns: &'d Columns,
    vendor: Option<&'d Vendor>,
    hints: &'d Hints,
}

/// Currencies whose sign is `$`.
const DOLLARS: [&str; 7] = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"];

impl Dollars<'_> {
    fn whose(&self, profiles: &[Profile], reason: String) -> Proposed<String> {
        let is_dollar = |currency: &&String| DOLLARS.contains(&currency.as_str());
        let known: Vec<&String> = self.hints.known.currencies.iter().filter(is_dollar).collect();
        if let [only] = known.as_slice() {
            return Proposed::sure((*only).clone(), format!("{reason}, and benefits are in it"));
        }
        let of_vendor = self.vendor.and_then(|vendor| vendor.currency.as_ref()).filter(is_dollar);
        if let Some(currency) = of_vendor {
            return Proposed::likely(currency.clone(), reason);
        }
        let told = by_text(self.table).or_else(|| by_country(profiles, self.columns));
        if let Some(told) = told.filter(|told| is_dollar(&&told.value)) {
            return told;
        }
        // The United States write the month first.
        let day_first = |profile: &Profile| profile.is_date() && profile.orders().contains(&Order::DayFirst);
        match profiles.iter().any(day_first) {
            true => {
                Proposed::asked("USD".to_owned(), format!("{reason}; dates with the day first are of another country"))
            }
            false => Proposed::likely("USD".to_owned(), reason),
        }
    }
}

fn by_symbol(profiles: &[Profile], dollars: &Dollars<'_>) -> Option<Proposed<String>> {
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    for (symbol, count) in profiles.iter().flat_map(|profile| &profile.symbols) {
        *counts.entry(*symbol).or_default() += count;
    }
    let (symbol, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let reason = format!("{count} amounts have `{symbol}`");
    match symbol {
        '$' => Some(dollars.whose(profiles, reason)),
        '£' => Some(Proposed::likely("GBP".to_owned(), reason)),
        '€' => Some(Proposed::sure("EUR".to_owned(), reason)),
        '₹' => Some(Proposed::sure("INR".to_owned(), reason)),
        _ => None,
    }
}

/// A code in a header or title: `Amount (EUR)`.
fn by_text(table: &Table) -> Option<Proposed<String>> {
    let texts = table.headers.iter().chain(&table.titles);
    let codes =
        texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_owned).collect::<Vec<_>>());
    let is_code = |text: &String| {
        let upper =
            text.len() == 3 && text.chars().all(|c| c.is_ascii_uppercase()) && !WORDS_TOO.contains(&text.as_str());
        // Any other three capitals are rarely a currency: `MED`, `DEN`, `SSN`.
        upper
            && Currency::parse(text).is_some()
            && ["USD", "EUR", "GBP", "CAD", "AUD", "CHF", "INR", "JPY", "SEK", "PLN"].contains(&text.as_str())
    };
    codes.into_iter().find(is_code).map(|code| Proposed::likely(code, "a header or title names it"))
}

fn by_country(profiles: &[Profile], columns: &Columns) -> Option<Proposed<String>> {
    let countries = &profiles[columns.at("country")?].words;
    let [country] = countries.keys().map(|word| words(word).concat()).collect::<Vec<_>>().try_into().ok()?;
    let country: String = country;
    of_country(&country).map(|currency| Proposed::likely(currency.to_owned(), "everybody's country has it"))
}

/// The currency of a country, by its code or name in lower case.
pub fn of_country(country: &str) -> Option<&'static str> {
    Some(match country {
        "us" | "usa" | "unitedstates" | "unitedstatesofamerica" => "USD",
        "gb" | "uk" | "gbr" | "unitedkingdom" | "england" => "GBP",
        "de" | "deu" | "germany" | "deutschland" | "fr" | "fra" | "france" | "es" | "esp" | "spain" | "espana"
        | "it" | "ita" | "italy" | "italia" | "nl" | "nld" | "netherlands" | "ie" | "irl" | "ireland" | "at" | "pt"
        | "be" | "fi" => "EUR",
        "ca" | "can" | "canada" => "CAD",
        "au" | "aus" | "australia" => "AUD",
        "ch" | "che" | "switzerland" | "schweiz" => "CHF",
        "in" | "ind" | "india" => "INR",
        _ => return None,
    })
}

/// States and ZIP codes are of the United States as a rule.
fn by_state(columns: &Columns) -> Option<Proposed<String>> {
    let us = columns.at("state").is_some() && columns.at("zip").is_some();
    us.then(|| Proposed::asked("USD".to_owned(), "addresses have a state and a ZIP code"))
}
