//! Behaviour of the whole: the binary on real input over HTTP, and the rules that the source tree itself must keep.

mod approved;
mod architecture;
mod away;
mod citations;
mod core_dump;
mod demo;
mod docs;
mod faults;
mod init;
mod limits;
mod night;
mod oyster;
mod pages;
mod picture;
mod private;
mod push;
mod readme;
mod restored;
mod resume;
mod schedules;
mod situations;
mod storm;
mod support;
mod sweep;
mod told;
mod truth;
