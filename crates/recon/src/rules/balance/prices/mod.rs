//! Prices and records of cover that change: what is due of a period that has days of two, that was paid for in advance
//! or in arrears, or that had another frequency.

pub(super) mod a_period_ahead;
pub(super) mod added_up;
pub(super) mod anew;
pub(super) mod between_prices;
pub(super) mod by_rule;
pub(super) mod coming;
pub(super) mod first_part;
pub(super) mod in_advance;
pub(super) mod in_arrears;
pub(super) mod late;
pub(super) mod not_taken;
pub(super) mod other_frequency;
pub(super) mod part_asked;
pub(super) mod put_off;
pub(super) mod rounding;
pub(super) mod seldom;
pub(super) mod two_prices;
pub(super) mod whole;
