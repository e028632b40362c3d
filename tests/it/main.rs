//! Behaviour of the whole: the binary on real input over HTTP, and the rules that the source tree itself must keep.

mod corrections;
mod documents;
mod exports;
mod faults;
mod harness;
mod nights;
mod situations;
mod states;
mod support;
