//! What really happens in companies, told over the nights of successive periods, with the outcome that somebody who
//! knows payroll and benefits would call right. Unless a situation says otherwise: monthly pay, 100.00 a month of the
//! employee's, cut-off five days before the period's end, the night early in the next month.

mod balances;
mod beginnings;
mod calendar;
mod clerk;
mod company;
mod cover;
mod decisions;
mod files;
mod kinds;
mod ordinary;
mod who;
