//! What a person or the services say beside the file.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::known::Known;

/// All of it optional; what is stated here is sure.
#[derive(Debug, Default)]
pub struct Hints {
    /// Of the payroll file, without its folder: some names state the period.
    pub file_name: String,
    /// The bytes are a sheet of a workbook as CSV.
    pub workbook: bool,
    /// Name of that sheet, where there are several.
    pub sheet: Option<String>,
    /// A name of a vendor profile.
    pub vendor: Option<String>,
    /// Field → header.
    pub columns: BTreeMap<String, String>,
    /// Payroll code → benefit key.
    pub codes: BTreeMap<String, String>,
    /// Benefit keys of the service.
    pub benefits: Vec<String>,
    pub currency: Option<String>,
    /// Date layout.
    pub dates: Option<String>,
    pub period: Option<(NaiveDate, NaiveDate)>,
    pub pay_date: Option<NaiveDate>,
    pub known: Known,
}
