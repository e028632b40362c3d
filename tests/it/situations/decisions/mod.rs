//! What waits in the queue, what stops it, and what people say of a night.

mod foreign_links;
mod guarded;
mod index;
mod looked_back;
mod lost_covers;
mod queue;
mod shared_links;
mod signed;
mod swings;
mod waiting;
mod waivers;
