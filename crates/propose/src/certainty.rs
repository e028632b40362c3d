//! How sure a proposal is, and why.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Nothing in the file says; the key is left out, or stands as a comment.
    Unknown,
    /// Several readings fit, or the value is a convention: one is written, and a person must confirm it.
    Asked,
    /// A name or the cells say so, though something else is thinkable.
    Likely,
    /// The file or the services prove it, or a person said so.
    Sure,
}

impl Certainty {
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Unknown => "unknown",
            Certainty::Asked => "asked",
            Certainty::Likely => "likely",
            Certainty::Sure => "sure",
        }
    }
}

/// A value with its certainty and the reason, in words for the job file. No cell of a person stands in a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed<T> {
    pub value: T,
    pub certainty: Certainty,
    pub reason: String,
}

impl<T> Proposed<T> {
    pub fn new(value: T, certainty: Certainty, reason: impl Into<String>) -> Proposed<T> {
        Proposed { value, certainty, reason: reason.into() }
    }

    pub fn sure(value: T, reason: impl Into<String>) -> Proposed<T> {
        Proposed::new(value, Certainty::Sure, reason)
    }

    pub fn likely(value: T, reason: impl Into<String>) -> Proposed<T> {
        Proposed::new(value, Certainty::Likely, reason)
    }

    pub fn asked(value: T, reason: impl Into<String>) -> Proposed<T> {
        Proposed::new(value, Certainty::Asked, reason)
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Proposed<U> {
        Proposed { value: change(self.value), certainty: self.certainty, reason: self.reason }
    }
}
