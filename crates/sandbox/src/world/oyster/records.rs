//! An engagement as Oyster holds it, and the amounts that follow from it, worked out here once more.

use chrono::NaiveDate;

use crate::world::amounts::Cents;
use crate::world::records::Line;

/// A plan on offer.
#[derive(Debug)]
pub struct Plan {
    pub id: &'static str,
    pub name: &'static str,
    pub provider: &'static str,
    pub category: &'static str,
    /// Stands in the package; otherwise it is supplementary.
    pub packaged: bool,
    /// Usual price a month, in cents.
    price: Cents,
}

/// The one package on offer.
pub const PACKAGE: (&str, &str) = ("B9965d2e", "Essential package");

const fn plan(id: &'static str, name: &'static str, category: &'static str, price: Cents) -> Plan {
    Plan { id, name, provider: "Safety Wing", category, packaged: false, price }
}

pub const STANDARD: usize = 0;
pub const PREMIUM: usize = 1;
pub const RETIREMENT: usize = 2;
/// The job ignores it.
pub const FITNESS: usize = 3;
/// The job knows nothing of it (EN13).
pub const PETS: usize = 4;

/// Every plan on offer; an enrollment names its position.
pub const PLANS: [Plan; 5] = [
    Plan { packaged: true, ..plan("D4c07300", "Standard", "HEALTH", 4_500) },
    plan("Bbc51b6b", "Premium", "HEALTH", 7_000),
    plan("Fd20c8a1", "Retirement", "PENSION", 21_000),
    plan("Ge61a9f2", "Fitness", "WELLNESS", 3_000),
    plan("Hb7710c4", "Pet care", "PETS", 2_500),
];

/// What a plan costs a month in one engagement: cents, currency.
pub type Price = (Cents, &'static str);

/// Prices differ from engagement to engagement, as age and place do.
pub fn prices(rng: &mut fastrand::Rng) -> [Price; PLANS.len()] {
    PLANS.map(|plan| (plan.price + 10 * rng.i64(0..400), "EUR"))
}

/// Hundredths of a percent.
pub type Share = i64;
const WHOLE: Share = 10_000;

/// One engagement with its enrollments.
#[derive(Debug)]
pub struct Engagement {
    pub id: String,
    /// A contractor, not an employee.
    pub contract: bool,
    pub name: String,
    pub email: String,
    pub start_date: NaiveDate,
    pub salary: Cents,
    /// Something changed after the cut-off.
    pub changed_late: bool,
    pub prices: [Price; PLANS.len()],
    pub enrollments: Vec<Enrollment>,
}

/// One enrollment, with every state that is known of it.
#[derive(Clone, Debug)]
pub struct Enrollment {
    pub id: String,
    pub plan: usize,
    /// What the employer pays.
    pub share: Share,
    /// Stands in place of the share where percents are due: a value of another unit (AM14).
    pub share_text: Option<&'static str>,
    /// The employer's share for dependants, and how many of them.
    pub dependents: Option<(Share, u32)>,
    /// States until the cut-off with the day since which they are known, oldest first.
    pub states: Vec<(&'static str, NaiveDate)>,
    /// The state after the cut-off, when it is another.
    pub late: Option<&'static str>,
}

impl Enrollment {
    /// Tonight's state.
    pub fn state(&self) -> &'static str {
        self.late.unwrap_or_else(|| self.at_cutoff())
    }

    /// The state at the cut-off.
    pub fn at_cutoff(&self) -> &'static str {
        self.states.last().map_or("REQUESTED", |(state, _)| state)
    }
}

impl Engagement {
    /// What a month costs, at an employer's share: the cells that are right.
    pub fn due(&self, plan: usize, share: Share) -> Line {
        let (price, _) = self.prices[plan];
        Line { ee: Some(part_of(price, WHOLE - share)), er: Some(part_of(price, share)) }
    }
}

/// A share of an amount, half a cent rounded up.
fn part_of(amount: Cents, share: Share) -> Cents {
    (2 * amount * share + WHOLE) / (2 * WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_half_up_to_the_cent() {
        // 45.10 × 55.5 % = 25.0305, 45.10 × 44.5 % = 20.0695; 0.01 × 50 % = 0.005
        assert_eq!([part_of(4_510, 5_550), part_of(4_510, 4_450), part_of(1, 5_000)], [2_503, 2_007, 1]);
    }
}
