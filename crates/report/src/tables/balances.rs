//! The benefit ledger's proof: opening + expected − taken − caught up + refunded − written off = closing.

use tieout_model::balance::{BalanceTotal, EntryKind};

use crate::Report;
use crate::table::{Column, Table, amount, currency, text};

pub fn table(report: &Report) -> Table<'_> {
    let mut columns = vec![
        text("benefit", "Benefit", 18, |t: &&BalanceTotal| (&*t.account.benefit).into()),
        currency(|t| Some(t.account.currency)),
        text("side", "Payer", 10, |t| t.account.payer.name().into()),
        amount("opening", "Opening", |t| Some((t.opening, t.account.currency))),
    ];
    columns.extend(movements());
    columns.extend([
        amount("closing", "Closing", |t: &&BalanceTotal| Some((t.closing, t.account.currency))),
        amount("residual", "Residual", |t| Some((t.residual(), t.account.currency))),
    ]);
    Table::new("balances", "Balances", columns, report.balances.iter().collect())
}

fn movements<'r>() -> [Column<&'r BalanceTotal>; EntryKind::ALL.len()] {
    fn of(total: &BalanceTotal, kind: EntryKind) -> Option<(i128, tieout_model::money::Currency)> {
        Some((total.movements[kind as usize], total.account.currency))
    }
    [
        amount("expected", "Expected", |t| of(t, EntryKind::Expected)),
        amount("taken", "Taken", |t| of(t, EntryKind::Taken)),
        amount("caught_up", "Caught up", |t| of(t, EntryKind::CaughtUp)),
        amount("refunded", "Refunded", |t| of(t, EntryKind::Refunded)),
        amount("written_off", "Written off", |t| of(t, EntryKind::WrittenOff)),
    ]
}
