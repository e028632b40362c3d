//! What one period leaves open and a later one settles.

mod balance;
mod combined;
mod negative_lines;
mod sequel;
mod settling;
mod unproven;
mod write_offs;
mod year;
