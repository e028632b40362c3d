//! What goes wrong around the program: services, files, the machine, its clock, kills.

mod away;
mod clock;
mod core_dump;
mod limits;
mod machine;
mod private;
mod resume;
mod sweeps;
