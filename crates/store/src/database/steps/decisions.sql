-- The life of a correction: who approved it and under which policy, the transitions that may be, and the audit chain.
-- The rules stand here as well as in the code: another program that writes to this file is held to them too.

-- A CHECK can't be changed in place: the table is built anew.
CREATE TABLE queue_next (
    id           INTEGER PRIMARY KEY,
    employee_id  TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('new_hire', 'demographic', 'compensation', 'termination')),
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
    reason       TEXT NOT NULL DEFAULT '',
    approved_by  TEXT,
    approved_at  TEXT,
    policy_hash  TEXT, -- SHA-256 of the rules under which it was approved
    -- Four eyes.
    CONSTRAINT four_eyes CHECK (approved_by IS NULL OR
        (trim(approved_by) <> '' AND lower(trim(approved_by)) <> lower(trim(created_by)))),
    CONSTRAINT approval_is_whole CHECK
        ((approved_by IS NULL) = (approved_at IS NULL) AND (approved_by IS NULL) = (policy_hash IS NULL)),
    CONSTRAINT approved_before_sent CHECK
        (approved_by IS NOT NULL OR state NOT IN ('approved', 'sending', 'sent', 'failed', 'in_doubt')),
    CONSTRAINT undecided_has_no_approval CHECK (approved_by IS NULL OR state NOT IN ('proposed', 'rejected'))
) STRICT;
INSERT INTO queue_next (id, employee_id, kind, state, attempt, payload, payload_hash, evidence, effective,
                        yearly_difference, currency, created_at, created_by, changed_at, reason)
    SELECT id, employee_id, kind, state, attempt, payload, payload_hash, evidence, effective,
           yearly_difference, currency, created_at, created_by, changed_at, reason FROM queue ORDER BY id;
DROP TABLE queue;
ALTER TABLE queue_next RENAME TO queue;
CREATE UNIQUE INDEX queue_one_live ON queue (employee_id, kind)
    WHERE state IN ('proposed', 'approved', 'sending', 'in_doubt');
CREATE INDEX queue_by_state ON queue (state);

CREATE TRIGGER queue_begins_proposed BEFORE INSERT ON queue
WHEN NEW.state <> 'proposed' OR NEW.attempt <> 0 OR NEW.approved_by IS NOT NULL
     OR EXISTS (SELECT 1 FROM queue WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a queue item begins as proposed'); END;

CREATE TRIGGER queue_is_kept BEFORE DELETE ON queue
BEGIN SELECT RAISE(ABORT, 'queue items are never deleted'); END;

CREATE TRIGGER queue_content_is_fixed BEFORE UPDATE OF id, employee_id, kind, payload, payload_hash, evidence, effective,
    yearly_difference, currency, created_at, created_by ON queue
BEGIN SELECT RAISE(ABORT, 'the content of a queue item never changes'); END;

-- The edges of the graph in queue/life.rs.
CREATE TRIGGER queue_transition BEFORE UPDATE ON queue
WHEN OLD.state || '>' || NEW.state NOT IN (
         'proposed>approved', 'proposed>rejected', 'proposed>superseded', 'proposed>withdrawn',
         'approved>proposed', 'approved>superseded', 'approved>withdrawn', 'approved>sending',
         'sending>sent', 'sending>failed', 'sending>in_doubt', 'sending>approved',
         'in_doubt>sent', 'in_doubt>approved', 'in_doubt>sending')
     OR NEW.attempt <> OLD.attempt + (NEW.state = 'sending')
BEGIN SELECT RAISE(ABORT, 'a queue item has no such transition'); END;

CREATE TRIGGER queue_approval_stands BEFORE UPDATE ON queue
WHEN OLD.state || '>' || NEW.state NOT IN ('proposed>approved', 'approved>proposed')
     AND (NEW.approved_by IS NOT OLD.approved_by OR NEW.approved_at IS NOT OLD.approved_at
          OR NEW.policy_hash IS NOT OLD.policy_hash)
BEGIN SELECT RAISE(ABORT, 'an approval is given by approving only'); END;

CREATE TRIGGER queue_new_hire_once BEFORE UPDATE ON queue
WHEN NEW.kind = 'new_hire' AND OLD.state = 'in_doubt' AND NEW.state = 'sending'
BEGIN SELECT RAISE(ABORT, 'a new hire in doubt is never sent again'); END;

-- Every transition and who caused it. Each row's hash is over all its fields and the hash before it.
CREATE TABLE audit (
    id           INTEGER PRIMARY KEY,
    at           TEXT NOT NULL,
    "by"         TEXT NOT NULL,
    item         INTEGER NOT NULL,
    event        TEXT NOT NULL,
    from_state   TEXT, -- NULL: the item began
    to_state     TEXT NOT NULL,
    payload_hash TEXT NOT NULL,
    detail       TEXT NOT NULL,
    prev         TEXT NOT NULL, -- blank in the first row
    hash         TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_item ON audit (item, id);

-- Where the chain ends, so that a row missing at the end is noticed.
CREATE TABLE audit_head (
    only         INTEGER PRIMARY KEY CHECK (only = 1),
    entries      INTEGER NOT NULL,
    hash         TEXT NOT NULL,
    items_before INTEGER NOT NULL -- greatest id of the queue when the chain began: such items have no first entry
) STRICT;
INSERT INTO audit_head VALUES (1, 0, '', (SELECT coalesce(max(id), 0) FROM queue));

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
-- INSERT OR REPLACE fires no delete trigger.
CREATE TRIGGER audit_is_appended BEFORE INSERT ON audit
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
WHEN NEW.entries <= OLD.entries OR NEW.items_before <> OLD.items_before OR NEW.only <> OLD.only
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_head_is_kept BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
