//! What really happens in companies, told over the nights of successive periods, with the outcome that somebody who
//! knows payroll and benefits would call right. Unless a situation says otherwise: monthly pay, 100.00 a month of the
//! employee's, cut-off five days before the period's end, the night early in the next month.

mod abroad;
mod balance;
mod beginnings;
mod calendar;
mod clerk;
mod combined;
mod comings;
mod company;
mod disputed;
mod employer_share;
mod excel;
mod final_pay;
mod first_parts;
mod groups;
mod guarded;
mod how_often;
mod in_arrears;
mod index;
mod kinds;
mod late_renewals;
mod leaving;
mod left_out;
mod looked_back;
mod mended;
mod negative_lines;
mod odd_data;
mod odd_months;
mod ordinary;
mod part_period;
mod pay;
mod pay_dates;
mod people;
mod queue;
mod read_before;
mod runs;
mod sequel;
mod sequence;
mod settling;
mod signed;
mod swings;
mod unmapped_codes;
mod waivers;
mod write_offs;
mod year;
