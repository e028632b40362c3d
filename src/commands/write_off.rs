//! `tieout write-off`: a person gives up what is open on an employee's account. It is posted to the periods that it is
//! open for, and noted in the audit chain.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};

use crate::cli::{self, WriteOffArgs};
use crate::outcome::{Exit, Failure, Outcome};
use crate::secrets;
use tieout_model::balance::{Account, EntryKind, Movements, Page, Posting};
use tieout_model::finding::Payer;
use tieout_model::money::decimal_text;
use tieout_recon::balance::{BalanceHistory, Employee, Open};
use tieout_store::NewPosting;

use super::open::anchor;
use super::{open, queue, table};

/// Writes off one account.
pub fn run(args: &WriteOffArgs) -> Outcome {
    let reason = args.reason.trim();
    if reason.is_empty() {
        return Err(Failure::input(anyhow!("a write-off needs a reason: why nobody makes it good")));
    }
    let opened = open::job(&args.job)?;
    let job = &opened.job;
    let _lock = open::lock(job, opened.now)?;
    let mut store = open::store(job)?;
    anchor::hold(job, &mut store)?;
    let employee_id = args.employee.trim();
    let posted = store.pages_of(employee_id).context("reading the benefit ledger").map_err(Failure::bug)?;
    let history = BalanceHistory::new(None, posted.into_iter().map(|(head, page)| (head.night, page)));
    let (present, former) = history.holders(employee_id);
    let employee = if args.former { former.unwrap_or_default() } else { present };
    let (account, open) = chosen(&employee, former.as_ref(), args).map_err(Failure::input)?;
    let by = args.by.clone().unwrap_or_else(secrets::login_name);
    queue::check_name(job, &by)?;
    let reason = &queue::typed(reason);
    let pages = pages(employee_id, &employee, &account, &open).map_err(Failure::bug)?;
    let amount = format!("{} {}", decimal_text(open.amount, account.currency.decimals()), account.currency);
    let what = format!("employee {employee_id}, {}, {}: {amount}", account.benefit, account.payer.name());
    let posting = NewPosting { night: opened.as_of(None), now: opened.now, by: &by, reason, pages: &pages };
    store.write_off(&posting, &what).map_err(queue::failure)?;
    table::print(&format!("written off: {what}; the next night clears its finding"));
    Ok(Exit::Done)
}

/// The one account with something open that the command line names. Errors name those that there are.
fn chosen(employee: &Employee, former: Option<&Employee>, args: &WriteOffArgs) -> anyhow::Result<(Account, Open)> {
    let payer = args.payer.map(|payer| match payer {
        cli::Payer::Employee => Payer::Employee,
        cli::Payer::Employer => Payer::Employer,
    });
    let open = open_accounts(employee);
    let of_former = former.filter(|_| !args.former).map(open_accounts).unwrap_or_default();
    let of_former = match &of_former[..] {
        [] => String::new(),
        _ => format!("; of who had the id before: {} (--former)", listed(of_former.iter())),
    };
    let named = |(account, _): &&(Account, Open)| {
        args.benefit.as_ref().is_none_or(|benefit| **benefit == *account.benefit)
            && payer.is_none_or(|payer| payer == account.payer)
    };
    let matching: Vec<_> = open.iter().filter(named).collect();
    match matching[..] {
        [one] => Ok(one.clone()),
        [] => Err(anyhow!(
            "nothing is open on such an account of employee {}; open are: {}{of_former}",
            args.employee,
            listed(open.iter())
        )),
        _ => Err(anyhow!(
            "several accounts of employee {} have something open: {}; name one with --benefit and --payer",
            args.employee,
            listed(matching.into_iter())
        )),
    }
}

fn open_accounts(employee: &Employee) -> Vec<(Account, Open)> {
    let accounts = employee.accounts().map(|(account, cells)| (account.clone(), Open::of(cells)));
    accounts.filter(|(_, open)| open.amount != 0).collect()
}

fn listed<'a>(accounts: impl Iterator<Item = &'a (Account, Open)>) -> String {
    let shown = accounts.map(|(account, open)| {
        let amount = decimal_text(open.amount, account.currency.decimals());
        format!("{} of the {}, {amount} {}", account.benefit, account.payer.name(), account.currency)
    });
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join("; ") }
}

/// One entry a period that is open.
fn pages(employee_id: &str, employee: &Employee, account: &Account, open: &Open) -> anyhow::Result<Vec<Page>> {
    let mut by_period = BTreeMap::new();
    for item in &open.items {
        let amount = i64::try_from(item.amount).context("the open amount is greater than any payroll's")?;
        let cover_from = employee.cell(account, item.period.end).and_then(|cell| cell.cover_from);
        let movements = Movements::of(EntryKind::WrittenOff, amount);
        let (account, code) = (account.clone(), item.code);
        let posting = Posting { account, period: item.period, movements, code, cover_from, by_gross: None };
        let page =
            Page { employee_id: employee_id.into(), period: item.period, unjudged: None, postings: vec![posting] };
        by_period.insert(item.period.end, page);
    }
    Ok(by_period.into_values().collect())
}
