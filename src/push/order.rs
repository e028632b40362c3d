//! An item as a request: what its kind means for sending, and its stored body as a change that can be sent.

use anyhow::Context as _;

use super::Ssns;
use tieout_model::correction::{CorrectionKind, Payload};
use tieout_services::benbase::Request;
use tieout_store::Item;

/// The changes of one employee in the order in which they are sent.
const ORDER_OF_SENDING: [CorrectionKind; 4] =
    [CorrectionKind::NewHire, CorrectionKind::Demographic, CorrectionKind::Compensation, CorrectionKind::Termination];

/// Where a kind stands among those of one employee at Benbase; `None`: it goes to Oyster.
pub fn place_in_sending(kind: CorrectionKind) -> Option<usize> {
    ORDER_OF_SENDING.iter().position(|other| *other == kind)
}

/// What an item sends, the social security number aside. Errors: a body that is none of its kind; it names no value.
pub fn payload(item: &Item) -> anyhow::Result<Payload> {
    Payload::read(item.kind, &item.payload)
        .with_context(|| format!("the body of queue item {} is no {} change at Benbase", item.id, item.kind.name()))
}

/// What an item sends, byte for byte: a new hire carries its social security number where the job wants it sent.
/// Errors: as [`payload`], or no number for a hire that was to have one; the plan holds such hires.
pub fn request(item: &Item, ssns: &Ssns) -> anyhow::Result<Request> {
    match (payload(item)?, ssns) {
        (Payload::NewHire(hire), Ssns::Sent(by_employee)) => {
            let ssn = by_employee.get(&item.employee_id).cloned();
            let ssn = ssn.with_context(|| format!("queue item {} has no social security number to send", item.id))?;
            Ok(Request::hire(hire, ssn))
        }
        (payload, _) => Ok(payload.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_one_place_in_the_order_of_sending_unless_it_goes_to_oyster() {
        for kind in CorrectionKind::ALL {
            assert_eq!(place_in_sending(kind).is_none(), kind.is_oyster(), "{kind:?}");
        }
    }
}
