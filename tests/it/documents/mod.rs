//! What the pages, the source and the pictures say of the program is so.

mod architecture;
mod citations;
mod demo;
mod docs;
mod picture;
mod readme;
