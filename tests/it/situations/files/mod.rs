//! Which file is read on which night, and which rows count.

mod after_a_gap;
mod excel;
mod not_stated;
mod other_runs_alone;
mod read_before;
mod runs;
mod sequence;
mod unjudged;
