BEGIN TRANSACTION;
CREATE TABLE delivery (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    job TEXT NOT NULL,
    received_at REAL NOT NULL,
    dispatched_at REAL
);
INSERT INTO "delivery" VALUES(1,'opened','pull_request','{"kind": "ReviewPullRequest", "installation": 7, "repository_id": 11, "repository": "acme/payments", "pull_request": 3, "head": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "updated_at": "2026-01-31T12:00:00Z", "base_branch": ""}',1.79551965490657949452e+09,1.79551965492825031274e+09);
INSERT INTO "delivery" VALUES(2,'pushed','pull_request','{"kind": "ReviewPullRequest", "installation": 7, "repository_id": 11, "repository": "acme/payments", "pull_request": 3, "head": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "updated_at": "2026-01-31T12:00:09Z", "base_branch": ""}',1.79551965491364264493e+09,NULL);
INSERT INTO "delivery" VALUES(3,'pushed-before','pull_request','{"kind": "ReviewPullRequest", "installation": 7, "repository_id": 11, "repository": "acme/payments", "pull_request": 3, "head": "cccccccccccccccccccccccccccccccccccccccc", "updated_at": "2026-01-31T12:00:05Z", "base_branch": ""}',1.79551965491735577586e+09,NULL);
INSERT INTO "delivery" VALUES(4,'asked','issue_comment','{"kind": "AnswerCommand", "installation": 7, "repository_id": 11, "repository": "acme/payments", "pull_request": 3, "head": "", "requested_by": "maria", "comment": 5, "problem": ""}',1.79551965492680811885e+09,NULL);
CREATE TABLE pull_request_head (
    pull_request TEXT PRIMARY KEY,
    updated_at TEXT NOT NULL,
    delivery TEXT NOT NULL
);
INSERT INTO "pull_request_head" VALUES('11#3','2026-01-31T12:00:09Z','pushed');
CREATE INDEX delivery_waiting ON delivery (sequence) WHERE dispatched_at IS NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('delivery',4);
COMMIT;
