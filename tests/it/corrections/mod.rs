//! The way of a change from the queue to its service.

mod oyster;
mod push;
