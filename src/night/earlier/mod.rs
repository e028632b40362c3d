//! What earlier nights tell this one: their ledger, their cover, whose ids were whose, who was on payroll.

pub(super) mod books;
pub(super) mod cover;
pub(super) mod departed;
pub(super) mod foreign_links;
pub(super) mod holders;
