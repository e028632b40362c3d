-- Digests of the tables that the audit chain does not hold row by row.
CREATE TABLE proof (
    part   TEXT PRIMARY KEY, -- ledger, history, runs
    digest TEXT NOT NULL -- sum of the rows' SHA-256, hex
) STRICT, WITHOUT ROWID;
