//! The rules under which a correction is derived and approved, as one hash: an approval counts only while it stands.

use std::fmt::Write as _;

use super::{Approver, BenbaseSection, Job};
use tieout_corrections::settings::{NewHires, Terminations};
use tieout_model::hash::sha256_hex;
use tieout_model::placeholder::PlaceholderDates;
use tieout_recon::scheme::SchemeEntry;
use tieout_recon::settings::{CoverageEnd, Rules};
use tieout_services::settings::{self, OysterWrites};

/// Version of the text that is hashed: another one voids all approvals.
const POLICY_VERSION: u32 = 1;

impl Job {
    /// SHA-256, hex, of all that decides what is corrected, where it goes and who may approve it: the rules, Benbase's
    /// address, employer and countries, the approvers with their limits, the switches and caps of new hires and
    /// terminations, and the same of writes to Oyster. Comments, paths, limits of calls and the report don't move it.
    pub fn policy_hash(&self) -> String {
        let mut text = format!("version={POLICY_VERSION}\njob={:?}\nsandbox={}\n", self.name, self.sandbox.is_some());
        rules(&self.rules, &mut text);
        schemes(&self.schemes, &mut text);
        line(&mut text, "salary_change_max", self.guards.salary_change_max.ten_thousandths());
        if let Some(BenbaseSection { connection, employer_name, countries, spelled: _, opening_ledger: _ }) =
            &self.benbase
        {
            let settings::BenbaseAccess { base_url, employer_id, api_key: _, idempotency_header: _, http: _ } =
                connection;
            line(&mut text, "base_url", format_args!("{base_url:?}"));
            line(&mut text, "employer_id", format_args!("{:?}", employer_id.as_str()));
            line(&mut text, "countries", format_args!("{countries:?}"));
            // A kind that is off decides nothing.
            if self.new_hires.enabled {
                line(&mut text, "employer_name", format_args!("{employer_name:?}"));
            }
        }
        for (name, stated) in [("payroll", self.payroll.part_time_pay), ("benifex", self.benifex_terms.part_time_pay)] {
            if let Some(stated) = stated {
                line(&mut text, &format!("{name}_part_time_pay"), format_args!("{stated:?}"));
            }
        }
        if let Some(settings) = &self.oyster {
            oyster(&settings.connection, &mut text);
        }
        if self.payroll.placeholder_dates != PlaceholderDates::default() {
            let dates: Vec<_> = self.payroll.placeholder_dates.iter().collect();
            line(&mut text, "placeholder_dates", format_args!("{dates:?}"));
        }
        starters_and_leavers(self.new_hires, self.terminations, &mut text);
        for Approver { name, yearly_max, daily_max, logins } in &self.approval.approvers {
            let yearly_max = yearly_max.map(|amount| amount.to_text(0)).unwrap_or_default();
            line(&mut text, "approver", format_args!("{name:?} {yearly_max}"));
            if let Some(daily_max) = daily_max {
                line(&mut text, "approver_daily_max", daily_max.to_text(0));
            }
            if !logins.is_empty() {
                line(&mut text, "approver_logins", format_args!("{logins:?}"));
            }
        }
        sha256_hex(text)
    }
}

fn starters_and_leavers(new_hires: NewHires, terminations: Terminations, text: &mut String) {
    if let NewHires { enabled: true, per_run_max, variable_hours, send_ssn } = new_hires {
        line(text, "new_hires", format_args!("{per_run_max} {variable_hours:?} {send_ssn}"));
    }
    if let Terminations { enabled: true, per_run_max } = terminations {
        line(text, "terminations", per_run_max);
    }
}

/// Where a write to Oyster goes and what its numbers mean; nothing while both kinds are off.
fn oyster(settings: &settings::OysterAccess, text: &mut String) {
    let OysterWrites { provision, request, provision_max, request_max } = settings.writes;
    if !provision && !request {
        return;
    }
    line(text, "oyster", format_args!("{:?} {:?}", settings.base_url, settings.customer_id));
    if provision {
        let (path, unit) = (&settings.paths.provisioning, settings.units.provisioning);
        line(text, "oyster_provision", format_args!("{provision_max} {path:?} {unit:?}"));
    }
    if request {
        let (path, unit) = (&settings.paths.requests, settings.units.request);
        line(text, "oyster_request", format_args!("{request_max} {path:?} {unit:?}"));
    }
}

fn rules(rules: &Rules, text: &mut String) {
    // Taken apart by name: a rule that is added must be thought of here.
    let Rules {
        compensation_authority,
        amount_tolerance_minor_units,
        salary_tolerance,
        salary_tolerance_ppm,
        material_amount,
        material_share,
        new_hire_grace_days,
        coverage_end,
        full_time_from_fte,
        name_similarity,
        leave_date_tolerance_days,
    } = rules;
    let coverage_end = coverage_end_text(coverage_end.unwrap_or(CoverageEnd::LeaveDate));
    line(text, "compensation_authority", format_args!("{compensation_authority:?}"));
    line(text, "amount_tolerance", amount_tolerance_minor_units.map_or(String::new(), |units| units.to_string()));
    line(text, "salary_tolerance", salary_tolerance.0);
    line(text, "salary_tolerance_ppm", salary_tolerance_ppm);
    line(text, "material_amount", material_amount.0);
    line(text, "material_share", material_share.ten_thousandths());
    line(text, "new_hire_grace_days", new_hire_grace_days);
    line(text, "coverage_end", coverage_end);
    line(text, "full_time_from_fte", full_time_from_fte);
    line(text, "name_similarity", name_similarity);
    line(text, "leave_date_tolerance_days", leave_date_tolerance_days);
}

fn coverage_end_text(rule: CoverageEnd) -> String {
    match rule {
        CoverageEnd::LeaveDate => "leave date".to_owned(),
        CoverageEnd::EndOfMonth => "end of month".to_owned(),
        CoverageEnd::DaysAfter(days) => format!("{days} days after"),
    }
}

/// Of the rules of a scheme, the end of cover decides who is a leaver.
fn schemes(entries: &[SchemeEntry], text: &mut String) {
    for SchemeEntry { pay_group, benefit, scheme, dates_file: _ } in entries {
        if let Some(rule) = scheme.coverage_end {
            let end = coverage_end_text(rule);
            line(text, "scheme_coverage_end", format_args!("{pay_group:?} {benefit:?} {end}"));
        }
    }
}

fn line(text: &mut String, name: &str, value: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{name}={value}");
}
