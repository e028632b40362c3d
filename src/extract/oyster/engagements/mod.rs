//! What is known of each engagement so far, and what follows at the end: found, or unverified with a reason. Pure:
//! answers in, next questions out.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::age::is_due;
use super::answers::{Final, Part, Question};
use super::fingerprint::{connection, fingerprint};
use super::reading::{FIRST_PARTS, Reading};
use super::{CallPlan, OysterNight};
use crate::extract::line::{FORBIDDEN_MIN, Position};
use tieout_model::enrollment::EnrollmentState;
use tieout_model::records::oyster::{EngagementRecord, EngagementWalk, EnrollmentRecord};
use tieout_recon::snapshot::{Detail, Engagement, Kept, part_reason};
use tieout_store::FinalAnswer;

const LIST: &str = "list of engagements";
const INCONSISTENT: &str = "the list that should have named it contradicted itself";
const NOBODY_LISTED: &str =
    "the service shows no engagement at all, and some are known; check scope and customer_id in [oyster] of the job";

/// The third part is asked for where the others leave something open.
const PARTS: usize = FIRST_PARTS.len() + 1;

/// So many engagements in a row without a readable one, from the first on, and none will be.
const PROBE_MAX: usize = 10;
/// A single engagement may well be one that was removed.
const PROBE_MIN: usize = FORBIDDEN_MIN;

/// Where the details of one engagement come from.
enum Source {
    /// The list shows no enrollments, and nothing speaks against it.
    Nothing,
    /// Read in an earlier night, and nothing has moved since.
    Kept(Detail),
    Read(Reading),
}

struct State {
    listed: EngagementRecord,
    fingerprint: Option<String>,
    source: Source,
}

/// Every engagement of the list.
pub(super) struct Engagements<'a> {
    night: OysterNight<'a>,
    /// Details are not taken over.
    fresh: bool,
    now: DateTime<Utc>,
    /// Sorted by id.
    states: Vec<State>,
    listed_at: Option<DateTime<Utc>>,
    list_fault: Option<String>,
    /// Why an engagement that the list lacks may not be judged.
    unlisted: &'static str,
    plan: CallPlan,
    probe: Probe,
}

/// How the first engagements were answered, by part.
#[derive(Default)]
struct Probe {
    /// Engagements that are read and of which the list shows enrollments.
    with_enrollments: usize,
    /// Of those. Where the list shows none, there may be no record of any.
    absent: usize,
    forbidden: [usize; PARTS],
    answered: [bool; PARTS],
}

impl<'a> Engagements<'a> {
    pub fn new(night: &OysterNight<'a>, fresh: bool, now: DateTime<Utc>) -> Engagements<'a> {
        Engagements {
            night: *night,
            fresh,
            now,
            states: Vec::new(),
            listed_at: None,
            list_fault: None,
            unlisted: INCONSISTENT,
            plan: CallPlan { calls_planned: 1, ..CallPlan::default() },
            probe: Probe::default(),
        }
    }

    /// Takes in a final answer; returns what to ask next. The group of a place is the engagement's number and one.
    pub fn settle(
        &mut self,
        (group, _): Position,
        question: &Question,
        answer: Final,
        at: DateTime<Utc>,
    ) -> Vec<(Position, Question)> {
        match (question, answer) {
            (Question::List, Final::List(walk)) => self.listed(walk, at),
            (Question::Part { part, .. }, answer) => {
                self.watch(group, &answer, *part);
                self.taken(group, |reading| reading.take(*part, answer, at))
            }
            (Question::List, _) => self.fail((group, 0), question, "the answer does not belong to its question"),
        }
    }

    /// Takes in that a question has no answer tonight.
    pub fn fail(&mut self, (group, _): Position, question: &Question, reason: &str) -> Vec<(Position, Question)> {
        match question {
            Question::List => {
                self.list_fault = Some(part_reason(LIST, reason));
                Vec::new()
            }
            Question::Part { part, .. } => self.taken(group, |reading| reading.fail(*part, reason)),
        }
    }

    /// Takes in that the service refuses to show a part of an engagement.
    pub fn forbidden(&mut self, question: &Question) {
        if let Question::Part { part, .. } = question {
            self.probe.forbidden[*part as usize] += 1;
        }
    }

    pub fn plan(&self) -> CallPlan {
        self.plan
    }

    /// How many engagements were asked for when none of them turned out to be readable.
    pub fn none_readable(&self) -> Option<usize> {
        let Probe { with_enrollments, absent, answered, .. } = self.probe;
        (!answered.contains(&true) && absent >= probe_size(with_enrollments)).then_some(absent)
    }

    /// How many engagements were asked for when a part of none of them may be read.
    pub fn none_allowed(&self) -> Option<usize> {
        let Probe { with_enrollments, absent, forbidden, answered } = self.probe;
        let mut refused = FIRST_PARTS.into_iter().filter_map(|part| {
            let (refused, answered) = (forbidden[part as usize], answered[part as usize]);
            let (unreadable, asked) = match part {
                Part::Enrollments => (refused + absent, usize::try_from(self.plan.changed).unwrap_or(PROBE_MAX)),
                _ => (refused, with_enrollments),
            };
            (refused > 0 && !answered && unreadable >= probe_size(asked)).then_some(unreadable)
        });
        refused.next()
    }

    /// How every engagement ended, those included that only others know; and why the list is not whole.
    pub fn finish(self) -> (Vec<Engagement>, Option<String>) {
        let Engagements { night, states, listed_at, list_fault, unlisted, .. } = self;
        let mut ended: BTreeMap<String, Engagement> = BTreeMap::new();
        for State { listed, fingerprint, source } in states {
            let detail = match source {
                Source::Nothing => Ok(None),
                Source::Kept(detail) => Ok(Some(detail)),
                Source::Read(reading) => reading.finish(&listed).map(Some),
            };
            let engagement_id = listed.engagement_id.clone();
            let fingerprint =
                fingerprint.filter(|_| detail.as_ref().is_ok_and(|detail| agrees(&listed, detail.as_ref())));
            let engagement = Engagement { engagement_id, listed: Some(listed), listed_at, fingerprint, detail };
            ended.insert(engagement.engagement_id.to_string(), engagement);
        }
        if let Some(fault) = &list_fault {
            let reason = if listed_at.is_some() { unlisted } else { fault };
            for id in night.known {
                ended.entry(id.clone()).or_insert_with(|| Engagement {
                    engagement_id: id.clone().into(),
                    listed: None,
                    listed_at: None,
                    fingerprint: None,
                    detail: Err(reason.to_owned()),
                });
            }
        }
        (ended.into_values().collect(), list_fault)
    }

    fn listed(&mut self, walk: EngagementWalk, at: DateTime<Utc>) -> Vec<(Position, Question)> {
        let EngagementWalk { engagements, inconsistencies } = walk;
        self.listed_at = Some(at);
        if !inconsistencies.is_empty() {
            self.list_fault = Some(inconsistencies.join("; "));
        } else if engagements.is_empty() && !self.night.known.is_empty() {
            (self.list_fault, self.unlisted) = (Some(NOBODY_LISTED.to_owned()), NOBODY_LISTED);
        }
        let connection = connection(self.night.settings);
        let (mut next, mut changed) = (Vec::new(), 0);
        for (group, listed) in (1..).zip(engagements) {
            let wanted = self.night.wanted.get(listed.engagement_id.as_str()).map_or(&[][..], Vec::as_slice);
            let fingerprint = fingerprint(&connection, &listed, wanted);
            let source = self.source(&listed, fingerprint.as_deref());
            if let Source::Read(reading) = &source {
                changed += 1;
                self.probe.with_enrollments += usize::from(!listed.enrollments.is_empty());
                let engagement_id = &listed.engagement_id;
                let part = |part| Question::Part { engagement_id: engagement_id.clone(), part };
                next.extend(reading.first().iter().map(|one| ((group, *one as usize), part(*one))));
            }
            self.states.push(State { listed, fingerprint, source });
        }
        let engagements = self.states.len();
        let pages = engagements.div_ceil(self.night.settings.per_page.max(1)).max(1);
        let spared = FIRST_PARTS.len() * engagements - next.len();
        self.plan = CallPlan {
            engagements: engagements as u64,
            changed: changed as u64,
            calls_planned: (pages + next.len()) as u64,
            calls_spared: spared as u64,
        };
        let CallPlan { engagements, changed, calls_planned, calls_spared } = self.plan;
        tracing::info!(engagements, changed, calls_planned, calls_spared, "plan of the calls to Oyster");
        next
    }

    fn source(&self, listed: &EngagementRecord, fingerprint: Option<&str>) -> Source {
        let days_max = self.night.settings.detail_days_max;
        let earlier = self.night.kept.get(listed.engagement_id.as_str());
        let same = |kept: &&Kept| !self.fresh && fingerprint == Some(&kept.fingerprint);
        let due = |kept: &Kept| is_due(listed.engagement_id.as_str(), kept.detail.at, self.now, days_max);
        if let Some(kept) = earlier.filter(same).filter(|kept| !due(kept)) {
            return Source::Kept(kept.detail.clone());
        }
        // That there are none is believed of the list alone where neither an earlier night nor payroll knows better.
        let known = || earlier.is_some_and(|kept| !kept.detail.enrollments.is_empty());
        match listed.enrollments.is_empty() {
            false => Source::Read(Reading::default()),
            true if known() || self.night.charged.includes(listed) => Source::Read(Reading::to_make_sure()),
            true => Source::Nothing,
        }
    }

    /// Tells one engagement's reading something; asks for another part when that showed the need for it.
    fn taken(&mut self, group: usize, tell: impl FnOnce(&mut Reading)) -> Vec<(Position, Question)> {
        let Some(state) = group.checked_sub(1).and_then(|at| self.states.get_mut(at)) else { return Vec::new() };
        let Source::Read(reading) = &mut state.source else { return Vec::new() };
        tell(reading);
        let Some(part) = reading.next() else { return Vec::new() };
        self.plan.calls_planned += 1;
        self.plan.calls_spared -= u64::from(FIRST_PARTS.contains(&part));
        vec![((group, part as usize), Question::Part { engagement_id: state.listed.engagement_id.clone(), part })]
    }

    fn watch(&mut self, group: usize, answer: &Final, part: Part) {
        let state = group.checked_sub(1).and_then(|at| self.states.get(at));
        let shown = state.is_some_and(|state| !state.listed.enrollments.is_empty());
        match answer {
            Final::Absent(FinalAnswer::NotFound) if part == Part::Enrollments => {
                self.probe.absent += usize::from(shown)
            }
            Final::Absent(_) => {}
            _ => self.probe.answered[part as usize] = true,
        }
    }
}

/// So many unreadable ones are enough where `asked` are asked for.
fn probe_size(asked: usize) -> usize {
    PROBE_MAX.min(asked).max(PROBE_MIN)
}

/// The list shows no enrollment in another state than the details do. Where it does, one of the two is stale.
fn agrees(listed: &EngagementRecord, detail: Option<&Detail>) -> bool {
    let enrollments = detail.map_or(&[][..], |detail| &detail.enrollments);
    listed.enrollments.iter().all(|embedded| {
        let same_id = |one: &&EnrollmentRecord| one.enrollment_id.as_ref() == Some(&embedded.enrollment_id);
        let shown = enrollments.iter().find(same_id).and_then(|one| one.state.as_deref());
        shown.is_none_or(|state| EnrollmentState::parse(state) == EnrollmentState::parse(&embedded.state))
    })
}

#[cfg(test)]
mod tests;
