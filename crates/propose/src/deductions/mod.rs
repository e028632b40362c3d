//! How deductions stand in the file: a column pair a deduction, or a line an employee and code.

pub(super) mod benefits;
pub(super) mod employer_codes;
pub(super) mod evidence;
pub(super) mod kinds;
pub(super) mod long;
pub(super) mod taken;

use std::collections::BTreeMap;

use tieout_model::money::{DECIMALS_MAX, Marks as MoneyMarks, Money};

use crate::cells;
use crate::certainty::{Certainty, Proposed};
use crate::columns::Columns;
use crate::columns::details::{self, DetailPositions};
use crate::columns::fields::{self, Means};
use crate::columns::names::words;
use crate::columns::profile::Profile;
use crate::columns::vendors::Vendor;
use crate::deductions::benefits::Target;
use crate::deductions::kinds::{Payer, What};
use crate::known::Known;
use crate::proposal::Code;
use crate::table::Table;

/// Fields of a line an employee and code; a file with a column a deduction has none of them.
pub const LONG_FIELDS: [&str; 8] = [
    "code",
    "code_name",
    "employee_amount",
    "employer_amount",
    "employee_year_to_date",
    "employer_year_to_date",
    "arrears_balance",
    "tax_treatment",
];
/// So few codes are codes even where no employee has two of them.
const FEW_CODES: usize = 12;

/// A deduction with columns of its own; places in the file.
#[derive(Clone, Debug)]
pub struct WideDeduction {
    /// The name that it gets in the job.
    pub code: String,
    pub employee: Option<usize>,
    pub employer: Option<usize>,
    pub details: DetailPositions,
    pub what: What,
    pub certainty: Certainty,
    pub reason: String,
}

/// A column that the job does not take, and why.
#[derive(Clone, Debug)]
pub struct Left {
    pub at: usize,
    pub why: String,
    /// It might be a deduction all the same.
    pub asked: bool,
}

#[derive(Debug, Default)]
pub struct Wide {
    pub deductions: Vec<WideDeduction>,
    pub left: Vec<Left>,
}

/// Whether the file has a line an employee and code: a column of codes, one of amounts, and employees that repeat.
pub fn is_long(table: &Table, profiles: &[Profile], vendor: Option<&Vendor>) -> Option<String> {
    let means = |key: &str, wide_too: bool| {
        let field = fields::all().iter().find(|field| field.key == key)?;
        (0..table.headers.len()).find(|at| {
            let header = words(&table.headers[*at]);
            let named = vendor.is_some_and(|vendor| vendor.prefers(key, &header).is_some())
                || field
                    .means(&header)
                    .is_some_and(|(means, _)| means == Means::Name || wide_too && means == Means::Maybe);
            named && field.fits(&profiles[*at]) && !profiles[*at].is_empty()
        })
    };
    let code = means("code", true).or_else(|| means("code_name", false))?;
    let amount = means("employee_amount", true).or_else(|| means("employer_amount", false))?;
    let repeats = means("employee_id", true).is_some_and(|id| profiles[id].different * 10 <= profiles[id].filled * 9);
    let few = profiles[code].different <= FEW_CODES && profiles[code].different * 2 <= profiles[code].filled;
    (repeats || few).then(|| {
        let [code, amount] = [code, amount].map(|at| &table.headers[at]);
        format!("`{code}` names a deduction on each line and `{amount}` its amount")
    })
}

/// The columns of amounts that are deductions, in pairs of employee and employer.
pub fn wide(
    table: &Table,
    profiles: &[Profile],
    columns: &Columns,
    vendor: Option<&Vendor>,
    marks: MoneyMarks,
) -> Wide {
    let mut found = Wide::default();
    let taken = columns.taken();
    let mut by_base: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let vendor_kind = vendor.and_then(|vendor| kinds::named(vendor.kind.as_deref()?));
    let name_of = |at: usize| kinds::amount_name(&words(&table.full_name(at)));
    let mut open: Vec<usize> = (0..profiles.len()).filter(|at| !taken.contains(at)).collect();
    let names: Vec<kinds::AmountName> = open.iter().map(|at| name_of(*at)).collect();
    let opposites = kinds::opposites(names.iter());
    // A column that does not say who pays may be the sum of two that do.
    open.sort_by_key(|at| (name_of(*at).payer.is_none(), *at));
    for at in open {
        let (header, mut name, profile) = (words(&table.full_name(at)), name_of(at), &profiles[at]);
        let beside = name.beside.filter(|_| name.payer.is_none() && opposites.contains(&name.base));
        name.payer = name.payer.or(beside);
        let what = match (kinds::what(&name.base), vendor_kind) {
            (What::Unknown, Some(kind)) if name.payer.is_some() => What::Benefit(kind),
            // `Tax` alone, or `Professional Tax`: a word that says nothing beside a benefit's says all.
            (What::Unknown, _) => kinds::other(&header).unwrap_or(What::Unknown),
            (what, _) => what,
        };
        if let Some(left) = total_of(at, table, &found.deductions, &name, marks) {
            found.left.push(left);
            continue;
        }
        let known = by_base.get(&name.base).map(|pair| &found.deductions[*pair]);
        if !is_other_side(&name, profile, known)
            && let Some(left) = no_deduction(at, profile, &name, &what)
        {
            found.left.extend(left);
            continue;
        }
        let (slot, mut certainty, mut reason) = payer(&name);
        if beside.is_some() {
            (certainty, reason) = (Certainty::Likely, "a deduction beside a contribution".to_owned());
        }
        let pair = by_base.get(&name.base).copied().filter(|pair| {
            let deduction = &found.deductions[*pair];
            let taken = if slot == Payer::Employee { deduction.employee } else { deduction.employer };
            taken.is_none()
        });
        if pair.is_none() && by_base.contains_key(&name.base) && !header.iter().any(|word| word.ends_with("tax")) {
            (certainty, reason) =
                (Certainty::Asked, "another column is of the same deduction: which is what?".to_owned());
        }
        let pair = pair.unwrap_or_else(|| {
            let code = code_of(&name.base, &header, &found.deductions);
            let deduction = WideDeduction {
                code,
                employee: None,
                employer: None,
                details: DetailPositions::default(),
                what,
                certainty,
                reason: reason.clone(),
            };
            found.deductions.push(deduction);
            by_base.insert(name.base.clone(), found.deductions.len() - 1);
            found.deductions.len() - 1
        });
        let deduction = &mut found.deductions[pair];
        match slot {
            Payer::Employee => deduction.employee = Some(at),
            Payer::Employer => deduction.employer = Some(at),
        }
        if certainty < deduction.certainty {
            (deduction.certainty, deduction.reason) = (certainty, reason);
        }
    }
    found.deductions.sort_by_key(|deduction| deduction.employee.into_iter().chain(deduction.employer).min());
    found.left.sort_by_key(|left| left.at);
    details::of_wide(&mut found, table, profiles);
    found
}

/// A deduction without a column of the employee's says that the employer alone pays: that is asked where the services
/// know people who pay too, as each of them would be a difference.
pub fn ask_for_employees(deductions: &mut [WideDeduction], codes: &[Code], known: &Known) {
    for deduction in deductions.iter_mut().filter(|deduction| deduction.employee.is_none()) {
        let code = codes.iter().find(|code| code.code == deduction.code);
        let Some(Target::Benefit(key)) = code.map(|code| &code.target.value) else { continue };
        let benefits = known.people.values().flat_map(|person| &person.benefits);
        let pays = benefits.filter(|benefit| benefit.key == *key && benefit.employee.is_some_and(|e| e.annual > 0));
        let paying = pays.count();
        if paying > 0 {
            deduction.certainty = Certainty::Asked;
            deduction.reason = format!("no column of the employee's: {paying} people pay a part of {key}");
        }
    }
}

/// Whether a column is what the employee pays of a deduction whose employer's column is found, whatever it is called:
/// `Group Mediclaim` beside `Employer Group Mediclaim`.
fn is_other_side(name: &kinds::AmountName, profile: &Profile, known: Option<&WideDeduction>) -> bool {
    let is_plain = name.payer.is_none() && !name.of_other_time && !name.arrears && !name.base.is_empty();
    is_plain && profile.is_amount() && profile.percent == 0 && known.is_some_and(|known| known.employee.is_none())
}

/// Why a column is no deduction: `Some(None)` where that needs no word, `None` where it is one.
fn no_deduction(at: usize, profile: &Profile, name: &kinds::AmountName, what: &What) -> Option<Option<Left>> {
    let left = |why: &str, asked: bool| Some(Some(Left { at, why: why.to_owned(), asked }));
    let is_benefit = matches!(what, What::Benefit(_));
    if profile.is_date() || profile.is_email() || !(profile.is_amount() || profile.is_empty()) {
        return if is_benefit && profile.amounts * 2 > profile.filled {
            left("named like a deduction, but many cells are no amounts", true)
        } else {
            Some(None)
        };
    }
    match what {
        _ if name.of_other_time => {
            left("it is a sum of the year, a balance or a limit, and no amount of the period", false)
        }
        // Taken on top of the deduction, or still owed: no header says which.
        _ if name.arrears => left("arrears, taken or owed beside the deduction of the period", profile.nonzero > 0),
        _ if profile.percent > 0 => left("it is a percentage", false),
        What::Other(reason) => left(&format!("it is {reason}"), false),
        What::Unknown if profile.is_money() && name.payer.is_none() => left("an amount whose name is not known", true),
        What::Unknown if name.payer.is_none() || !profile.is_money() => Some(None),
        _ => None,
    }
}

/// A column that is the sum of both sides of a deduction: `Medical Total`, `Medical Premium`.
fn total_of(
    at: usize,
    table: &Table,
    deductions: &[WideDeduction],
    name: &kinds::AmountName,
    marks: MoneyMarks,
) -> Option<Left> {
    if name.payer.is_some() {
        return None;
    }
    let sides = deductions.iter().filter_map(|deduction| Some((deduction.employee?, deduction.employer?)));
    let is_sum = |(employee, employer): &(usize, usize)| {
        let (mut rows, mut sums) = (0, 0);
        for row in &table.rows {
            let amount = |at: usize| {
                let cell = cells::digits(row.get(at).unwrap_or_default());
                Money::parse(cell, marks, DECIMALS_MAX).map_or(0, |amount| amount.0)
            };
            let (total, sum) = (amount(at), amount(*employee) + amount(*employer));
            rows += usize::from(total != 0 || sum != 0);
            sums += usize::from(total != 0 && total == sum);
        }
        sums > 0 && sums * 10 >= rows * 9
    };
    let (employee, employer) = sides.into_iter().find(is_sum)?;
    let why = format!("it is the sum of `{}` and `{}`", table.name(employee), table.name(employer));
    Some(Left { at, why, asked: false })
}

fn payer(name: &kinds::AmountName) -> (Payer, Certainty, String) {
    match name.payer {
        Some(payer) => (payer, Certainty::Sure, "the header says who pays".to_owned()),
        None => (Payer::Employee, Certainty::Likely, "no word says who pays: taken for the employee's".to_owned()),
    }
}

/// A code for a deduction that has columns and no code: the words that say what it is.
fn code_of(base: &[String], header: &[String], others: &[WideDeduction]) -> String {
    let named = if base.is_empty() { "CONTRIBUTION".to_owned() } else { base.join(" ").to_uppercase() };
    let is_taken = |code: &str| others.iter().any(|other| other.code == code);
    if !is_taken(&named) {
        return named;
    }
    let whole = header.join(" ").to_uppercase();
    let mut code = whole.clone();
    for number in 2.. {
        if !is_taken(&code) {
            break;
        }
        code = format!("{whole} {number}");
    }
    code
}

/// The code words of a file with a line an employee and code, each with the commonest description beside it, and how
/// many lines have it. At most [`crate::columns::profile::WORDS_MAX`] of them.
pub fn codes(
    table: &Table,
    code: usize,
    code_name: Option<usize>,
    keep: impl Fn(&csv::StringRecord) -> bool,
) -> Vec<CodeWord> {
    let mut counts: BTreeMap<&str, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    for row in table.rows.iter().filter(|row| keep(row)) {
        let word = row.get(code).unwrap_or_default().trim();
        if word.is_empty() || (counts.len() == crate::columns::profile::WORDS_MAX && !counts.contains_key(word)) {
            continue;
        }
        let (count, names) = counts.entry(word).or_default();
        *count += 1;
        if let Some(name) = code_name.and_then(|at| row.get(at)) {
            *names.entry(name.trim()).or_default() += 1;
        }
    }
    let common =
        |names: BTreeMap<&str, usize>| names.into_iter().max_by_key(|(_, n)| *n).map(|(name, _)| name.to_owned());
    let word =
        |(word, (lines, names)): (&str, (usize, _))| CodeWord { code: word.to_owned(), name: common(names), lines };
    counts.into_iter().map(word).collect()
}

/// A deduction code as it stands in the file.
#[derive(Clone, Debug)]
pub struct CodeWord {
    pub code: String,
    pub name: Option<String>,
    pub lines: usize,
}

impl CodeWord {
    /// What code and description say it is; the description counts where the code says nothing.
    pub fn what(&self) -> Proposed<What> {
        let by = |text: &str| match kinds::what(&kinds::amount_name(&words(text)).base) {
            // `MEDEE` is `MED` of the employee.
            What::Unknown => employer_codes::stem(text).map_or(What::Unknown, |stem| kinds::what(&words(stem))),
            what => what,
        };
        let by_name = self.name.as_deref().map_or(What::Unknown, by);
        match (by(&self.code), by_name) {
            (What::Unknown, What::Unknown) => Proposed::new(What::Unknown, Certainty::Unknown, "its name is not known"),
            (What::Unknown, what) => Proposed::likely(what, "by its description"),
            (code, What::Unknown) => Proposed::likely(code, "by its name"),
            (code, name) if code == name => Proposed::sure(code, "by its name and description"),
            (_, name) => Proposed::likely(name, "by its description"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::of_world;
    use crate::{Hints, Shape, propose};

    /// How sure the job is that the employer alone pays, when a person's year costs the employee so much.
    #[track_caller]
    fn check(employee: &str, expected: Certainty) {
        let users = r#"{"id":"u1","employment":{"employeeId":"101"}}"#;
        let benefits = format!(
            r#"{{"userId":"u1","data":{{"currentBenefits":[{{"benefitKey":"_Medical","title":"Medical",
            "employeeContribution":{{"annual":{employee},"monthly":0.0}},
            "employerContribution":{{"annual":1200.00,"monthly":100.00}}}}]}}}}"#
        )
        .replace('\n', "");
        let hints = Hints { known: of_world(users, &benefits), ..Hints::default() };
        let export = "Employee ID,City Paid Medical\n101,100.00\n102,100.00\n";
        let proposal = propose(export.as_bytes(), &hints).expect("a proposal");
        let Shape::Wide(deductions) = &proposal.shape else { panic!("a column a deduction") };
        let sides = deductions.iter().map(|d| (d.employee, d.employer, d.certainty)).collect::<Vec<_>>();
        assert_eq!(sides, [(None, Some(1), expected)]);
    }

    #[test]
    fn a_column_of_the_employers_alone_is_asked_about_where_employees_pay_too() {
        check("0.0", Certainty::Sure);
        check("600.00", Certainty::Asked);
    }
}
