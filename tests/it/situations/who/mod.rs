//! Who somebody is, where they belong, and when they come and go.

mod abroad;
mod changed_ids;
mod comings;
mod disputed;
mod files_in_turn;
mod first_file;
mod groups;
mod hired_again;
mod leaving;
mod left_out;
mod mangled_ids;
mod newer_than_file;
mod odd_data;
mod people;
mod reused_ids;
mod two_payrolls;
