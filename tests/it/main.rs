//! Behaviour of the whole: the binary on real input over HTTP, and the rules that the source tree itself must keep.

mod architecture;
mod demo;
mod faults;
mod night;
mod readme;
mod resume;
mod support;
mod truth;
