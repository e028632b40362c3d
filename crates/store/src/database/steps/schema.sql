-- Everything tieout remembers between nights. STRICT: a wrong type is refused, never converted. Amounts are INTEGER
-- counts of 1/10,000. Times are RFC 3339 UTC text, dates are YYYY-MM-DD text; both come in as arguments.

-- Every employee id ever seen, so that people who left payroll are still asked for (rules.md 0, fact 1).
CREATE TABLE roster (
    employee_id TEXT PRIMARY KEY,
    first_seen  TEXT NOT NULL,
    source      TEXT NOT NULL -- payroll, crosswalk, import
) STRICT, WITHOUT ROWID;

-- One extraction: the calls of one night until their answers are sealed. A killed one is taken up again.
CREATE TABLE extraction (
    id         INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    plan_hash  TEXT NOT NULL, -- of the connection: answers of another are of no use; each question's key says what it asked
    sealed_at  TEXT,
    snapshot   TEXT
) STRICT;

-- Each answered call, committed before it counts.
CREATE TABLE fetched (
    extraction INTEGER NOT NULL REFERENCES extraction (id),
    kind       TEXT NOT NULL, -- users (one batch), user, benefits
    key        TEXT NOT NULL, -- hash of the ids of a batch, user id
    outcome    TEXT NOT NULL, -- ok, not_found, gone; only final answers are kept
    body       TEXT NOT NULL CHECK (json_valid(body)), -- the fields that a rule needs, nothing else
    fetched_at TEXT NOT NULL,
    PRIMARY KEY (extraction, kind, key)
) STRICT, WITHOUT ROWID;

-- The call log: proves that the limit was kept. No ids, no bodies.
CREATE TABLE call (
    id            INTEGER PRIMARY KEY,
    extraction    INTEGER NOT NULL,
    service       TEXT NOT NULL,
    method        TEXT NOT NULL,
    path_template TEXT NOT NULL,
    attempt       INTEGER NOT NULL,
    status        INTEGER, -- NULL: no answer
    fault         TEXT,    -- time-out, reset, cut body, …
    sent_us       INTEGER NOT NULL, -- microseconds since 1970
    answered_us   INTEGER NOT NULL
) STRICT;
CREATE INDEX call_by_extraction ON call (extraction, sent_us);

CREATE TABLE run (
    id           INTEGER PRIMARY KEY,
    run_id       TEXT NOT NULL, -- from the inputs: the same inputs give the same id
    as_of        TEXT NOT NULL,
    mode         TEXT NOT NULL, -- live, dry
    started_at   TEXT NOT NULL,
    ended_at     TEXT,
    exit_code    INTEGER,
    complete     INTEGER, -- 1: every source was read in full
    good         INTEGER, -- 1: totals tie out and no guard stopped it; the base line of the next night's guards
    snapshot     TEXT,
    payroll_hash TEXT,
    population   INTEGER,
    findings     INTEGER,
    calls        INTEGER,
    corrections  INTEGER,
    summary      TEXT CHECK (summary IS NULL OR json_valid(summary)) -- totals by benefit, currency and side; exposure
) STRICT;

-- Findings from night to night. `night` is the newest night that touched the row, `before_…` what the row was before
-- that night (before_status NULL: not there), so that a repeated night starts from the same state as its first run.
-- No row is ever deleted: what one run of a night saw and a later one does not is cleared that day.
CREATE TABLE finding (
    id                 TEXT PRIMARY KEY,
    code               TEXT NOT NULL,
    employee_id        TEXT NOT NULL,
    benefit            TEXT NOT NULL,
    field              TEXT NOT NULL,
    first_seen         TEXT NOT NULL,
    status             TEXT NOT NULL CHECK (status IN ('open', 'cleared')),
    last_seen          TEXT NOT NULL,
    cleared_on         TEXT, -- while cleared
    nights_open        INTEGER NOT NULL, -- nights on which it was seen
    reopened           INTEGER NOT NULL, -- times that it came back
    night              TEXT NOT NULL,
    before_status      TEXT,
    before_last_seen   TEXT,
    before_cleared_on  TEXT,
    before_nights_open INTEGER,
    before_reopened    INTEGER
) STRICT, WITHOUT ROWID;

-- Exposure of a finding by payroll period: a period counts once, however many nights it was seen. `before_exposure` as
-- above (NULL: not there before `night`).
CREATE TABLE finding_period (
    finding_id      TEXT NOT NULL REFERENCES finding (id),
    period_end      TEXT NOT NULL,
    currency        TEXT NOT NULL, -- blank: seen in this period, exposure not computed
    exposure        INTEGER NOT NULL,
    night           TEXT NOT NULL,
    before_exposure INTEGER,
    PRIMARY KEY (finding_id, period_end, currency)
) STRICT, WITHOUT ROWID;

-- Corrections and their life. One live item per employee and kind.
CREATE TABLE queue (
    id           INTEGER PRIMARY KEY,
    employee_id  TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('compensation', 'demographic')),
    state        TEXT NOT NULL CHECK (state IN
                     ('proposed', 'approved', 'rejected', 'sending', 'sent', 'failed', 'in_doubt', 'superseded', 'withdrawn')),
    attempt      INTEGER NOT NULL DEFAULT 0,
    payload      TEXT NOT NULL CHECK (json_valid(payload)),
    payload_hash TEXT NOT NULL, -- SHA-256 of payload and evidence
    evidence     TEXT NOT NULL CHECK (json_valid(evidence)), -- changes, findings, authority
    effective    TEXT,
    yearly_difference INTEGER,
    currency     TEXT,
    created_at   TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    changed_at   TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX queue_one_live ON queue (employee_id, kind)
    WHERE state IN ('proposed', 'approved', 'sending', 'in_doubt');

-- What Benbase last accepted, by Benbase id: the service can't be read. Opening balance from the job.
CREATE TABLE ledger (
    benbase_id        TEXT PRIMARY KEY,
    pay_frequency     TEXT,
    pay_amount        INTEGER,
    pay_period        TEXT, -- annually, hourly
    effective_start   TEXT,
    employment_status TEXT,
    line1             TEXT,
    line2             TEXT,
    city              TEXT,
    state             TEXT,
    zip_code          TEXT,
    accepted_at       TEXT NOT NULL,
    source            TEXT NOT NULL -- opening, push
) STRICT, WITHOUT ROWID;

-- Files imported once, by content.
CREATE TABLE imported (
    kind        TEXT NOT NULL,
    hash        TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    PRIMARY KEY (kind, hash)
) STRICT, WITHOUT ROWID;
