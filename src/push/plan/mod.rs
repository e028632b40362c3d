//! Which items a push sends, in which order, and why the others stay: pure, the same for the dry run and the live one.
//! What the database says of an item comes in with it; nothing here looks anything up.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::order::place_in_sending;
use super::summary::{HeldBack, Why};
use crate::job::{self, RetryUncertain};
use tieout_model::correction::CorrectionKind;
use tieout_model::money::{Currency, Money};
use tieout_services::benbase::Ssn;
use tieout_store::{Item, ItemState, SentToday};

/// An approved item or one in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub item: Item,
    /// Why it is not what was approved any more, or no longer needed.
    pub outdated: Option<String>,
    /// A finding of the last night that blocks its employee, and what that means.
    pub blocked: Option<String>,
    /// Its body sets a rate of pay, so the cap on money must count it.
    pub sets_pay: bool,
}

/// What bounds a push.
#[derive(Clone, Debug)]
pub struct Limits<'a> {
    pub settings: &'a job::Push,
    /// Hash of the policy that holds now; an approval under another one does not count.
    pub policy_hash: &'a str,
    pub now: DateTime<Utc>,
    /// When today began in the job's zone.
    pub day_start: DateTime<Utc>,
    /// Most items of this push; `None`: the day's.
    pub items_max: Option<u64>,
    /// What went out today already.
    pub sent_today: SentToday,
    /// Most items of the kinds with a cap of their own; 0 while the job switches them off.
    pub kinds: KindLimits,
    pub ssns: &'a Ssns,
}

/// Most items of a kind that one push sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindLimits {
    pub new_hires: u32,
    pub terminations: u32,
    pub oyster_provisionings: u32,
    pub oyster_requests: u32,
}

impl KindLimits {
    pub fn of(job: &job::Job) -> KindLimits {
        let writes = job.oyster_connection().map(|oyster| oyster.writes).unwrap_or_default();
        KindLimits {
            new_hires: job.new_hires.per_push(),
            terminations: job.terminations.per_push(),
            oyster_provisionings: if writes.provision { writes.provision_max } else { 0 },
            oyster_requests: if writes.request { writes.request_max } else { 0 },
        }
    }

    /// `None`: this kind has no limit of its own.
    fn left(&mut self, kind: CorrectionKind) -> Option<&mut u32> {
        match kind {
            CorrectionKind::NewHire => Some(&mut self.new_hires),
            CorrectionKind::Termination => Some(&mut self.terminations),
            CorrectionKind::OysterProvisioning => Some(&mut self.oyster_provisionings),
            CorrectionKind::OysterRequest => Some(&mut self.oyster_requests),
            CorrectionKind::Demographic | CorrectionKind::Compensation => None,
        }
    }
}

/// Whether new hires go out with their social security number, and those that payroll gives, by employee id.
#[derive(Clone, Debug, Default)]
pub enum Ssns {
    #[default]
    NotSent,
    Sent(BTreeMap<String, Ssn>),
}

impl Ssns {
    /// The job wants the number sent and payroll does not give it.
    fn lacks(&self, item: &Item) -> bool {
        match self {
            Ssns::NotSent => false,
            Ssns::Sent(by_employee) => {
                item.kind == CorrectionKind::NewHire && !by_employee.contains_key(&item.employee_id)
            }
        }
    }
}

/// Every candidate in exactly one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// In order; the items of one employee stand together.
    pub to_send: Vec<Item>,
    pub held: Vec<HeldBack>,
    /// To be closed: they no longer say what is true.
    pub stale: Vec<(Item, String)>,
    /// Their approval no longer counts.
    pub voided: Vec<(Item, String)>,
}

const KIND_LIMIT: &str = "its kind is switched off, or this push sends as many as the job lets it (new_hires.per_run_max, \
                          terminations.per_run_max, oyster.writes)";
const NO_SSN: &str = "payroll does not give exactly one social security number of nine digits for the person: correct the \
                      file (payroll.columns.nat_id) and push again";

/// What is in doubt without an approval is so since the state was recovered.
const RECOVERED: &str = "it may have been sent before the state was recovered";

/// Decides on each candidate.
pub fn plan_push(candidates: Vec<Candidate>, limits: &Limits<'_>) -> Planned {
    let mut lanes: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates {
        lanes.entry(candidate.item.employee_id.clone()).or_default().push(candidate);
    }
    let mut lanes: Vec<Vec<Candidate>> = lanes.into_values().collect();
    // Who waits longest goes first.
    lanes.sort_by_key(|lane| lane.iter().map(|candidate| candidate.item.id).min());
    let mut planning = Planning { limits, budget: Budget::new(limits), planned: Planned::default() };
    for mut lane in lanes {
        lane.sort_by_key(|candidate| (place_in_sending(candidate.item.kind), candidate.item.id));
        planning.take(lane);
    }
    planning.planned
}

/// What the item itself and its age say, caps aside.
enum Verdict {
    Send,
    Stale(String),
    Void(String),
    Hold(Why, String),
}

struct Planning<'a> {
    limits: &'a Limits<'a>,
    budget: Budget<'a>,
    planned: Planned,
}

impl Planning<'_> {
    /// One employee's items, in the order of sending. What follows an item that waits waits, too; and nothing can be
    /// changed about somebody who was not hired.
    fn take(&mut self, lane: Vec<Candidate>) {
        let mut blocker: Option<(i64, Why)> = None;
        for candidate in lane {
            let id = candidate.item.id;
            let hires = candidate.item.kind == CorrectionKind::NewHire;
            let verdict = match (blocker, judge(&candidate, self.limits)) {
                (Some((earlier, why)), Verdict::Send) => Verdict::Hold(why, format!("waits for item {earlier}")),
                (None, Verdict::Send) => self.budget.spend(&candidate),
                (_, verdict) => verdict,
            };
            let (blocks, item) = (hires && !matches!(verdict, Verdict::Send), candidate.item);
            match verdict {
                Verdict::Send => self.planned.to_send.push(item),
                Verdict::Hold(why, reason) => {
                    blocker = blocker.or(Some((id, why)));
                    self.planned.held.push(HeldBack { item: id, why, reason });
                }
                Verdict::Stale(reason) => self.planned.stale.push((item, reason)),
                Verdict::Void(reason) => self.planned.voided.push((item, reason)),
            }
            blocker = blocker.or(blocks.then_some((id, Why::Waits)));
        }
    }
}

fn judge(candidate: &Candidate, limits: &Limits<'_>) -> Verdict {
    let Candidate { item, outdated, blocked, .. } = candidate;
    let over = outdated.clone().or_else(|| too_old(item, limits));
    let moved = (item.policy_hash.as_deref() != Some(limits.policy_hash))
        .then(|| "approved under another policy of the job: approve it again".to_owned());
    if item.state != ItemState::InDoubt {
        return match (over, moved) {
            (Some(reason), _) => Verdict::Stale(reason),
            (None, Some(reason)) => Verdict::Void(reason),
            (None, None) if blocked.is_some() => Verdict::Hold(Why::Blocked, blocked.clone().unwrap_or_default()),
            (None, None) if limits.ssns.lacks(item) => Verdict::Hold(Why::Ssn, NO_SSN.to_owned()),
            (None, None) => Verdict::Send,
        };
    }
    // Nobody knows whether it was applied, so it can be neither closed nor unapproved here.
    let unknown = item.approved_by.is_none().then(|| RECOVERED.to_owned());
    let reason = match outdated.clone().or(unknown).or(over).or(moved).or_else(|| blocked.clone()) {
        Some(reason) => reason,
        None if may_repeat(item.kind, limits.settings.retry_uncertain) => return Verdict::Send,
        None => "nobody knows whether it arrived".to_owned(),
    };
    Verdict::Hold(Why::InDoubt, format!("in doubt ({reason}): settle it with `tieout queue resolve`"))
}

/// Whether the job lets an item in doubt be sent again.
fn may_repeat(kind: CorrectionKind, policy: RetryUncertain) -> bool {
    match policy {
        RetryUncertain::Never => false,
        RetryUncertain::StateSettingOnly => kind.sets_state(),
    }
}

fn too_old(item: &Item, limits: &Limits<'_>) -> Option<String> {
    let days = limits.settings.stale_after_days;
    let since = item.approved_at.unwrap_or(item.changed_at);
    let old = limits.now - since > TimeDelta::days(days);
    old.then(|| format!("approved on {}, more than {days} days ago", since.date_naive()))
}

/// What the caps leave.
struct Budget<'a> {
    limits: &'a Limits<'a>,
    run_left: u64,
    day_left: u64,
    kinds_left: KindLimits,
    amounts: BTreeMap<Currency, i128>,
}

impl<'a> Budget<'a> {
    fn new(limits: &'a Limits<'a>) -> Self {
        let day_left = u64::from(limits.settings.daily_items_max).saturating_sub(limits.sent_today.items);
        let run_left = limits.items_max.unwrap_or(u64::MAX);
        Budget { limits, run_left, day_left, kinds_left: limits.kinds, amounts: limits.sent_today.differences.clone() }
    }

    /// Takes the item's share, or says which cap has no room for it.
    fn spend(&mut self, candidate: &Candidate) -> Verdict {
        let item = &candidate.item;
        if self.run_left == 0 {
            return Verdict::Hold(Why::RunLimit, "beyond the number of items of this push".to_owned());
        }
        if self.kinds_left.left(item.kind).is_some_and(|left| *left == 0) {
            return Verdict::Hold(Why::KindLimit, KIND_LIMIT.to_owned());
        }
        // What is in doubt since today counted when it went out the first time.
        let counted = item.state == ItemState::InDoubt && item.changed_at >= self.limits.day_start;
        if !counted && let Some((why, reason)) = self.over_the_day(candidate) {
            return Verdict::Hold(why, reason);
        }
        self.run_left -= 1;
        if let Some(left) = self.kinds_left.left(item.kind) {
            *left -= 1;
        }
        if !counted {
            self.day_left -= 1;
            if let Some((difference, currency)) = item.yearly_difference {
                *self.amounts.entry(currency).or_default() += magnitude(difference);
            }
        }
        Verdict::Send
    }

    fn over_the_day(&self, candidate: &Candidate) -> Option<(Why, String)> {
        let settings = self.limits.settings;
        if self.day_left == 0 {
            let reason = format!("beyond the {} items of a day (push.daily_items_max)", settings.daily_items_max);
            return Some((Why::DailyItems, reason));
        }
        let most = settings.daily_yearly_difference_max?;
        let Some((difference, currency)) = candidate.item.yearly_difference else {
            let reason = "its yearly difference is not known, so push.daily_yearly_difference_max cannot count it";
            return candidate.sets_pay.then(|| (Why::DailyAmount, reason.to_owned()));
        };
        let sum = self.amounts.get(&currency).copied().unwrap_or(0) + magnitude(difference);
        let reason = "beyond the sum of yearly differences of a day (push.daily_yearly_difference_max)";
        (sum > magnitude(most)).then(|| (Why::DailyAmount, reason.to_owned()))
    }
}

fn magnitude(amount: Money) -> i128 {
    i128::from(amount.0).abs()
}

#[cfg(test)]
mod tests;
