//! What the job says of corrections: the switches and caps of new hires and terminations, and the guards.

use serde::Deserialize;
use tieout_model::control::Limits;
use tieout_model::share::Share;

/// New hires that the night may propose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewHires {
    pub enabled: bool,
    /// More in one night are a mass mistake, and none is proposed; a push sends no more than so many.
    pub per_run_max: u32,
    pub variable_hours: VariableHours,
    /// The social security number goes out with the hire, read from the payroll file at that moment.
    pub send_ssn: bool,
}

/// Terminations that the night may propose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminations {
    pub enabled: bool,
    /// As for new hires.
    pub per_run_max: u32,
}

/// What becomes of a hire whose hours vary: a new hire knows full time and part time only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableHours {
    /// Sent as part time; the next night's change of pay puts it right.
    PartTime,
    #[default]
    Reject,
}

impl NewHires {
    /// Items that one push may send; 0 while the switch is off.
    pub fn per_push(&self) -> u32 {
        if self.enabled { self.per_run_max } else { 0 }
    }
}

impl Terminations {
    /// The same.
    pub fn per_push(&self) -> u32 {
        if self.enabled { self.per_run_max } else { 0 }
    }
}

/// What stops the queue (never the report).
#[derive(Clone, Debug)]
pub struct Guards {
    /// Headcount may move this far against the last good run.
    pub population_change_max: Share,
    /// Deduction totals, by benefit and currency, may move this far against the last good run.
    pub total_change_max: Share,
    /// Share of employees who would be corrected.
    pub corrected_share_max: Share,
    /// Any one salary may move this far, up or down.
    pub salary_change_max: Share,
    /// Below this headcount the share guards do not apply: one of ten people is 10 %.
    pub headcount_min: u32,
    /// Headcount and totals swing by so many people at least: four of sixty are more than 5 %.
    pub people_min: u32,
}

impl Guards {
    /// How far headcount and totals may move.
    pub fn limits(&self) -> Limits {
        let Guards { population_change_max, total_change_max, people_min, .. } = *self;
        Limits { population_change_max, total_change_max, people_min: u64::from(people_min) }
    }
}
