//! The command line of `tieout init`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use clap::builder::PossibleValuesParser;

#[derive(Debug, Args)]
pub struct InitArgs {
    /// Payroll exports: the files of one payroll, by pay group or company, each with a layout of its own
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Where to write the job file; never over another (default: NAME.toml, in `jobs/` if there is such a folder)
    #[arg(long, value_name = "JOB")]
    pub out: Option<PathBuf>,
    /// Folder of recorded answers: the job gets a sandbox of it, and its people and benefits help to read the file
    #[arg(long, value_name = "DIR")]
    pub world: Option<PathBuf>,
    /// Vendor of the export (default: by its column names)
    #[arg(long, value_name = "VENDOR", value_parser = PossibleValuesParser::new(tieout_propose::vendors().map(|(name, _)| name)))]
    pub from: Option<String>,
    /// Sheet of a workbook, where there are several; of several files, of each that has it
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Name of the job (default: from the file's name)
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// A column by its key in payroll.columns or payroll.long, of each file that has it; may be repeated
    #[arg(long, value_name = "KEY=HEADER", value_parser = pair)]
    pub column: Vec<(String, String)>,
    /// The benefit of a payroll code; may be repeated
    #[arg(long, value_name = "CODE=BENEFIT", value_parser = pair)]
    pub code: Vec<(String, String)>,
    /// Benefit keys of Benifex, where there is no world to read them from
    #[arg(long, value_name = "KEY,KEY", value_delimiter = ',')]
    pub benefits: Vec<String>,
    /// Currency of the amounts, such as USD
    #[arg(long, value_name = "CODE")]
    pub currency: Option<String>,
    /// Layout of the dates, such as MM/dd/yyyy
    #[arg(long, value_name = "LAYOUT")]
    pub dates: Option<String>,
    /// First and last day of the pay period
    #[arg(long, value_name = "START..END", value_parser = period)]
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Pay date
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub pay_date: Option<NaiveDate>,
    /// Ask nothing on a terminal
    #[arg(long)]
    pub no_input: bool,
    /// What was proposed as JSON
    #[arg(long)]
    pub json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected two texts with `=` between them")?;
    match (key.trim(), value.trim()) {
        ("", _) | (_, "") => Err("expected a text on both sides of `=`".to_owned()),
        (key, value) => Ok((key.to_owned(), value.to_owned())),
    }
}

fn period(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let days = text.split_once("..").and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
    days.filter(|(start, end)| start <= end).ok_or("expected two days, such as 2026-03-01..2026-03-31".to_owned())
}
