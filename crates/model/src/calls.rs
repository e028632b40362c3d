//! What an extraction cost in calls.

/// What the extraction cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallStatistics {
    pub calls: u64,
    pub retries: u64,
    pub failures: u64,
    /// Most calls in any window of the limit, as logged.
    pub busiest_window: u64,
    pub limit: u64,
    pub window_seconds: u64,
    /// Answers taken over from an earlier, interrupted extraction.
    pub resumed: u64,
}

/// What the extraction from Oyster cost, and what it saved by reading the list first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OysterStatistics {
    pub calls: CallStatistics,
    pub engagements: u64,
    /// Engagements whose details were read: something of them had moved, or payroll charges for what the list lacks.
    pub changed: u64,
    /// Pages of the list and details.
    pub calls_planned: u64,
    /// Details that need not be read, two an engagement.
    pub calls_spared: u64,
    /// Enrollments that came to their state by a step that the flow chart does not show.
    pub steps_outside_chart: u64,
}
