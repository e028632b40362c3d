//! People employed through Oyster, and contractors: who they are, what they are enrolled in, what payroll charges, and
//! the findings that follow. The first engagements of a world carry one scenario each (see `scenarios`), the others are
//! right.

use self::records::{Engagement, prices};
use crate::world::calendar::Group;
use crate::world::names;
use crate::world::people::{Maker, Profile};
use crate::world::records::{Link, Subject};

mod history;
pub mod records;
mod scenarios;
pub mod wire;

/// Engagements that the world has when nobody says how many: one for each scenario but the last.
pub const DEFAULT_COUNT: usize = 9;

/// The people of one engagement, which the first of them holds. An engagement that is linked to nobody is held by a
/// subject without an id.
pub fn people(maker: &Maker, employees: usize, engagement: usize) -> Vec<Subject> {
    let mut seats = Seats { maker, next: employees + engagement * SEATS };
    match scenarios::ALL.get(engagement) {
        Some(scenario) => scenario(&mut seats),
        None => scenarios::clean(&mut seats, engagement),
    }
}

/// Most people of one engagement.
const SEATS: usize = 2;

/// Hands out the people that one engagement needs.
pub struct Seats<'a> {
    maker: &'a Maker,
    next: usize,
}

impl Seats<'_> {
    /// Somebody who is on payroll and unknown to Benifex, with an engagement that the crosswalk names.
    pub fn employee(&mut self) -> Subject {
        self.seat(Group::EsM, false)
    }

    /// The same, known to Benifex too.
    pub fn in_both(&mut self) -> Subject {
        self.seat(Group::EsM, true)
    }

    /// A contractor, whose invoice stands in payroll.
    pub fn contractor(&mut self) -> Subject {
        self.seat(Group::CtrM, false)
    }

    fn seat(&mut self, group: Group, in_benifex: bool) -> Subject {
        let index = self.next;
        self.next += 1;
        let mut subject = self.maker.person(Profile { index, group: Some(group), planted: true });
        if !in_benifex {
            subject.unknown_to_benifex();
            subject.row().lines = Default::default();
        }
        let id = names::code(&mut subject.rng);
        subject.links = vec![Link { oyster_engagement_id: id.clone(), ..Link::default() }];
        let email = format!("{}@people.example", subject.employee_id.to_lowercase());
        subject.row().email = email.clone();
        let prices = prices(&mut subject.rng);
        let row = subject.row();
        let engagement = Engagement {
            id,
            contract: group == Group::CtrM,
            name: format!("{} {}", row.first_name, row.last_name),
            // Oyster's users write it as they like.
            email: email.to_uppercase(),
            start_date: row.hire_date,
            salary: row.base_salary,
            changed_late: false,
            prices,
            enrollments: Vec::new(),
        };
        (subject.engagement, subject.through_oyster) = (Some(engagement), true);
        subject
    }
}
