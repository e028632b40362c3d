//! Behaviour of the whole: the binary on real input over HTTP, and the rules that the source tree itself must keep.

mod architecture;
