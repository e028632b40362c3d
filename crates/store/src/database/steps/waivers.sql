-- What people accept for a time, and how the findings of the newest night stand, for that is what they accept.

CREATE TABLE waiver (
    id             INTEGER PRIMARY KEY,
    group_id       TEXT NOT NULL, -- blank: a finding alone
    reason         TEXT NOT NULL CHECK (trim(reason) <> ''),
    until          TEXT NOT NULL, -- the last day on which it holds
    cap            INTEGER,       -- of all its findings together; counts of 1/10,000
    currency       TEXT CHECK ((currency IS NULL) = (cap IS NULL)),
    by             TEXT NOT NULL CHECK (trim(by) <> ''),
    at             TEXT NOT NULL,
    revoked_by     TEXT,
    revoked_at     TEXT,
    revoked_reason TEXT,
    CONSTRAINT revocation_is_whole CHECK
        ((revoked_by IS NULL) = (revoked_at IS NULL) AND (revoked_by IS NULL) = (revoked_reason IS NULL))
) STRICT;

CREATE TABLE waiver_finding (
    waiver     INTEGER NOT NULL REFERENCES waiver (id),
    finding_id TEXT NOT NULL,
    cause      TEXT NOT NULL, -- of the finding when it was waived
    amount     TEXT,          -- what it cost then, counts of 1/10,000; NULL: not known
    currency   TEXT,
    PRIMARY KEY (waiver, finding_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER waiver_is_kept BEFORE DELETE ON waiver
BEGIN SELECT RAISE(ABORT, 'waivers are never deleted'); END;
CREATE TRIGGER waiver_content_is_fixed BEFORE UPDATE OF id, group_id, reason, until, cap, currency, by, at ON waiver
BEGIN SELECT RAISE(ABORT, 'the content of a waiver never changes'); END;
CREATE TRIGGER waiver_is_revoked_once BEFORE UPDATE ON waiver WHEN OLD.revoked_by IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a waiver is revoked once'); END;
CREATE TRIGGER waiver_finding_is_kept BEFORE DELETE ON waiver_finding
BEGIN SELECT RAISE(ABORT, 'waivers are never deleted'); END;
CREATE TRIGGER waiver_finding_is_fixed BEFORE UPDATE ON waiver_finding
BEGIN SELECT RAISE(ABORT, 'the content of a waiver never changes'); END;

-- Findings of the newest recorded night.
CREATE TABLE stand (
    finding_id TEXT PRIMARY KEY,
    group_id   TEXT NOT NULL, -- blank: it stands alone
    cause      TEXT NOT NULL,
    amount     TEXT, -- counts of 1/10,000; NULL: not known, or in several currencies
    currency   TEXT
) STRICT, WITHOUT ROWID;

-- Whether a waiver held a finding, and at which amount, as of the newest night that saw it and of the night before that one.
CREATE TABLE waived_night (
    finding_id      TEXT PRIMARY KEY,
    night           TEXT NOT NULL,
    held            INTEGER NOT NULL,
    amount          TEXT,
    currency        TEXT,
    before_held     INTEGER NOT NULL,
    before_amount   TEXT,
    before_currency TEXT
) STRICT, WITHOUT ROWID;
