//! What every part of tieout says: money, ids, dates, addresses, findings, control totals, corrections with their
//! bodies, and the records of the services. Plain values; no file, network, database, frame or clock.

pub mod address;
pub mod balance;
pub mod calls;
pub mod categorical;
pub mod code;
pub mod control;
pub mod correction;
pub mod counted;
pub mod dates;
pub mod enrollment;
pub mod finding;
pub mod group;
pub mod hash;
pub mod history;
pub mod ids;
pub mod money;
pub mod note;
pub mod person;
pub mod placeholder;
pub mod records;
pub mod share;
pub mod source;
pub mod statement;
pub mod states;
pub mod terms;
pub mod text_table;
pub mod waiver;
pub mod zone;
