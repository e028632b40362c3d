//! What stops the queue, never the report.
