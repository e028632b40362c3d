//! What the later stages take from a job.

use chrono::NaiveDate;
use tieout_corrections::plan::PlanSettings;
use tieout_corrections::starters_leavers::StarterLeaverSettings;
use tieout_recon::settings::{BenbaseTerms, Settings};

use tieout_services::settings as connection;

use crate::job::Job;

impl Job {
    /// The connection to Oyster, where the job has one.
    pub fn oyster_connection(&self) -> Option<&connection::OysterAccess> {
        self.oyster.as_ref().map(|oyster| &oyster.connection)
    }

    /// The connection to Benbase, where the job has one.
    pub fn benbase_connection(&self) -> Option<&connection::BenbaseAccess> {
        self.benbase.as_ref().map(|benbase| &benbase.connection)
    }

    /// What the rules read of it.
    pub fn rules_settings(&self) -> Settings<'_> {
        Settings {
            zone: &self.zone,
            payroll: &self.payroll,
            deductions: &self.deductions,
            schemes: &self.schemes,
            benifex: &self.benifex_terms,
            oyster: self.oyster.as_ref().map(|oyster| &oyster.plans),
            rules: &self.rules,
            guards: &self.guards,
            benbase: self.benbase.as_ref().map(|benbase| BenbaseTerms {
                employer_id: benbase.connection.employer_id.as_str(),
                countries: &benbase.spelled,
                hires: self.new_hires.enabled,
                terminations: self.terminations.enabled,
            }),
        }
    }

    /// How corrections are derived; a job without Benbase covers no country.
    pub fn plan_settings(&self, as_of: NaiveDate) -> PlanSettings {
        let benbase = self.benbase.as_ref();
        PlanSettings {
            authority: self.rules.compensation_authority,
            countries: benbase.map(|b| b.spelled.clone()).unwrap_or_default(),
            employer_id: benbase.map(|b| b.connection.employer_id.clone()).unwrap_or_default(),
            as_of,
        }
    }

    /// How new hires and terminations are derived; a job without Benbase proposes none.
    pub fn starter_leaver_settings(&self, as_of: NaiveDate) -> StarterLeaverSettings {
        StarterLeaverSettings {
            plan: self.plan_settings(as_of),
            new_hires: self.new_hires,
            terminations: self.terminations,
            employer_name: self.benbase.as_ref().and_then(|b| b.employer_name.clone()).unwrap_or_default(),
            leave_date_tolerance_days: self.rules.leave_date_tolerance_days,
        }
    }
}
