//! Which faults meet which request.

use std::collections::HashMap;
use std::time::Duration;

use crate::benifex::Slip;
use crate::faults::{Fault, FaultKind, Faults, Selector};
use crate::oyster::Act;
use crate::route::Call;

/// Distinct calls whose repeats are counted; later ones each count as new.
const CALLS_MAX: usize = 5_000_000;
const SHARE_UNIT: u32 = 10_000;

/// A request on arrival.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub call: &'a Call,
    /// Its number among its kind, from 1: token requests, or API requests.
    pub number: u64,
    /// Its number among the Benbase changes, from 1; 0 for anything else.
    pub post: u64,
    /// Its number among the Oyster requests, from 1; 0 for anything else.
    pub oyster: u64,
    /// Its number among the Oyster writes, from 1; 0 for anything else.
    pub write: u64,
    /// Employees that it asks for or changes.
    pub employees: &'a [String],
    /// Template and key.
    pub name: &'a str,
    /// Page of the list, from 0; Oyster's from 1.
    pub page: usize,
}

/// What the faults do to one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    pub delay: Duration,
    pub expire: bool,
    pub slip: Slip,
    /// The one that changes the answer.
    pub kind: Option<FaultKind>,
}

/// The faults of a session and how often each met its match.
#[derive(Debug)]
pub struct FaultPlan {
    faults: Vec<(Fault, u64)>,
    seed: u64,
    repeats: HashMap<u64, u64>,
}

impl FaultPlan {
    pub fn new(faults: Faults, seed: u64) -> FaultPlan {
        FaultPlan { faults: faults.0.into_iter().map(|fault| (fault, 0)).collect(), seed, repeats: HashMap::new() }
    }

    /// Everything that goes wrong with this request.
    pub fn pick(&mut self, seen: &Request) -> Effects {
        let mut effects = Effects::default();
        if self.faults.is_empty() {
            return effects;
        }
        let repeat = self.repeat(seen.name);
        for (place, (fault, fired)) in self.faults.iter_mut().enumerate() {
            let draw = Draw { seed: self.seed, place, name: seen.name, repeat };
            if !fault.meets(seen) || !draw.hits(fault.share) || !fault.has_left(*fired) {
                continue;
            }
            *fired += 1;
            match fault.kind {
                FaultKind::Slow(delay) => effects.delay += delay,
                FaultKind::Expire => effects.expire = true,
                FaultKind::DupRow => effects.slip.repeat_row = true,
                // Page and read both move it, so no two answers of one walk agree.
                FaultKind::MovingTotal => effects.slip.more_items = 1 + seen.page + saturating_usize(repeat),
                kind => effects.kind = effects.kind.or(Some(kind)),
            }
        }
        effects
    }

    /// How often the same call came before.
    fn repeat(&mut self, name: &str) -> u64 {
        let key = hash(name.as_bytes(), 0);
        if self.repeats.len() >= CALLS_MAX && !self.repeats.contains_key(&key) {
            return 0;
        }
        let count = self.repeats.entry(key).or_insert(0);
        *count += 1;
        *count - 1
    }
}

impl Fault {
    fn meets(&self, seen: &Request) -> bool {
        let token = seen.call.is_token();
        let user = seen.call.user();
        match &self.selector {
            Selector::Any => !token,
            Selector::Index(n) => !token && self.spans(*n, seen.number),
            Selector::Token(n) => token && n.is_none_or(|n| self.spans(n, seen.number)),
            Selector::Post(n) => seen.post > 0 && n.is_none_or(|n| self.spans(n, seen.post)),
            Selector::Oyster(n) => seen.oyster > 0 && n.is_none_or(|n| self.spans(n, seen.oyster)),
            Selector::Write(n) => seen.write > 0 && n.is_none_or(|n| self.spans(n, seen.write)),
            Selector::Engagements => matches!(seen.call, Call::Oyster(Act::List(_))),
            Selector::Engagement(id) => seen.call.engagement() == Some(id),
            Selector::Users => matches!(seen.call, Call::Users(_)),
            Selector::User(id) => user == Some(id),
            Selector::Benefits(id) => user == Some(id) && !matches!(seen.call, Call::User(_)),
            Selector::Employee(id) => seen.employees.iter().any(|e| e.trim() == id.trim()),
        }
    }

    fn spans(&self, from: u64, number: u64) -> bool {
        number.checked_sub(from).is_some_and(|past| past < self.times.unwrap_or(1))
    }

    /// Numbered selectors end by their numbers.
    fn has_left(&self, fired: u64) -> bool {
        let numbered = matches!(
            self.selector,
            Selector::Index(_)
                | Selector::Token(Some(_))
                | Selector::Post(Some(_))
                | Selector::Oyster(Some(_))
                | Selector::Write(Some(_))
        );
        numbered || self.times.is_none_or(|times| fired < times)
    }
}

/// What a share is drawn from.
struct Draw<'a> {
    seed: u64,
    place: usize,
    name: &'a str,
    repeat: u64,
}

impl Draw<'_> {
    fn hits(&self, share: Option<u32>) -> bool {
        let Some(share) = share else { return true };
        let start = hash(&self.repeat.to_le_bytes(), hash(&self.place.to_le_bytes(), self.seed));
        fastrand::Rng::with_seed(hash(self.name.as_bytes(), start)).u32(0..SHARE_UNIT) < share
    }
}

/// FNV-1a: the same on every machine and with every compiler.
fn hash(bytes: &[u8], start: u64) -> u64 {
    let basis = 0xcbf2_9ce4_8422_2325 ^ start;
    bytes.iter().fold(basis, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn saturating_usize(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> FaultPlan {
        FaultPlan::new(Faults::parse(text).unwrap(), 1)
    }

    /// Numbers of the user reads, of 8, that meet the one fault.
    #[track_caller]
    fn check_hits(text: &str, call: &Call, wanted: &[u64]) {
        let mut plan = plan(text);
        let post = |number| if matches!(call, Call::Change(_)) { number } else { 0 };
        let hits: Vec<u64> = (1..=8)
            .filter(|number| {
                let (number, name) = (*number, format!("call {number}"));
                let employees = ["00123 ".to_owned()];
                let seen = Request {
                    call,
                    number,
                    post: post(number),
                    oyster: 0,
                    write: 0,
                    employees: &employees,
                    name: &name,
                    page: 0,
                };
                plan.pick(&seen) != Effects::default()
            })
            .collect();
        assert_eq!(hits, wanted, "{text}");
    }

    #[test]
    fn numbered_faults_meet_one_request_or_a_run_of_them() {
        let user = Call::User("u1".into());
        check_hits("hang@3", &user, &[3]);
        check_hits("hang@3 times=2", &user, &[3, 4]);
        check_hits("hang@token:3", &user, &[]);
        check_hits("hang@token:3", &Call::Token, &[3]);
        check_hits("hang@3", &Call::Token, &[]);
        check_hits("hang@post:3", &user, &[]);
    }

    #[test]
    fn faults_of_a_user_or_employee_last_or_end_after_some_times() {
        let (user, details) = (Call::User("u1".into()), Call::Details("u1".into()));
        let all = [1, 2, 3, 4, 5, 6, 7, 8];
        check_hits("hang@user:u1", &user, &all);
        check_hits("hang@user:u1 times=2", &details, &[1, 2]);
        check_hits("hang@user:u2", &user, &[]);
        check_hits("hang@benefits:u1", &user, &[]);
        check_hits("hang@benefits:u1", &details, &all);
        check_hits("hang@employee:00123", &Call::Users(String::new()), &all);
        check_hits("hang@employee:00124", &Call::Users(String::new()), &[]);
        check_hits("duprow@users times=1", &Call::Users(String::new()), &[1]);
        check_hits("100% hang", &user, &all);
    }

    #[test]
    fn a_share_is_the_same_in_any_order_and_near_its_size() {
        let call = Call::User("u1".into());
        let names: Vec<String> = (0..4_000).map(|n| format!("GET /users/{{user-id}} u{n}")).collect();
        let hit = |plan: &mut FaultPlan, name: &String| {
            plan.pick(&Request { call: &call, number: 1, post: 0, oyster: 0, write: 0, employees: &[], name, page: 0 })
                .kind
                .is_some()
        };
        let (mut forth, mut back) = (plan("10% hang"), plan("10% hang"));
        let first: Vec<bool> = names.iter().map(|name| hit(&mut forth, name)).collect();
        let mut second: Vec<bool> = names.iter().rev().map(|name| hit(&mut back, name)).collect();
        second.reverse();
        assert_eq!(first, second);
        let hits = first.iter().filter(|hit| **hit).count();
        assert!((300..500).contains(&hits), "{hits} of 4,000");
    }

    #[test]
    fn a_repeated_call_is_drawn_anew() {
        let mut plan = plan("50% hang");
        let call = Call::User("u1".into());
        let seen =
            Request { call: &call, number: 1, post: 0, oyster: 0, write: 0, employees: &[], name: "same", page: 0 };
        let hits = (0..200).filter(|_| plan.pick(&seen).kind.is_some()).count();
        assert!((50..150).contains(&hits), "{hits} of 200");
    }

    #[test]
    fn delays_add_up_and_the_first_other_kind_wins() {
        let mut plan = plan("slow:1s@1; cut@1; slow:2s@1; hang@1; expire@1");
        let call = Call::User("u1".into());
        let effects = plan.pick(&Request {
            call: &call,
            number: 1,
            post: 0,
            oyster: 0,
            write: 0,
            employees: &[],
            name: "x",
            page: 0,
        });
        let wanted =
            Effects { delay: Duration::from_secs(3), expire: true, slip: Slip::default(), kind: Some(FaultKind::Cut) };
        assert_eq!(effects, wanted);
    }
}
