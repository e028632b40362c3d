//! The two kinds of Benbase id. Their samples share a prefix, so nothing but the type tells them apart.

use serde::{Deserialize, Serialize};

/// Id of an employer: opaque text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmployerId(String);

/// Benbase's id of an employee, not payroll's: opaque text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmployeeId(String);

impl EmployerId {
    pub fn new(id: impl Into<String>) -> Self {
        EmployerId(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl EmployeeId {
    pub fn new(id: impl Into<String>) -> Self {
        EmployeeId(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
