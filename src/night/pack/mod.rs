//! What stands in the folder of the report, put together as values.

pub(super) mod assemble;
pub(super) mod behind;
pub(super) mod names;
pub(super) mod policy;
pub(super) mod proof;
