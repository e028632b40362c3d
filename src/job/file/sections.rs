//! Which keys each table of a job file has, as serde knows them: for hints about keys in the wrong table, and for the
//! test that the example shows every key.

use serde::de::{Deserialize, Deserializer, Error, Visitor, value};

use crate::job::approval::{RawApproval, RawApprover};
use crate::job::benbase::RawBenbase;
use crate::job::benifex::RawBenifex;
use crate::job::crosswalk::RawCrosswalk;
use crate::job::deductions::{RawDeductions, RawPerYear};
use crate::job::file::RawJob;
use crate::job::guards::RawGuards;
use crate::job::http::{RawHttp, RawWindow};
use crate::job::oyster::{RawOyster, RawOysterPaths, RawOysterUnits, RawOysterWrites};
use crate::job::payroll::{
    RawColumns, RawGroup, RawLong, RawPayroll, RawPeriod, RawRecordType, RawSeveralRows, RawWideDeduction,
};
use crate::job::push::RawPush;
use crate::job::report::{RawCsv, RawReport};
use crate::job::rules::RawRules;
use crate::job::sandbox::RawSandbox;
use crate::job::schemes::RawScheme;
use crate::job::starters_leavers::{RawNewHires, RawTerminations};

/// Tables and their keys; the file itself is `""`. Tables of one kind are listed once.
pub fn sections() -> [(&'static str, &'static [&'static str]); 31] {
    [
        ("", keys::<RawJob>()),
        ("payroll", keys::<RawPayroll>()),
        ("payroll.columns", keys::<RawColumns>()),
        ("payroll.wide", keys::<RawWideDeduction>()),
        ("payroll.groups", keys::<RawGroup>()),
        ("payroll.long", keys::<RawLong>()),
        ("payroll.record_type", keys::<RawRecordType>()),
        ("payroll.several_rows", keys::<RawSeveralRows>()),
        ("payroll.period", keys::<RawPeriod>()),
        ("deductions", keys::<RawDeductions>()),
        ("deductions.per_year", keys::<RawPerYear>()),
        ("schemes", keys::<RawScheme>()),
        ("benifex", keys::<RawBenifex>()),
        ("benifex.http", keys::<RawHttp>()),
        ("benifex.http.windows", keys::<RawWindow>()),
        ("benbase", keys::<RawBenbase>()),
        ("oyster", keys::<RawOyster>()),
        ("oyster.paths", keys::<RawOysterPaths>()),
        ("oyster.units", keys::<RawOysterUnits>()),
        ("oyster.writes", keys::<RawOysterWrites>()),
        ("crosswalk", keys::<RawCrosswalk>()),
        ("rules", keys::<RawRules>()),
        ("guards", keys::<RawGuards>()),
        ("approval", keys::<RawApproval>()),
        ("approval.approvers", keys::<RawApprover>()),
        ("push", keys::<RawPush>()),
        ("new_hires", keys::<RawNewHires>()),
        ("terminations", keys::<RawTerminations>()),
        ("report", keys::<RawReport>()),
        ("report.csv", keys::<RawCsv>()),
        ("sandbox", keys::<RawSandbox>()),
    ]
}

/// A hint for a key that stands in the wrong table; `None` when no table has it.
pub fn home_of(key: &str) -> Option<String> {
    let (section, _) = sections().into_iter().find(|(_, keys)| keys.contains(&key))?;
    Some(match section {
        "" => format!("`{key}` belongs to the top of the file, before the first [section]"),
        _ => format!("`{key}` belongs to [{section}]"),
    })
}

/// A struct hands its fields to the deserialiser before it reads anything.
fn keys<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    // Always an error: the probe has no values to give.
    let _ = T::deserialize(Probe(&mut fields));
    fields
}

struct Probe<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("a probe has no values"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        Err(Error::custom("a probe has no values"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}
