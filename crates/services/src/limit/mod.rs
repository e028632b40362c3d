//! What keeps calls within the limits of a service: windows, the line of those who wait for a slot, and retries.

pub(crate) mod limiter;
pub(crate) mod pace;
pub(crate) mod retry;
pub(crate) mod slots;
pub(crate) mod turnstile;
