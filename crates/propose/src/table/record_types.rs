//! A column that says what each row is: a deduction, a contribution of the employer, an earning, a trailer.

use csv::StringRecord;

use crate::columns::names::{plain, words};
use crate::columns::profile::Profile;
use crate::columns::vendors::RecordWords;
use crate::deductions::kinds::{self, Payer};
use crate::table::Table;

/// A column that says what each line is, and its words by what they mean.
#[derive(Debug, Default)]
pub struct RecordTypes {
    /// Place of the column.
    pub at: usize,
    /// Amounts that are taken of the employee.
    pub take: Vec<String>,
    /// Amounts that the employer pays.
    pub employer: Vec<String>,
    /// Earnings, taxes, sums: lines of people, without a deduction.
    pub person: Vec<String>,
    /// Headers and trailers, and sums of the year.
    pub leave: Vec<String>,
    pub unknown: Vec<String>,
}

const TAKE: [&str; 25] = [
    "current",
    "this period",
    "d",
    "ded",
    "deduction",
    "deductions",
    "dedn",
    "employee deduction",
    "voluntary deduction",
    "b",
    "benefit",
    "employee",
    "pre tax deduction",
    "post tax deduction",
    "pretax deduction",
    "posttax deduction",
    "retenue",
    "abzug",
    "deduccion",
    "after tax deduction",
    "pretax deductions",
    "pre tax deductions",
    "post tax deductions",
    "voluntary deductions",
    "pre statutory deductions",
];
const EMPLOYER: [&str; 22] = [
    "c",
    "er",
    "company",
    "company contribution",
    "employer",
    "employer contribution",
    "contribution",
    "match",
    "employer benefit",
    "employer paid benefit",
    "company paid",
    "cotisation patronale",
    "memo",
    "r",
    "employer charges",
    "employer charge",
    "employer liabilities",
    "employer contributions",
    "company contributions",
    "employer benefits",
    "superannuation",
    "super",
];
const PERSON: [&str; 39] = [
    "e",
    "earn",
    "earning",
    "earnings",
    "t",
    "tax",
    "taxes",
    "s",
    "sum",
    "net",
    "net pay",
    "n",
    "gross",
    "g",
    "h",
    "hours",
    "pay",
    "w",
    "withholding",
    "employee tax",
    "employer tax",
    "employee taxes",
    "employer taxes",
    "reimbursement",
    "p",
    "payment",
    "total",
    "a",
    "accrual",
    "direct deposit",
    "standard earnings",
    "supplemental earnings",
    "employee tax deductions",
    "tax deductions",
    "employer tax",
    "statutory deductions",
    "involuntary deductions",
    "information",
    "absences",
];
const LEAVE: [&str; 12] =
    ["ytd", "year to date", "mtd", "qtd", "hdr", "header", "trl", "trailer", "ftr", "footer", "z", "x"];

/// The words of a column; `None` where it says nothing of the rows. In a file with a column a deduction the rows are
/// people or nobody's: `long` is false.
pub fn find(table: &Table, profile: &Profile, at: usize, long: bool, own: Option<&RecordWords>) -> Option<RecordTypes> {
    let mut types = RecordTypes { at, ..RecordTypes::default() };
    for word in profile.words.keys() {
        // The first word decides where several stand together: `D - Deduction`.
        let (all, first) = (plain(word), plain(word).split(' ').next().unwrap_or_default().to_owned());
        let is = |known: &[&str]| known.contains(&all.as_str());
        let begins = |known: &[&str]| known.contains(&first.as_str());
        let says = |list: fn(&RecordWords) -> &Vec<String>| own.is_some_and(|own| list(own).contains(word));
        let list = match () {
            () if says(|own| &own.take) => &mut types.take,
            () if says(|own| &own.employer) => &mut types.employer,
            () if is_frame(table, at, word, profile) => &mut types.leave,
            () if is(&TAKE) => &mut types.take,
            () if is(&EMPLOYER) => &mut types.employer,
            () if is(&PERSON) => &mut types.person,
            () if is(&LEAVE) => &mut types.leave,
            () if begins(&TAKE) => &mut types.take,
            () if begins(&EMPLOYER) => &mut types.employer,
            () if begins(&PERSON) => &mut types.person,
            () => &mut types.unknown,
        };
        list.push(word.clone());
    }
    // Beside deductions, what is called a benefit is what the employer pays.
    if types.take.iter().any(|word| kinds::amount_name(&words(word)).beside == Some(Payer::Employee)) {
        let is_contribution = |word: &mut String| kinds::amount_name(&words(word)).beside == Some(Payer::Employer);
        types.employer.extend(types.take.extract_if(.., is_contribution));
        types.employer.extend(types.unknown.extract_if(.., is_contribution));
    }
    if !long {
        let nobody = [&mut types.employer, &mut types.person, &mut types.unknown].map(std::mem::take).concat();
        types.leave.extend(nobody);
    }
    let known = types.take.len() + types.person.len() + types.employer.len();
    let all_are_people = !long && profile.words.len() < 2;
    (!types.take.is_empty() && types.unknown.len() <= known && !all_are_people).then_some(types)
}

/// Whether a word stands once, in a row of few cells at the beginning or the end of the file: a header or a trailer,
/// however it is called.
fn is_frame(table: &Table, at: usize, word: &str, profile: &Profile) -> bool {
    let is_in = |row: Option<&StringRecord>| {
        let short = |row: &StringRecord| row.iter().filter(|cell| !cell.trim().is_empty()).count() * 2 <= row.len();
        row.is_some_and(|row| row.get(at).unwrap_or_default().trim() == word && short(row))
    };
    let at_end = is_in(table.rows.first()) || !table.cut && is_in(table.rows.last());
    at_end && profile.words.get(word) == Some(&1) && profile.filled >= FRAMED_ROWS_MIN
}

/// Rows of a file from which on a word that stands once is odd.
const FRAMED_ROWS_MIN: usize = 6;

impl RecordTypes {
    /// Whether a line with this word has a deduction or a contribution.
    pub fn has_amount(&self, word: &str) -> bool {
        [&self.take, &self.employer].into_iter().flatten().any(|known| known == word.trim())
    }
}
