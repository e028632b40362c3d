//! Kinds of deductions and of pay.

mod codes;
mod credits;
mod employer_share;
mod later_pay;
mod pay;
mod percentages;
mod remapped_codes;
mod shared_codes;
mod unmapped_codes;
mod yearly_limits;
