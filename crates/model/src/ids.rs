//! Ids of people and employers, a type each. Payroll and the services all write them as plain text, often with the same
//! prefix, so nothing but the type tells whose id one is. All are opaque: compared and sorted as
//! text, never parsed.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn new(id: impl Into<String>) -> Self {
                $name(id.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }

            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        /// Looks up by text in a map: an id sorts and hashes as its text.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                $name(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                $name(id)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

id! {
    /// Payroll's id of an employee: what every list and finding names people by.
    PayrollId
}

id! {
    /// Benbase's id of an employee. Every body that goes to Benbase names its employee by one:
    ///
    /// ```
    /// use tieout_model::correction::Termination;
    /// use tieout_model::ids::BenbaseId;
    ///
    /// let left = Termination { employee_id: BenbaseId::new("emp_1"), termination_date: "2026-03-20".to_owned() };
    /// assert_eq!(left.employee_id.as_str(), "emp_1");
    /// ```
    ///
    /// and never by payroll's, which would change somebody else or nobody:
    ///
    /// ```compile_fail,E0308
    /// use tieout_model::correction::Termination;
    /// use tieout_model::ids::PayrollId;
    ///
    /// let left = Termination { employee_id: PayrollId::new("00417"), termination_date: "2026-03-20".to_owned() };
    /// ```
    BenbaseId
}

id! {
    /// Benbase's id of an employer.
    EmployerId
}

id! {
    /// Benifex's id of a user, by which it is asked for the user's record and benefits.
    BenifexUserId
}

id! {
    /// Oyster's id of an engagement.
    EngagementId
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn an_id_is_stored_looked_up_and_sorted_as_its_text() {
        let id = PayrollId::new("00417");
        assert_eq!(serde_json::to_string(&id).expect("JSON"), r#""00417""#);
        assert_eq!(serde_json::from_str::<PayrollId>(r#""00417""#).expect("JSON"), id);
        assert_eq!(BTreeMap::from([(id.clone(), 7)]).get("00417"), Some(&7));
        assert!(PayrollId::new("10") < PayrollId::new("9") && format!("{id}") == "00417");
    }
}
