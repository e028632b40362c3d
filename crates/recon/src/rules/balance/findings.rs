//! What is open on the accounts, as findings: a finding on tonight's line tells the whole balance of its accounts; what
//! earlier periods left open is a finding of its own when tonight's line is right, or when there is none.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::Balances;
use super::earlier::unsettled::still_unsettled;
use super::owed::owed;
use super::prices::not_taken;
use super::prices::put_off;
use super::tally::Tally;
use crate::rules::night::Night;
use crate::rules::place::Place;
use crate::rules::write::{Found, OYSTER, evidence, money};
use tieout_model::balance::{Account, OF_FORMER};
use tieout_model::code::Owner;
use tieout_model::finding::{Code, Finding, OpenBalance, Payer, SetAside};

/// The codes of existence and amount: findings about a balance.
const LINE_CODES: [Code; 18] = [
    Code::AM13,
    Code::AM01,
    Code::AM02,
    Code::AM06,
    Code::AM08,
    Code::AM09,
    Code::TM09,
    Code::TM11,
    Code::EN01,
    Code::EN02,
    Code::EN05,
    Code::EN11,
    Code::EN16,
    Code::TM07,
    Code::EN08,
    Code::EN09,
    Code::EN15,
    Code::AM15,
];

/// Why a balance cannot be judged whose record is gone.
const GONE: &str = "something is open by a record of cover that is gone, and nothing was ever taken by it: if the record \
                    was an error, write it off; else Benifex should show when it ended";

const GONE_FROM_OYSTER: &str = "something is open by an enrollment that is in force no more, and nothing was ever taken by \
                                it: if the enrollment was an error, write it off; else collect it";

/// Accounts by benefit, code and, where it matters, payer.
type ByCode<'n> = BTreeMap<(&'n str, Code, Option<Payer>), Vec<(&'n Account, &'n Tally)>>;

/// Balances that no finding on a line tells.
pub(in crate::rules) fn judge(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (emp, accounts) in &night.balances.accounts {
        let mut by_code = ByCode::new();
        let untold = accounts.iter().filter(|(_, tally)| tally.is_open() && !tally.is_on_line);
        for (account, tally) in untold {
            if tally.in_doubt {
                let label = night.catalog.find_benefit(&account.benefit);
                let (source, gone) = match label.is_some_and(|label| night.oyster_of(label).is_some()) {
                    true => (OYSTER, GONE_FROM_OYSTER),
                    false => ("benifex", GONE),
                };
                let aside = night.person_aside(*emp, source, gone);
                found.unverified.push(SetAside { benefit: account.benefit.to_string(), ..aside });
                continue;
            }
            if !tally.is_proven() {
                let to_do = match tally.by_other_codes {
                    true => "run the files of those periods again",
                    false => "run its file once it is here and can be judged",
                };
                let reason = format!("{}: {to_do}", unproven(account, tally));
                let aside = night.person_aside(*emp, "payroll", reason);
                found.unverified.push(SetAside { benefit: account.benefit.to_string(), ..aside });
                continue;
            }
            let code = code(night, *emp, account, tally)?;
            let payer = (!of_line(code)).then_some(account.payer);
            by_code.entry((&account.benefit, code, payer)).or_default().push((account, tally));
        }
        for ((benefit, code, _), tallies) in by_code {
            let however = format!(", whatever the period {} looks like", night.period_text(*emp)?);
            found.findings.extend(left_open(night, *emp, benefit, code, &however, &tallies)?);
        }
    }
    left_by_former(night, found)?;
    not_charged(night, found)?;
    not_taken::judge(night, found)
}

/// Earlier periods without a charge whose amount nobody knows, where tonight's says nothing of it.
fn not_charged(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (emp, benefits) in &night.balances.not_charged {
        for (benefit, period) in benefits {
            let line = night.lines_of(*emp).iter().find(|line| night.label(line) == benefit);
            if line.is_some_and(|line| line.place == Place::En09) {
                continue;
            }
            let blank = night.finding(Code::EN09, Some(*emp))?;
            let finding = Finding {
                benefit: benefit.clone(),
                field: Payer::Employee.amount_field().to_owned(),
                payroll_value: "no line".to_owned(),
                system_value: "ENROLLED".to_owned(),
                evidence: vec![evidence("benefit-ledger", "balance", &period.to_string())],
                sentence: format!(
                    "Nothing was charged for {benefit} in {period}, in which it was ENROLLED in Oyster, and what was due is not \
                     known: its exposure is unknown, not 0. Find out what it costs and collect it, or waive it."
                ),
                ..blank
            };
            found.findings.push(finding.moved_by(Owner::Payroll));
        }
    }
    Ok(())
}

/// What is open of who had an id before.
fn left_by_former(night: &Night<'_>, found: &mut Found) -> PolarsResult<()> {
    for (emp, former) in &night.balances.former {
        let open = former.accounts.iter().filter(|(_, tally)| tally.is_open());
        for (account, tally) in open {
            let however =
                format!(", by the person who had this id until {}, not by the one who has it now", former.until);
            let tallies = [(account, tally)];
            let left = left_open(night, *emp, &account.benefit, Code::TM12, &however, &tallies)?;
            found.findings.extend(left.map(|left| Finding { field: format!("{OF_FORMER}{}", left.field), ..left }));
        }
    }
    still_unsettled(night, found);
    Ok(())
}

impl Balances {
    /// What is open of a benefit for the period that ended on this day, of both payers.
    pub(in crate::rules) fn open_of(&self, emp: u32, benefit: &str, end: chrono::NaiveDate) -> Option<i128> {
        let tallies = self.accounts.get(&emp)?.iter().filter(|(account, _)| *account.benefit == *benefit);
        let items = tallies.filter_map(|(_, tally)| tally.open.items.back().filter(|item| item.period.end == end));
        Some(items.map(|item| item.amount).sum())
    }
}

/// Tells each finding on a line the whole balance of its accounts.
pub(in crate::rules) fn complete(night: &Night<'_>, findings: &mut [Finding]) -> PolarsResult<()> {
    // What no line tells has its balance already.
    let on_a_line = |finding: &&mut Finding| LINE_CODES.contains(&finding.code) && finding.balance.is_none();
    for finding in findings.iter_mut().filter(on_a_line) {
        let Some(emp) = night.people.ids.find(finding.employee_id.as_str()) else { continue };
        let Some(accounts) = night.balances.accounts.get(&emp) else { continue };
        let payer = match finding.code {
            // What the one paid too little, the other paid too much.
            Code::AM01 | Code::AM09 => Some(Payer::Employee),
            Code::AM02 => Some(Payer::Employer),
            Code::AM15 => Payer::BOTH.into_iter().find(|payer| payer.amount_field() == finding.field),
            _ => None,
        };
        let of_finding = |(account, tally): &(&Account, &Tally)| {
            tally.is_on_line && *account.benefit == finding.benefit && payer.is_none_or(|payer| payer == account.payer)
        };
        let tallies: Vec<_> = accounts.iter().filter(of_finding).collect();
        let Some(balance) = owed(tallies.iter().copied()) else { continue };
        finding.balance = Some(balance);
        if finding.code == Code::AM01 && tallies.iter().any(|(_, tally)| tally.overrun) {
            finding.code = Code::TM03;
            finding.severity = Code::TM03.rule().severity;
            finding.also.push(Code::AM01);
        }
        finding.sentence.push_str(&more(finding, balance, &tallies));
        finding.sentence.push_str(&by_code(night, emp, balance.amount.0));
    }
    Ok(())
}

/// What the sentence of a line leaves out: the balance, where it is more than this period's, and what may be owed
/// beside.
fn more(finding: &Finding, balance: OpenBalance, tallies: &[(&Account, &Tally)]) -> String {
    let mut text = String::new();
    let of_period = finding.period_exposure.map(|(amount, _)| amount);
    if matches!(finding.code, Code::EN02 | Code::EN05)
        && balance.periods == 1
        && of_period.is_some_and(|amount| amount < balance.amount)
    {
        let amount = money(-balance.amount.0, Some(balance.currency));
        text.push_str(&format!(" The rest pays for cover until then: {amount} is too much."));
    }
    if finding.code == Code::TM03 {
        text.push_str(" The balance of earlier periods is settled: the catch-up goes on beyond it.");
    }
    let is_estimate = matches!(finding.code, Code::AM15 | Code::EN09);
    if is_estimate && balance.periods == 1 && of_period != Some(balance.amount) {
        let amount = money(balance.amount.0, Some(balance.currency));
        text.push_str(&format!(" By what payroll took before, {amount} is open."));
    }
    if balance.periods > 1 {
        let amount = money(balance.amount.0, Some(balance.currency));
        text.push_str(&format!(" With {} periods since {}, {amount} is open.", balance.periods, balance.since));
    }
    text.push_str(&given_back(tallies));
    text.push_str(&unknown(tallies));
    text.push_str(&put_off::sentence(tallies));
    text.push_str(&beside(tallies));
    text.push_str(&given_up(tallies));
    text
}

/// What the period gave back of which nothing is known.
fn given_back(tallies: &[(&Account, &Tally)]) -> String {
    let given_back = tallies.iter().filter(|(_, tally)| tally.given_back != 0);
    let of_account = given_back.map(|(account, tally)| {
        let [given, owed] = [i128::from(tally.given_back), tally.proven().amount]
            .map(|amount| money(i64::try_from(amount).unwrap_or(i64::MAX), Some(account.currency)));
        format!(
            " The {given} that payroll gave back to the {payer} may settle a period before, of which nothing is known; {owed} \
             is owed beside it.",
            payer = account.payer.name()
        )
    });
    of_account.collect()
}

/// What payroll took under a code that is not compared may be what is missing, `open` in counts of 1/10,000.
fn by_code(night: &Night<'_>, emp: u32, open: i64) -> String {
    let of_person = night.balances.of_codes.get(&emp).into_iter().flatten();
    let code = of_person.filter(|(_, taken)| (1..=open).contains(taken)).max_by_key(|(_, taken)| *taken);
    code.map_or_else(String::new, |(account, taken)| {
        let (amount, code) = (money(*taken, Some(account.currency)), &account.benefit);
        format!(
            " It may be the {amount} under {code}, a code that the job maps to nothing: if it is this benefit, map it."
        )
    })
}

/// What is open the other way round than what a person wrote off: payroll made that good all the same.
fn given_up(tallies: &[(&Account, &Tally)]) -> String {
    let of_account = |(account, tally): &(&Account, &Tally)| {
        let (period, on, amount) = tally.given_up?;
        let open = tally.proven().amount;
        let reverses = open != 0 && (open > 0) != (amount > 0);
        let shown = money(amount.abs(), Some(account.currency));
        let payer = account.payer.name();
        let text = match amount > 0 {
            true => format!(
                " {shown} that the {payer} owed for {period} had been written off on {on}, so that payroll may take no more \
                 of it: refund this, or write it off too."
            ),
            false => format!(
                " {shown} owed to the {payer} for {period} had been written off on {on}, so that payroll may give nothing \
                 of it back: collect this, or write it off too."
            ),
        };
        reverses.then_some(text)
    };
    tallies.iter().filter_map(of_account).collect()
}

/// What is open beside the balance of a finding, and may have been settled.
fn beside(tallies: &[(&Account, &Tally)]) -> String {
    let doubted = tallies.iter().filter(|(_, tally)| tally.unproven() != 0);
    doubted.map(|(account, tally)| format!(" Beside it, {}.", unproven(account, tally))).collect()
}

/// What an account leaves open that a period may have settled of which nobody knows what payroll took.
fn unproven(account: &Account, tally: &Tally) -> String {
    let amount = tally.unproven();
    let shown = money(i64::try_from(amount.abs()).unwrap_or(i64::MAX), Some(account.currency));
    let owed = if amount > 0 { "owed by" } else { "owed to" };
    let since = tally.open.items.front().map(|item| item.period.to_string()).unwrap_or_default();
    let settled_in = tally.unknown_after.map(|period| period.to_string()).unwrap_or_default();
    if tally.by_other_codes {
        return format!(
            "{shown} {owed} the {} since {since} was judged up to {settled_in} while the job mapped codes of the benefit otherwise",
            account.payer.name()
        );
    }
    format!(
        "{shown} {owed} the {} since {since} may have been settled in {settled_in}, whose payroll was not read or could not \
         be judged",
        account.payer.name()
    )
}

/// What may be owed beside what is proven.
fn unknown(tallies: &[(&Account, &Tally)]) -> String {
    let parts = tallies.iter().filter_map(|(account, tally)| tally.unknown.map(|unknown| (account, unknown)));
    let parts: Vec<String> = parts
        .map(|(account, unknown)| {
            let amount = money(i64::try_from(unknown.amount).unwrap_or(i64::MAX), Some(account.currency));
            format!(
                " Up to {amount} more of the {} may be owed for {} earlier periods since {}, whose payroll is not known.",
                account.payer.name(),
                unknown.periods,
                unknown.since
            )
        })
        .collect();
    parts.concat()
}

/// Codes of which one finding is about the line as a whole.
fn of_line(code: Code) -> bool {
    use Code::{AM06, AM08, AM13, EN01, EN02, EN05, EN08, EN09, EN11, EN15, EN16, TM09, TM11};
    matches!(code, EN01 | EN02 | EN05 | EN08 | EN09 | EN11 | EN15 | EN16 | AM06 | AM08 | AM13 | TM09 | TM11)
}

/// What the oldest open period was found as. A late change that is over is a wrong amount; whoever has left settles
/// with the final pay.
fn code(night: &Night<'_>, emp: u32, account: &Account, tally: &Tally) -> PolarsResult<Code> {
    if night.leave(emp)?.is_some_and(|leave| night.period(emp).is_ok_and(|(_, end)| leave <= end)) {
        return Ok(Code::TM12);
    }
    let found = tally.proven().items.front().and_then(|item| item.code);
    Ok(found.filter(|code| *code != Code::TM07).unwrap_or(account.payer.amount_code()))
}

/// `however`: what the sentence says beside the amount.
fn left_open(
    night: &Night<'_>,
    emp: u32,
    benefit: &str,
    code: Code,
    however: &str,
    tallies: &[(&Account, &Tally)],
) -> PolarsResult<Option<Finding>> {
    let Some(balance) = owed(tallies.iter().copied()) else { return Ok(None) };
    let blank = night.finding(code, Some(emp))?;
    let payer = tallies.first().map_or(Payer::Employee, |(account, _)| account.payer);
    let amount = money(balance.amount.0, Some(balance.currency));
    let of_whom = of_whom(tallies);
    let (owed_by, to_do) = match (balance.amount.0 > 0, payer) {
        (true, Payer::Employee) => (format!("is owed by {of_whom}"), "collect it"),
        (true, Payer::Employer) => (format!("is owed by {of_whom}"), "pay it"),
        (false, Payer::Employee) => (format!("is owed to {of_whom}"), "refund it"),
        (false, Payer::Employer) => (format!("is owed to {of_whom}"), "take it back"),
    };
    let amount = amount.trim_start_matches('-').to_owned();
    let settled: i128 = tallies.iter().map(|(_, tally)| tally.settled.abs()).sum();
    let in_part = match i64::try_from(settled).ok().filter(|settled| *settled != 0) {
        Some(settled) => format!(" after {} was settled in this period", money(settled, Some(balance.currency))),
        None => String::new(),
    };
    let exactly = matches!(code, Code::EN02 | Code::EN08 | Code::EN15 | Code::AM06 | Code::TM09);
    let is_oysters = night.catalog.find_benefit(benefit).is_some_and(|label| night.oyster_of(label).is_some());
    let estimate = if is_oysters && !exactly { ", as far as estimates tell," } else { "" };
    let sentence = format!(
        "{amount} of {benefit}{estimate} {owed_by} since {}{in_part}{however}: {to_do}, or write it off with a \
         reason.",
        balance.since,
    );
    let mut finding = Finding {
        benefit: benefit.to_owned(),
        field: if of_line(code) { Payer::Employee } else { payer }.amount_field().to_owned(),
        system_value: format!("{amount} open"),
        balance: Some(balance),
        evidence: vec![evidence("benefit-ledger", "balance", &balance.since.to_string())],
        sentence,
        ..blank
    }
    .moved_by(Owner::Payroll);
    finding.sentence.push_str(&unknown(tallies));
    finding.sentence.push_str(&put_off::sentence(tallies));
    finding.sentence.push_str(&beside(tallies));
    finding.sentence.push_str(&given_up(tallies));
    finding.sentence.push_str(&in_another_currency(tallies));
    Ok(Some(finding))
}

/// What became of the benefit whose money it is.
fn in_another_currency(tallies: &[(&Account, &Tally)]) -> String {
    let now = tallies.iter().find_map(|(account, tally)| Some((account.currency, tally.now_in?)));
    now.map_or_else(String::new, |(then, now)| {
        format!(
            " The benefit is in {now} by now: if {then} was an error, write this off, and settle the period in {now}."
        )
    })
}

/// `the employee`, `the employer` or both.
fn of_whom(tallies: &[(&Account, &Tally)]) -> &'static str {
    let has = |payer: Payer| tallies.iter().any(|(account, _)| account.payer == payer);
    match (has(Payer::Employee), has(Payer::Employer)) {
        (true, true) => "the employee and the employer",
        (false, true) => "the employer",
        _ => "the employee",
    }
}
