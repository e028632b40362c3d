-- A state that was restored or lost: what may have been sent is in doubt without an approval, whatever it was. A CHECK can't be
-- changed in place, so the table is built anew with all that hangs on it. And the job that a state belongs to.

CREATE TABLE owner (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    job      TEXT NOT NULL,
    employer TEXT NOT NULL -- at Benbase; blank: the job had none yet
) STRICT;
CREATE TRIGGER owner_stays BEFORE UPDATE ON owner WHEN NEW.job <> OLD.job OR OLD.employer <> ''
BEGIN SELECT RAISE(ABORT, 'a state belongs to one job'); END;
CREATE TRIGGER owner_is_kept BEFORE DELETE ON owner
BEGIN SELECT RAISE(ABORT, 'a state belongs to one job'); END;

CREATE TABLE queue_next (
    id           INTEGER PRIMARY KEY,
    employee_id  TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('new_hire', 'demographic', 'compensation', 'termination',
                     'oyster_provisioning', 'oyster_request')),
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
    -- What a recovery put in doubt has no approval: a person says what became of it, and no push touches it.
    CONSTRAINT approved_before_sent CHECK
        (approved_by IS NOT NULL OR state NOT IN ('approved', 'sending', 'failed')),
    CONSTRAINT undecided_has_no_approval CHECK (approved_by IS NULL OR state NOT IN ('proposed', 'rejected'))
) STRICT;
INSERT INTO queue_next (id, employee_id, kind, state, attempt, payload, payload_hash, evidence, effective,
                        yearly_difference, currency, created_at, created_by, changed_at, reason, approved_by,
                        approved_at, policy_hash)
    SELECT id, employee_id, kind, state, attempt, payload, payload_hash, evidence, effective,
           yearly_difference, currency, created_at, created_by, changed_at, reason, approved_by,
           approved_at, policy_hash
    FROM queue ORDER BY id;
DROP TABLE queue;
ALTER TABLE queue_next RENAME TO queue;
CREATE UNIQUE INDEX queue_one_live ON queue (employee_id, kind)
    WHERE state IN ('proposed', 'approved', 'sending', 'in_doubt') AND kind NOT IN ('oyster_provisioning', 'oyster_request');
-- Whoever is linked to an engagement today: one change of it at a time, requests by plan.
CREATE UNIQUE INDEX queue_one_live_oyster ON queue
        (kind, payload ->> '$.engagement_id', coalesce(payload ->> '$.plan_id', ''))
    WHERE state IN ('proposed', 'approved', 'sending', 'in_doubt') AND kind IN ('oyster_provisioning', 'oyster_request');
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
         'proposed>approved', 'proposed>rejected', 'proposed>superseded', 'proposed>withdrawn', 'proposed>in_doubt',
         'approved>proposed', 'approved>superseded', 'approved>withdrawn', 'approved>sending', 'approved>in_doubt',
         'sending>sent', 'sending>failed', 'sending>in_doubt', 'sending>approved',
         'in_doubt>sent', 'in_doubt>approved', 'in_doubt>sending', 'in_doubt>in_doubt', 'in_doubt>proposed')
     OR NEW.attempt <> OLD.attempt + (NEW.state = 'sending')
BEGIN SELECT RAISE(ABORT, 'a queue item has no such transition'); END;

CREATE TRIGGER queue_approval_stands BEFORE UPDATE ON queue
WHEN OLD.state || '>' || NEW.state NOT IN ('proposed>approved', 'approved>proposed')
     AND (NEW.approved_by IS NOT OLD.approved_by OR NEW.approved_at IS NOT OLD.approved_at
          OR NEW.policy_hash IS NOT OLD.policy_hash)
     -- What becomes doubtful may lose its approval.
     AND NOT (NEW.state IN ('in_doubt', 'proposed') AND NEW.approved_by IS NULL AND NEW.approved_at IS NULL
              AND NEW.policy_hash IS NULL)
BEGIN SELECT RAISE(ABORT, 'an approval is given by approving only'); END;

CREATE TRIGGER queue_new_hire_once BEFORE UPDATE ON queue
WHEN NEW.kind = 'new_hire' AND OLD.state = 'in_doubt' AND NEW.state = 'sending'
BEGIN SELECT RAISE(ABORT, 'a new hire in doubt is never sent again'); END;

CREATE TRIGGER queue_oyster_request_once BEFORE UPDATE ON queue
WHEN NEW.kind = 'oyster_request' AND OLD.state = 'in_doubt' AND NEW.state = 'sending'
BEGIN SELECT RAISE(ABORT, 'a request of a benefit in doubt is never sent again'); END;

CREATE TRIGGER queue_oyster_names_its_engagement BEFORE INSERT ON queue
WHEN NEW.kind IN ('oyster_provisioning', 'oyster_request') AND coalesce(NEW.payload ->> '$.engagement_id', '') = ''
BEGIN SELECT RAISE(ABORT, 'a change at Oyster names its engagement'); END;
