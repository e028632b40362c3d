//! The calendar: how often people are paid, and on which pay dates a benefit is deducted.

mod a_period_ahead;
mod deduction_dates;
mod free_dates;
mod how_often;
mod in_arrears;
mod last_of_month;
mod late_in_advance;
mod made_up_between;
mod odd_months;
mod once_a_month;
mod pay_dates;
mod rounding;
mod seldom;
mod stated_late;
