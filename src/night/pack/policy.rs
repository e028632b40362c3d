//! What the report says of the settings that decide what is a finding.

use tieout_model::share::Share;
use tieout_recon::settings::OysterPlans;

use crate::job::Job;
use tieout_model::money::Money;
use tieout_recon::settings::PricePeriod;

/// Tolerances and other settings that decide what is a finding, in words.
pub fn policy(job: &Job, accepted_swing: Option<&str>) -> Vec<(String, String)> {
    let rules = &job.rules;
    let amount = match rules.amount_tolerance_minor_units {
        None => "1 + 6/D minor units, D = deductions a year".to_owned(),
        Some(units) => format!("{units} minor units"),
    };
    let material =
        format!("{} or {} of the expected amount", rules.material_amount.to_text(2), share(rules.material_share));
    [
        ("amount tolerance", amount),
        ("material from", material),
        ("salary tolerance", format!("{} or {} ppm", rules.salary_tolerance.to_text(2), rules.salary_tolerance_ppm)),
        ("compensation authority", format!("{:?}", rules.compensation_authority).to_lowercase()),
        ("new hire grace", days(rules.new_hire_grace_days)),
    ]
    .into_iter()
    .chain(job.oyster.iter().flat_map(|settings| oyster(&settings.plans)))
    .chain([
        ("guard: population change", share(job.guards.population_change_max)),
        ("guard: total change", share(job.guards.total_change_max)),
        ("guard: corrected share", share(job.guards.corrected_share_max)),
        ("guard: salary change", share(job.guards.salary_change_max)),
        ("guard: least people of a swing", job.guards.people_min.to_string()),
        ("time zone", job.zone.name().to_owned()),
    ])
    .chain(accepted_swing.map(|reason| ("guards: swing accepted", reason.to_owned())))
    .map(|(item, value)| (item.to_owned(), value))
    .collect()
}

fn oyster(settings: &OysterPlans) -> [(&'static str, String); 5] {
    let period = match settings.price_period {
        PricePeriod::Month => "a month",
        PricePeriod::Year => "a year",
    };
    let tolerance = format!(
        "{} or {} of the estimate, the greater",
        settings.estimate_tolerance.to_text(2),
        share(settings.estimate_tolerance_share)
    );
    [
        ("Oyster: prices are for", period.to_owned()),
        ("Oyster: estimate tolerance", tolerance),
        ("Oyster: stuck after", days(settings.stuck_after_days)),
        ("Oyster: stuck after, REQUESTED", days(settings.requested_stuck_after_days)),
        ("Oyster: matching by e-mail", if settings.match_email { "on" } else { "off" }.to_owned()),
    ]
}

/// Without zeros behind the point.
fn share(share: Share) -> String {
    format!("{} %", Money(i64::from(share.ten_thousandths()) * 100).to_text(0))
}

fn days(days: i64) -> String {
    format!("{days} days")
}
