//! Who may approve which item: the job's list, the yearly limit, four eyes, and the caps of a bulk approval.

use std::fmt;

use crate::job::{Approval, Approver};
use crate::secrets::Operator;
use tieout_model::correction::BENBASE_CURRENCY;
use tieout_model::correction::{CorrectionKind, Payload, evidence};
use tieout_model::money::{Currency, Money};
use tieout_model::person::same_person;
use tieout_store::Item;

/// What an item moves in pay a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// It changes no pay: an address, a pay frequency, an employment status.
    Nothing,
    Known(Money, Currency),
    /// It changes pay or what the employer pays for benefits, and by how much a year is not known.
    Unknown,
}

/// What an item moves. One that can't be read counts as unknown.
pub fn exposure(item: &Item) -> Exposure {
    match (item.yearly_difference, item.kind) {
        (Some((amount, currency)), _) => Exposure::Known(amount, currency),
        (None, CorrectionKind::Demographic) => Exposure::Nothing,
        (
            None,
            CorrectionKind::NewHire
            | CorrectionKind::Termination
            | CorrectionKind::OysterProvisioning
            | CorrectionKind::OysterRequest,
        ) => Exposure::Unknown,
        (None, CorrectionKind::Compensation) => match Payload::read(item.kind, &item.payload) {
            Some(Payload::Compensation(change)) if change.pay_rate.is_none() => Exposure::Nothing,
            _ => Exposure::Unknown,
        },
    }
}

/// Why somebody may not approve an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAllowed {
    NobodyListed,
    NotListed,
    OtherLogin,
    /// The login is mapped to another approver.
    OthersLogin,
    SameHands,
    /// The approver has a limit and what the item amounts to is not known.
    UnknownDifference,
    OtherCurrency,
    AboveLimit,
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotAllowed::NobodyListed => "the job lists no approvers: add [approval] approvers to the job file",
            NotAllowed::NotListed => "the job does not list this approver in [approval] approvers",
            NotAllowed::OtherLogin => {
                "the job does not list this login among those of the approver: decide under the approver's own login"
            }
            NotAllowed::OthersLogin => {
                "this login is another approver's in the job: state that name, or work under your own login"
            }
            NotAllowed::SameHands => "whoever prepared it may not approve it: ask another approver",
            NotAllowed::UnknownDifference => {
                "its yearly difference is not known and this approver has a limit: ask an approver without one"
            }
            NotAllowed::OtherCurrency => {
                "its yearly difference is not in the currency of the limits: ask an approver without one"
            }
            NotAllowed::AboveLimit => {
                "its yearly difference is above this approver's limit: ask an approver with a higher one"
            }
        })
    }
}

/// The approver as the job lists them, or why they may not approve this item. `operator`: whom the machine knows as
/// whoever types the name.
pub fn may_approve<'a>(
    approval: &'a Approval,
    item: &Item,
    by: &str,
    operator: &Operator,
) -> Result<&'a Approver, NotAllowed> {
    let approver = listed(approval, by, operator)?;
    if same_person(&item.created_by, by) {
        return Err(NotAllowed::SameHands);
    }
    let Some(limit) = approver.yearly_max else { return Ok(approver) };
    match exposure(item) {
        Exposure::Nothing => Ok(approver),
        Exposure::Unknown => Err(NotAllowed::UnknownDifference),
        Exposure::Known(_, currency) if currency.code() != BENBASE_CURRENCY => Err(NotAllowed::OtherCurrency),
        Exposure::Known(amount, _) if amount.0.unsigned_abs() > limit.0.unsigned_abs() => Err(NotAllowed::AboveLimit),
        Exposure::Known(..) => Ok(approver),
    }
}

/// Whoever may decide at all, as the job lists them, or why they may not.
pub fn listed<'a>(approval: &'a Approval, by: &str, operator: &Operator) -> Result<&'a Approver, NotAllowed> {
    if approval.approvers.is_empty() {
        return Err(NotAllowed::NobodyListed);
    }
    let approver = approval.find(by).ok_or(NotAllowed::NotListed)?;
    speaks_as(approval, by, operator)?;
    Ok(approver)
}

/// Whether the operator may go by this name, as far as the job maps logins: an approver's name goes with their logins,
/// and their logins with that name. Where one approver has logins, nobody goes by the name of one without.
pub fn speaks_as(approval: &Approval, by: &str, operator: &Operator) -> Result<(), NotAllowed> {
    let is_own = |approver: &Approver| approver.logins.iter().any(|login| operator.is(login));
    let maps_logins = approval.approvers.iter().any(|approver| !approver.logins.is_empty());
    match approval.find(by) {
        _ if !maps_logins => Ok(()),
        Some(approver) if is_own(approver) => Ok(()),
        Some(_) => Err(NotAllowed::OtherLogin),
        None if approval.approvers.iter().any(is_own) => Err(NotAllowed::OthersLogin),
        None => Ok(()),
    }
}

/// Holds what an approver is about to approve, and what they approved today, against their daily limit. Errors: why
/// not.
pub fn check_day<'a>(
    approver: &Approver,
    today: impl IntoIterator<Item = &'a Item>,
    more: impl IntoIterator<Item = &'a Item>,
) -> Result<(), String> {
    let Some(limit) = approver.daily_max else { return Ok(()) };
    let mut sum = 0_u128;
    for item in today.into_iter().chain(more) {
        sum += match exposure(item) {
            Exposure::Nothing => 0,
            Exposure::Known(amount, currency) if currency.code() == BENBASE_CURRENCY => {
                u128::from(amount.0.unsigned_abs())
            }
            _ => {
                let (id, name) = (item.id, &approver.name);
                return Err(format!(
                    "what item {id} moves a year is not known in {BENBASE_CURRENCY}, and {name} has a daily limit: ask an \
                     approver without one"
                ));
            }
        };
    }
    match sum > u128::from(limit.0.unsigned_abs()) {
        true => Err(format!(
            "with it {} would approve more today than the daily limit of the job: ask another approver, or decide tomorrow",
            approver.name
        )),
        false => Ok(()),
    }
}

/// What somebody states before approving several items at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bulk {
    pub max_count: usize,
    /// Greatest sum of the yearly differences, each up or down, in Benbase's currency.
    pub max_exposure: Money,
    /// Items that are marked for a second look are meant as well.
    pub with_marked: bool,
}

/// Why an item is marked for a second look; empty: it is not. One whose evidence can't be read is.
pub fn marks(item: &Item) -> Vec<String> {
    evidence::read(&item.evidence)
        .map_or_else(|_| vec!["its evidence can't be read".to_owned()], |read| read.second_look)
}

/// Holds several items against what was stated. Errors: what does not hold and what to do; amounts aside.
pub fn check_bulk<'a>(items: impl IntoIterator<Item = &'a Item>, bulk: Bulk) -> Result<(), String> {
    let (mut count, mut sum) = (0, 0_u128);
    for item in items {
        count += 1;
        sum += match exposure(item) {
            Exposure::Nothing => 0,
            Exposure::Known(amount, currency) if currency.code() == BENBASE_CURRENCY => {
                u128::from(amount.0.unsigned_abs())
            }
            Exposure::Known(..) | Exposure::Unknown => {
                let id = item.id;
                return Err(format!("what item {id} moves in pay a year is not known: approve it on its own"));
            }
        };
    }
    if count > bulk.max_count {
        return Err(format!(
            "there are {count} items, --max-count is {}: look at them, then state more",
            bulk.max_count
        ));
    }
    if sum > u128::from(bulk.max_exposure.0.unsigned_abs()) {
        return Err("their yearly differences add up to more than --max-exposure: look at them, then state more".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::tests::{ana_and_bo, item, login, with_difference, with_pay};

    #[track_caller]
    fn check(item: &Item, by: &str, expected: Option<NotAllowed>) {
        let approval = ana_and_bo();
        assert_eq!(may_approve(&approval, item, by, &login("ana")).err(), expected, "{by}");
    }

    #[test]
    fn a_limit_counts_the_difference_up_and_down_and_includes_itself() {
        for (amount, expected) in [
            ("5000.00", None),
            ("-5000.00", None),
            ("5000.01", Some(NotAllowed::AboveLimit)),
            ("-5000.01", Some(NotAllowed::AboveLimit)),
        ] {
            check(&with_difference(amount, "USD"), "ana approver", expected);
            check(&with_difference(amount, "USD"), "Bo", None);
        }
        check(&with_difference("1.00", "GBP"), "Ana Approver", Some(NotAllowed::OtherCurrency));
    }

    #[test]
    fn an_unknown_difference_is_above_every_limit_and_no_change_of_pay_below() {
        check(&with_pay(), "Ana Approver", Some(NotAllowed::UnknownDifference));
        check(&with_pay(), "Bo", None);
        check(&item(1), "Ana Approver", None);
    }

    #[test]
    fn a_hire_counts_with_its_whole_pay_and_a_termination_is_above_every_limit() {
        let left = Item { kind: CorrectionKind::Termination, ..item(1) };
        check(&left, "Ana Approver", Some(NotAllowed::UnknownDifference));
        check(&left, "Bo", None);
        let hire = |amount| Item { kind: CorrectionKind::NewHire, ..with_difference(amount, "USD") };
        check(&hire("52000.00"), "Ana Approver", Some(NotAllowed::AboveLimit));
        check(&hire("52000.00"), "Bo", None);
        let bulk = Bulk { max_count: 9, max_exposure: Money::units(1_000_000), with_marked: false };
        assert!(check_bulk(&[left], bulk).is_err_and(|why| why.contains("on its own")));
    }

    #[test]
    fn only_listed_people_approve_and_never_the_preparer() {
        check(&item(1), "Eve", Some(NotAllowed::NotListed));
        check(&item(1), "", Some(NotAllowed::NotListed));
        check(&Item { created_by: "BO".into(), ..item(1) }, "Bo", Some(NotAllowed::SameHands));
        let nobody = Approval::default();
        assert_eq!(may_approve(&nobody, &item(1), "Bo", &login("bo")).err(), Some(NotAllowed::NobodyListed));
    }

    #[test]
    fn a_name_counts_only_under_its_logins_where_the_job_maps_them() {
        let mut approval = ana_and_bo();
        approval.approvers[0].logins = vec!["ana".to_owned()];
        let check = |approval: &Approval, by, name| may_approve(approval, &item(1), by, &login(name)).err();
        assert_eq!(check(&approval, "Ana Approver", "ana"), None);
        assert_eq!(check(&approval, "Ana Approver", "intern"), Some(NotAllowed::OtherLogin));
        assert_eq!(check(&approval, "Ana Approver", ""), Some(NotAllowed::OtherLogin));
        // Bo, who has none, is nobody's name then.
        assert_eq!(check(&approval, "Bo", "intern"), Some(NotAllowed::OtherLogin));
        assert_eq!(check(&approval, "Bo", "ana"), Some(NotAllowed::OtherLogin));
        approval.approvers[1].logins = vec!["1001".to_owned()];
        assert_eq!(check(&approval, "Bo", "intern"), None, "by the number of the user");
    }

    #[test]
    fn an_approvers_login_goes_by_no_other_name() {
        let mut approval = ana_and_bo();
        assert_eq!(speaks_as(&approval, "Clerk", &login("ana")), Ok(()), "no login is mapped");
        approval.approvers[0].logins = vec!["ana".to_owned()];
        assert_eq!(speaks_as(&approval, "Clerk", &login("ana")), Err(NotAllowed::OthersLogin));
        assert_eq!(speaks_as(&approval, "Clerk", &login("clerk")), Ok(()));
        assert_eq!(speaks_as(&approval, "Ana Approver", &login("clerk")), Err(NotAllowed::OtherLogin));
    }

    #[test]
    fn an_approver_approves_no_more_in_a_day_than_the_job_allows() {
        let mut ana = ana_and_bo().approvers.remove(0);
        let (today, more) = ([with_difference("60.00", "USD")], [with_difference("-40.00", "USD"), item(3)]);
        assert_eq!(check_day(&ana, &today, &more), Ok(()), "no limit");
        ana.daily_max = Some(Money::units(100));
        assert_eq!(check_day(&ana, &today, &more), Ok(()));
        ana.daily_max = Some(Money::units(99));
        assert!(check_day(&ana, &today, &more).is_err_and(|why| why.contains("daily limit")));
        assert!(check_day(&ana, [], &[with_pay()]).is_err_and(|why| why.contains("not known")));
    }

    #[test]
    fn a_bulk_approval_stays_within_what_was_stated() {
        let items = [with_difference("60.00", "USD"), with_difference("-40.00", "USD"), item(3)];
        let bulk = |max_count, units| Bulk { max_count, max_exposure: Money::units(units), with_marked: false };
        assert_eq!(check_bulk(&items, bulk(3, 100)), Ok(()));
        assert!(check_bulk(&items, bulk(2, 100)).is_err_and(|why| why.contains("--max-count")));
        assert!(check_bulk(&items, bulk(3, 99)).is_err_and(|why| why.contains("--max-exposure")));
        assert!(check_bulk(&[with_pay()], bulk(3, 99)).is_err_and(|why| why.contains("item 1")));
    }
}
