//! What Oyster's families share on paper: evidence, amounts of a line, and the lines that were not judged.

use crate::rules::lines::unmatched::Line;
use crate::rules::night::Night;
use crate::rules::oyster::Oysters;
use crate::rules::oyster::rows::{Engagement, Enrollment};
use crate::rules::place::Place;
use crate::rules::write::{Found, OYSTER, evidence, moment};
use tieout_model::finding::{Evidence, SetAside};

/// The field that a share is read from, as the service names it.
pub(super) const SHARE: &str = "employerContribution.teamMember";

impl Oysters<'_> {
    /// The enrollment of a line and when it was fetched; where there is none, the engagement, or the list.
    pub(in crate::rules) fn at_line(&self, line: &Line) -> Evidence {
        match line.bx_row {
            Some(row) => {
                let field = match line.place {
                    Place::En04 | Place::En08 | Place::En09 => "state",
                    Place::Am16 | Place::Cu01Oyster => "estimatedPrice",
                    _ => SHARE,
                };
                at_enrollment(&self.enrollments[row], field)
            }
            None => match self.engagement_of(line.emp) {
                Some(engagement) => at_engagement(engagement, "enrollments"),
                None => self.at_list(),
            },
        }
    }

    /// The list of engagements.
    pub(super) fn at_list(&self) -> Evidence {
        let at = self.engagements.iter().filter_map(|e| e.listed_at).max().map_or_else(String::new, moment);
        evidence(OYSTER, "engagements", &at)
    }

    /// A label of a plan that the job gives to no benefit.
    pub(in crate::rules) fn is_plan(&self, label: u32) -> bool {
        self.labels.get(&label).is_some_and(Option::is_some)
    }

    /// Why a line was not judged.
    pub(super) fn reason(&self, line: &Line) -> &str {
        self.reasons.get(&(line.emp, line.label)).map_or("not compared", String::as_str)
    }

    /// Why nothing is said of somebody whom Benifex does not know, where that is for Oyster's sake.
    pub(in crate::rules) fn unseen_reason(&self, emp: u32) -> Option<&'static str> {
        self.unseen.contains(&emp).then_some(match self.list_fault {
            Some(_) => "may be employed through Oyster, whose list of engagements is not whole",
            None => "may be employed through Oyster, where not all e-mails could be read",
        })
    }

    /// Lists the lines outside the comparison.
    pub(super) fn set_asides(&self, night: &Night<'_>, found: &mut Found) {
        for line in night.lines.iter().filter(|line| self.owns(line.label)) {
            match line.place {
                Place::UnverifiedOyster => found.unverified.extend(night.asides(line, self.reason(line).to_owned())),
                Place::OutOyster | Place::Am16 => {
                    found.out_of_scope.extend(night.asides(line, self.reason(line).to_owned()))
                }
                // The employee's side is a finding.
                Place::Am15Free if line.employer_taken != 0 => {
                    let asides = night.asides(line, self.reason(line).to_owned()).into_iter();
                    found.out_of_scope.extend(asides.map(|aside| SetAside { employee_amount: None, ..aside }));
                }
                Place::Am14 => {
                    let reason = "the employer's share does not fit its unit; amounts are not compared";
                    found.unverified.extend(night.asides(line, reason));
                }
                Place::Cu01Oyster => {
                    found.unverified.extend(night.asides(line, "several currencies; amounts are not compared"));
                }
                _ => {}
            }
        }
    }
}

/// `oyster`, the field and when the enrollment was fetched.
pub(super) fn at_enrollment(enrollment: &Enrollment<'_>, field: &str) -> Evidence {
    evidence(OYSTER, field, &enrollment.fetched_at.map_or_else(String::new, moment))
}

/// `oyster`, the field and when the list that has the engagement was fetched.
pub(super) fn at_engagement(engagement: &Engagement<'_>, field: &str) -> Evidence {
    evidence(OYSTER, field, &engagement.listed_at.map_or_else(String::new, moment))
}
