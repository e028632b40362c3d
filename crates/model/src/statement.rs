//! Accounts of the benefit ledger as a bank prints them: entry by entry, each with the balance behind it.

use std::collections::BTreeMap;

use crate::balance::{Account, EntryKind, Movements, Page, PayPeriod};

/// One entry. Amounts are counts of 1/10,000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementEntry<'p, H> {
    /// Who posted it, and when.
    pub head: H,
    pub account: &'p Account,
    pub period: PayPeriod,
    pub kind: EntryKind,
    /// What the entry adds to the balance.
    pub debit: i128,
    /// What it takes from it.
    pub credit: i128,
    /// After it. Positive: owed by the payer.
    pub balance: i128,
}

/// The entries of one employee's pages by account, in the order of posting.
pub fn statement<'p, H: Copy>(pages: impl IntoIterator<Item = (H, &'p Page)>) -> Vec<StatementEntry<'p, H>> {
    let mut by_account: BTreeMap<&Account, Vec<StatementEntry<'p, H>>> = BTreeMap::new();
    let postings = pages.into_iter().flat_map(|(head, page)| page.postings.iter().map(move |posting| (head, posting)));
    for (head, posting) in postings {
        let entries = by_account.entry(&posting.account).or_default();
        for (kind, amount) in posting.movements.entries() {
            let (debit, credit) = Movements::debit_credit(kind, amount);
            let balance = entries.last().map_or(0, |last| last.balance) + debit - credit;
            let (account, period) = (&posting.account, posting.period);
            entries.push(StatementEntry { head, account, period, kind, debit, credit, balance });
        }
    }
    by_account.into_values().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balance::Posting;
    use crate::finding::Payer;
    use crate::money::Currency;

    fn posting(benefit: &str, day: u32, amounts: [i64; 5]) -> Posting {
        let end = chrono::NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March");
        Posting {
            account: Account {
                benefit: benefit.into(),
                payer: Payer::Employee,
                currency: Currency::parse("USD").expect("listed"),
            },
            period: PayPeriod { end, start: None },
            movements: Movements::from_amounts(amounts),
            code: None,
            cover_from: None,
            by_gross: None,
        }
    }

    fn page(postings: Vec<Posting>) -> Page {
        Page { employee_id: "7".into(), period: postings[0].period, unjudged: None, postings }
    }

    #[test]
    fn each_account_has_its_entries_in_the_order_of_posting_and_its_own_balance() {
        let first = page(vec![posting("_Dental", 15, [100, 60, 0, 0, 0]), posting("_Vision", 15, [20, 0, 0, 0, 0])]);
        let second = page(vec![posting("_Dental", 31, [0, 0, 40, 0, 0])]);
        let entries = statement([(1, &first), (2, &second)]);
        let told: Vec<_> = entries.iter().map(|e| (&*e.account.benefit, e.head, e.kind.name(), e.balance)).collect();
        assert_eq!(
            told,
            [
                ("_Dental", 1, "expected", 100),
                ("_Dental", 1, "taken", 40),
                ("_Dental", 2, "caught up", 0),
                ("_Vision", 1, "expected", 20),
            ]
        );
    }
}
