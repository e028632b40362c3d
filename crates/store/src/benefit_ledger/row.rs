//! One account's entries as the column `entries` holds them.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::NaiveDate;
use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use tieout_model::balance::{Account, EntryKind, Movements, PayPeriod, Posting};
use tieout_model::code::Code;
use tieout_model::finding::Payer;
use tieout_model::money::Currency;

/// Benefit, currency, payer, code, first day of the cover, an amount a kind, and what is expected by gross pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntryRow<'t>(
    pub u32,
    pub &'t str,
    pub u8,
    pub Option<&'t str>,
    pub Option<i32>,
    pub [i64; EntryKind::ALL.len()],
    pub Option<i64>,
);

/// Fields before the amounts.
const FIXED: usize = 5;

impl Serialize for EntryRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let EntryRow(benefit, currency, payer, code, from, amounts, by_gross) = self;
        let last = amounts.iter().rposition(|amount| *amount != 0).map_or(0, |last| last + 1);
        let written = if by_gross.is_some() { amounts.len() } else { last };
        let mut row = serializer.serialize_seq(Some(FIXED + written + usize::from(by_gross.is_some())))?;
        row.serialize_element(benefit)?;
        row.serialize_element(currency)?;
        row.serialize_element(payer)?;
        row.serialize_element(code)?;
        row.serialize_element(from)?;
        amounts[..written].iter().try_for_each(|amount| row.serialize_element(amount))?;
        by_gross.iter().try_for_each(|amount| row.serialize_element(amount))?;
        row.end()
    }
}

impl<'de> Deserialize<'de> for EntryRow<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<EntryRow<'de>, D::Error> {
        deserializer.deserialize_seq(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = EntryRow<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "benefit, currency, payer, code, first day of cover, and up to {} amounts", EntryKind::ALL.len() + 1)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut row: A) -> Result<EntryRow<'de>, A::Error> {
        fn fixed<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(row: &mut A) -> Result<T, A::Error> {
            row.next_element()?.ok_or_else(|| A::Error::custom("an account's entries break off"))
        }
        let (benefit, currency, payer) = (fixed(&mut row)?, fixed(&mut row)?, fixed(&mut row)?);
        let (code, from) = (fixed(&mut row)?, fixed(&mut row)?);
        let mut amounts = [0; EntryKind::ALL.len()];
        for amount in &mut amounts {
            match row.next_element()? {
                Some(written) => *amount = written,
                None => return Ok(EntryRow(benefit, currency, payer, code, from, amounts, None)),
            }
        }
        let by_gross = row.next_element()?;
        match row.next_element::<i64>()? {
            Some(_) => Err(A::Error::custom("an account has more amounts than kinds of entries")),
            None => Ok(EntryRow(benefit, currency, payer, code, from, amounts, by_gross)),
        }
    }
}

pub(super) fn entry_row(benefit: u32, posting: &Posting) -> EntryRow<'_> {
    let Posting { account, movements, code, cover_from, by_gross, .. } = posting;
    let code = code.map(Code::name);
    let from = cover_from.map(|from| from.to_epoch_days());
    EntryRow(benefit, account.currency.code(), account.payer as u8, code, from, movements.amounts(), *by_gross)
}

pub(super) fn posting(benefit: Arc<str>, period: PayPeriod, row: EntryRow<'_>) -> anyhow::Result<Posting> {
    let EntryRow(_, currency, payer, code, from, amounts, by_gross) = row;
    let currency = Currency::parse(currency).context("an entry has a currency that is none")?;
    let payer = *Payer::BOTH.get(usize::from(payer)).context("an entry has a payer that is none")?;
    let code = code.map(|code| code.parse::<Code>()).transpose().context("an entry has a code that is none")?;
    let from =
        from.map(|day| NaiveDate::from_epoch_days(day).context("an entry has a day that is none")).transpose()?;
    Ok(Posting {
        account: Account { benefit, payer, currency },
        period,
        movements: Movements::from_amounts(amounts),
        code,
        cover_from: from,
        by_gross,
    })
}
