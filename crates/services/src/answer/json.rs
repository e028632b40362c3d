//! Fields of an answer, kept as their JSON text so that amounts stay exact and a field of another type spoils itself
//! only: blank, `null` and absent become `None`, and what is there and cannot be read becomes `None` and a name.

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use tieout_model::dates::DateLayout;
use tieout_model::money::{Money, MoneyFault, UNITS_PER_ONE};
use tieout_model::placeholder::PlaceholderDates;

/// The JSON text of a value; `None` for absent and `null`.
pub(crate) type Raw = Option<Box<RawValue>>;

/// The text of a scalar, trimmed; `None` when blank or absent. `Err`: a list or an object.
pub(crate) fn scalar(raw: &Raw) -> Result<Option<String>, ()> {
    let Some(raw) = raw else { return Ok(None) };
    let text = match raw.get().as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(raw.get()).map_err(|_| ())?,
        Some(b'[' | b'{') => return Err(()),
        _ => raw.get().to_owned(),
    };
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A whole number, as number or text, such as `3`, `3.0` or `"3"`.
pub(crate) fn whole(raw: &Raw) -> Result<Option<i64>, ()> {
    match amount(raw)? {
        Some(counts) if counts % UNITS_PER_ONE == 0 => Ok(Some(counts / UNITS_PER_ONE)),
        Some(_) => Err(()),
        None => Ok(None),
    }
}

fn amount(raw: &Raw) -> Result<Option<i64>, ()> {
    number(raw, Money::from_json)
}

fn number(raw: &Raw, read: fn(&str) -> Result<Money, MoneyFault>) -> Result<Option<i64>, ()> {
    let Some(text) = scalar(raw)? else { return Ok(None) };
    match read(&text) {
        Ok(money) => Ok(Some(money.0)),
        Err(MoneyFault::Blank) => Ok(None),
        Err(_) => Err(()),
    }
}

/// Reads the fields of one record and remembers the names of those that cannot be read.
#[derive(Default)]
pub(crate) struct Fields(Vec<&'static str>);

impl Fields {
    pub fn fault(&mut self, name: &'static str) {
        if !self.0.contains(&name) {
            self.0.push(name);
        }
    }

    pub fn kept<T>(&mut self, name: &'static str, read: Result<Option<T>, ()>) -> Option<T> {
        read.unwrap_or_else(|()| {
            self.fault(name);
            None
        })
    }

    pub fn text(&mut self, name: &'static str, raw: &Raw) -> Option<String> {
        self.kept(name, scalar(raw))
    }

    pub fn code(&mut self, name: &'static str, raw: &Raw) -> Option<String> {
        self.text(name, raw).map(|text| text.to_uppercase())
    }

    pub fn amount(&mut self, name: &'static str, raw: &Raw) -> Option<i64> {
        self.kept(name, amount(raw))
    }

    /// Hours and shares of full time, to four decimals.
    pub fn measure(&mut self, name: &'static str, raw: &Raw) -> Option<i64> {
        self.kept(name, number(raw, Money::measure_from_json))
    }

    pub fn whole(&mut self, name: &'static str, raw: &Raw) -> Option<i64> {
        self.kept(name, whole(raw))
    }

    /// In ISO's layout; `None` for a placeholder too.
    pub fn date(&mut self, name: &'static str, raw: &Raw, placeholders: &PlaceholderDates) -> Option<NaiveDate> {
        let text = self.text(name, raw)?;
        self.kept(name, DateLayout::iso().read(&text, placeholders).map_err(|_| ()))
    }

    /// An object in the field; its absence is an object without fields.
    pub fn object<T: DeserializeOwned + Default>(&mut self, name: &'static str, raw: &Raw) -> T {
        let Some(raw) = raw else { return T::default() };
        if raw.get().starts_with('[') {
            // Entries of a list would be taken for fields.
            self.fault(name);
            return T::default();
        }
        let read = serde_json::from_str::<Option<T>>(raw.get()).map_err(|_| ());
        self.kept(name, read).unwrap_or_default()
    }

    pub fn faults(self) -> Vec<String> {
        self.0.into_iter().map(str::to_owned).collect()
    }
}
