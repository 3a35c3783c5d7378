BEGIN TRANSACTION;
CREATE TABLE account_balances (
	scope TEXT NOT NULL, 
	owner_id BIGINT NOT NULL, 
	subject_id BIGINT NOT NULL, 
	period TEXT NOT NULL, 
	held_microusd BIGINT NOT NULL, 
	spent_microusd BIGINT NOT NULL, 
	videos INTEGER NOT NULL, 
	CONSTRAINT pk_account_balances PRIMARY KEY (scope, owner_id, subject_id, period)
);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001003,'2026-11',0,504000,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001003,'2026-11-22',0,504000,1);
INSERT INTO "account_balances" VALUES('operator',0,0,'2026-11',2520000,1512000,8);
INSERT INTO "account_balances" VALUES('operator',0,0,'2026-11-22',2520000,1512000,8);
INSERT INTO "account_balances" VALUES('operator_server',1100000000000000001,0,'2026-11',2520000,1512000,8);
INSERT INTO "account_balances" VALUES('operator_server',1100000000000000001,0,'2026-11-22',2520000,1512000,8);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001003,0,'2026-11',0,504000,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001003,0,'2026-11-22',0,504000,1);
INSERT INTO "account_balances" VALUES('server',1100000000000000001,0,'2026-11',2520000,1512000,8);
INSERT INTO "account_balances" VALUES('server',1100000000000000001,0,'2026-11-22',2520000,1512000,8);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001004,'2026-11',0,504000,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001004,'2026-11-22',0,504000,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001004,0,'2026-11',0,504000,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001004,0,'2026-11-22',0,504000,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001005,'2026-11',0,0,0);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001005,'2026-11-22',0,0,0);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001005,0,'2026-11',0,0,0);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001005,0,'2026-11-22',0,0,0);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001006,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001006,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001006,0,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001006,0,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001007,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001007,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001007,0,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001007,0,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001008,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001008,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001008,0,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001008,0,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001009,'2026-11',0,504000,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001009,'2026-11-22',0,504000,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001009,0,'2026-11',0,504000,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001009,0,'2026-11-22',0,504000,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001010,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001010,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001010,0,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001010,0,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001011,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('member',1100000000000000001,1100000000000001011,'2026-11-22',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001011,0,'2026-11',504000,0,1);
INSERT INTO "account_balances" VALUES('operator_user',1100000000000001011,0,'2026-11-22',504000,0,1);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit_entries (
	seq INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	by_user_id BIGINT NOT NULL, 
	what TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	CONSTRAINT pk_audit_entries PRIMARY KEY (seq)
);
CREATE TABLE cooldowns (
	user_id BIGINT NOT NULL, 
	again_at DATETIME NOT NULL, 
	CONSTRAINT pk_cooldowns PRIMARY KEY (user_id)
);
CREATE TABLE job_moves (
	job_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_job_moves PRIMARY KEY (job_id, version), 
	CONSTRAINT fk_job_moves_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "job_moves" VALUES('c7233719444ac344',0,'Added','waiting','2026-11-22 22:46:02.643880');
INSERT INTO "job_moves" VALUES('c7233719444ac344',1,'SendingBegan','submitting','2026-11-22 22:46:02.677968');
INSERT INTO "job_moves" VALUES('c7233719444ac344',2,'Accepted','queued','2026-11-22 22:46:02.687869');
INSERT INTO "job_moves" VALUES('c7233719444ac344',3,'RenderingSucceeded','rendered','2026-11-22 22:46:02.696181');
INSERT INTO "job_moves" VALUES('c7233719444ac344',4,'Delivered','delivered','2026-11-22 22:46:03.436621');
INSERT INTO "job_moves" VALUES('03303ecfbcaea585',0,'Added','waiting','2026-11-22 22:46:03.449941');
INSERT INTO "job_moves" VALUES('03303ecfbcaea585',1,'SendingBegan','submitting','2026-11-22 22:46:03.462512');
INSERT INTO "job_moves" VALUES('03303ecfbcaea585',2,'Accepted','queued','2026-11-22 22:46:03.467836');
INSERT INTO "job_moves" VALUES('03303ecfbcaea585',3,'RenderingFailed','failed','2026-11-22 22:46:03.471963');
INSERT INTO "job_moves" VALUES('03303ecfbcaea585',4,'EndTold','failed','2026-11-22 22:46:03.478510');
INSERT INTO "job_moves" VALUES('d616d6ad645a237a',0,'Added','waiting','2026-11-22 22:46:03.485081');
INSERT INTO "job_moves" VALUES('d616d6ad645a237a',1,'SendingBegan','submitting','2026-11-22 22:46:03.494291');
INSERT INTO "job_moves" VALUES('d616d6ad645a237a',2,'Accepted','queued','2026-11-22 22:46:03.499055');
INSERT INTO "job_moves" VALUES('d616d6ad645a237a',3,'Cancelled','cancelled','2026-11-22 22:46:03.504087');
INSERT INTO "job_moves" VALUES('d616d6ad645a237a',4,'EndTold','cancelled','2026-11-22 22:46:03.518571');
INSERT INTO "job_moves" VALUES('7549e9384e947eab',0,'Added','waiting','2026-11-22 22:46:03.529437');
INSERT INTO "job_moves" VALUES('7549e9384e947eab',1,'SendingBegan','submitting','2026-11-22 22:46:03.538745');
INSERT INTO "job_moves" VALUES('7549e9384e947eab',2,'OutcomeLost','unsure','2026-11-22 22:46:03.544533');
INSERT INTO "job_moves" VALUES('7549e9384e947eab',3,'EndTold','unsure','2026-11-22 22:46:03.551131');
INSERT INTO "job_moves" VALUES('6e1577298fce5b56',0,'Added','waiting','2026-11-22 22:46:03.559491');
INSERT INTO "job_moves" VALUES('6e1577298fce5b56',1,'SendingBegan','submitting','2026-11-22 22:46:03.568675');
INSERT INTO "job_moves" VALUES('6e1577298fce5b56',2,'Accepted','queued','2026-11-22 22:46:03.573721');
INSERT INTO "job_moves" VALUES('6e1577298fce5b56',3,'QueueMoved','queued','2026-11-22 22:46:03.576663');
INSERT INTO "job_moves" VALUES('1bbe9e3dc11d0d67',0,'Added','waiting','2026-11-22 22:46:03.584963');
INSERT INTO "job_moves" VALUES('1bbe9e3dc11d0d67',1,'SendingBegan','submitting','2026-11-22 22:46:03.595708');
INSERT INTO "job_moves" VALUES('1bbe9e3dc11d0d67',2,'Accepted','queued','2026-11-22 22:46:03.602300');
INSERT INTO "job_moves" VALUES('1bbe9e3dc11d0d67',3,'RenderingBegan','rendering','2026-11-22 22:46:03.609661');
INSERT INTO "job_moves" VALUES('15f3c3c5a06aa610',0,'Added','waiting','2026-11-22 22:46:03.622381');
INSERT INTO "job_moves" VALUES('15f3c3c5a06aa610',1,'SendingBegan','submitting','2026-11-22 22:46:03.646239');
INSERT INTO "job_moves" VALUES('15f3c3c5a06aa610',2,'Accepted','queued','2026-11-22 22:46:03.652187');
INSERT INTO "job_moves" VALUES('15f3c3c5a06aa610',3,'RenderingSucceeded','rendered','2026-11-22 22:46:03.666388');
INSERT INTO "job_moves" VALUES('93df5c54aec6f79c',0,'Added','waiting','2026-11-22 22:46:03.686727');
INSERT INTO "job_moves" VALUES('93df5c54aec6f79c',1,'SendingBegan','submitting','2026-11-22 22:46:03.701341');
INSERT INTO "job_moves" VALUES('e37bb41b5b77ec61',0,'Added','waiting','2026-11-22 22:46:03.719496');
INSERT INTO "job_moves" VALUES('e37bb41b5b77ec61',1,'SendingBegan','submitting','2026-11-22 22:46:03.728972');
INSERT INTO "job_moves" VALUES('e37bb41b5b77ec61',2,'SendingHeldBack','waiting','2026-11-22 22:46:03.734889');
INSERT INTO "job_moves" VALUES('0123456789abcdef',0,'Added','in_review','2026-11-22 22:46:02.643880');
CREATE TABLE jobs (
	id TEXT NOT NULL, 
	interaction_id BIGINT NOT NULL, 
	requester_id BIGINT NOT NULL, 
	request TEXT NOT NULL, 
	private BOOLEAN NOT NULL, 
	locale TEXT NOT NULL, 
	server_id BIGINT, 
	channel_id BIGINT NOT NULL, 
	message_id BIGINT NOT NULL, 
	guild_id BIGINT, 
	reach TEXT NOT NULL, 
	ephemeral BOOLEAN NOT NULL, 
	interaction_token TEXT, 
	interaction_token_until DATETIME, 
	upload_limit_bytes BIGINT NOT NULL, 
	estimate_microusd BIGINT NOT NULL, 
	key_id BIGINT, 
	spoiler BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	state_since DATETIME NOT NULL, 
	sent_at DATETIME, 
	request_id TEXT, 
	queue_position BIGINT, 
	media TEXT NOT NULL, 
	cost_microusd BIGINT, 
	failure TEXT, 
	review_channel_id BIGINT, 
	review_message_id BIGINT, 
	reviewed_by BIGINT, 
	declined_because TEXT, 
	told BOOLEAN NOT NULL, 
	erased BOOLEAN NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (id), 
	CONSTRAINT uq_jobs_interaction_id UNIQUE (interaction_id)
);
INSERT INTO "jobs" VALUES('c7233719444ac344',1574194276521213954,1100000000000001003,'{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194276605100035,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI3NjUyMTIxMzk1NDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:02.638000',10485760,504000,NULL,0,'2026-11-22 22:46:02.643880','delivered',4,'2026-11-22 22:46:03.436621','2026-11-22 22:46:02.677968','70580e1e-976f-41d0-a7e2-83a04b4b0835',NULL,'[{"kind": "video", "url": "http://127.0.0.1:39817/files/acct-5f2c9e/70580e1e-976f-41d0-a7e2-83a04b4b0835/video.mp4"}]',504000,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('03303ecfbcaea585',1574194279906017287,1100000000000001004,'{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194279931183112,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI3OTkwNjAxNzI4NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:03.445000',10485760,504000,NULL,0,'2026-11-22 22:46:03.449941','failed',4,'2026-11-22 22:46:03.471963','2026-11-22 22:46:03.462512','9e99a127-fdf7-4ccf-b36b-025b3a87b072',NULL,'[]',504000,'generation_failed',NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('d616d6ad645a237a',1574194280048623625,1100000000000001005,'{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194280077983754,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI4MDA0ODYyMzYyNTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:03.479000',10485760,504000,NULL,0,'2026-11-22 22:46:03.485081','cancelled',4,'2026-11-22 22:46:03.504087','2026-11-22 22:46:03.494291','5042c6c2-b937-4319-9c31-eb65bf351869',NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('7549e9384e947eab',1574194280241561611,1100000000000001006,'{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194280266727436,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI4MDI0MTU2MTYxMTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:03.525000',10485760,504000,NULL,0,'2026-11-22 22:46:03.529437','unsure',3,'2026-11-22 22:46:03.544533','2026-11-22 22:46:03.538745',NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('6e1577298fce5b56',1574194280342224909,1100000000000001007,'{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194280392556558,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI4MDM0MjIyNDkwOTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:03.549000',10485760,504000,NULL,0,'2026-11-22 22:46:03.559491','queued',3,'2026-11-22 22:46:03.573721','2026-11-22 22:46:03.568675','d02c2b8a-b109-49d8-ae4b-29d574f5f162',3,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('1bbe9e3dc11d0d67',1574194280468054031,1100000000000001008,'{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194280501608464,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI4MDQ2ODA1NDAzMTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:03.579000',10485760,504000,NULL,0,'2026-11-22 22:46:03.584963','rendering',3,'2026-11-22 22:46:03.609661','2026-11-22 22:46:03.595708','8cf03f16-babd-4bfc-9de9-2a1e13e6a8c5',NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('15f3c3c5a06aa610',1574194280623243281,1100000000000001009,'{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194280656797714,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI4MDYyMzI0MzI4MTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:03.616000',10485760,504000,NULL,0,'2026-11-22 22:46:03.622381','rendered',3,'2026-11-22 22:46:03.666388','2026-11-22 22:46:03.646239','d544e906-e563-4ff4-87fc-6f5d707e591e',NULL,'[{"kind": "video", "url": "http://127.0.0.1:39817/files/acct-5f2c9e/d544e906-e563-4ff4-87fc-6f5d707e591e/video.mp4"}]',504000,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('93df5c54aec6f79c',1574194280883290131,1100000000000001010,'{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194280925233172,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI4MDg4MzI5MDEzMTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:03.678000',10485760,504000,NULL,0,'2026-11-22 22:46:03.686727','submitting',1,'2026-11-22 22:46:03.701341','2026-11-22 22:46:03.701341',NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('e37bb41b5b77ec61',1574194281038479381,1100000000000001011,'{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194281063645206,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI4MTAzODQ3OTM4MTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:03.715000',10485760,504000,NULL,0,'2026-11-22 22:46:03.719496','waiting',2,'2026-11-22 22:46:03.734889',NULL,NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('0123456789abcdef',1574194276521213955,1100000000000002003,'{"prompt":"in_review kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574194276605100036,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDE5NDI3NjUyMTIxMzk1NDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 23:01:02.638000',10485760,504000,NULL,0,'2026-11-22 22:46:02.643880','in_review',0,'2026-11-22 22:46:02.643880',NULL,NULL,NULL,'[]',NULL,NULL,1100000000000000002,1574194276605100037,NULL,NULL,0,0,0);
CREATE TABLE ledger (
	seq INTEGER NOT NULL, 
	job_id TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	kind TEXT NOT NULL, 
	why TEXT NOT NULL, 
	user_id BIGINT, 
	guild_id BIGINT, 
	key_id BIGINT, 
	held_change_microusd BIGINT NOT NULL, 
	spent_change_microusd BIGINT NOT NULL, 
	videos_change INTEGER NOT NULL, 
	is_estimate BOOLEAN NOT NULL, 
	CONSTRAINT pk_ledger PRIMARY KEY (seq), 
	CONSTRAINT fk_ledger_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "ledger" VALUES(1,'c7233719444ac344','2026-11-22 22:46:02.643880','reserved','Added',1100000000000001003,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(2,'c7233719444ac344','2026-11-22 22:46:02.696181','settled','RenderingSucceeded',1100000000000001003,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(3,'03303ecfbcaea585','2026-11-22 22:46:03.449941','reserved','Added',1100000000000001004,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(4,'03303ecfbcaea585','2026-11-22 22:46:03.471963','settled','RenderingFailed',1100000000000001004,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(5,'d616d6ad645a237a','2026-11-22 22:46:03.485081','reserved','Added',1100000000000001005,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(6,'d616d6ad645a237a','2026-11-22 22:46:03.504087','returned','Cancelled',1100000000000001005,1100000000000000001,NULL,-504000,0,-1,0);
INSERT INTO "ledger" VALUES(7,'7549e9384e947eab','2026-11-22 22:46:03.529437','reserved','Added',1100000000000001006,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(8,'6e1577298fce5b56','2026-11-22 22:46:03.559491','reserved','Added',1100000000000001007,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(9,'1bbe9e3dc11d0d67','2026-11-22 22:46:03.584963','reserved','Added',1100000000000001008,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(10,'15f3c3c5a06aa610','2026-11-22 22:46:03.622381','reserved','Added',1100000000000001009,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(11,'15f3c3c5a06aa610','2026-11-22 22:46:03.666388','settled','RenderingSucceeded',1100000000000001009,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(12,'93df5c54aec6f79c','2026-11-22 22:46:03.686727','reserved','Added',1100000000000001010,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(13,'e37bb41b5b77ec61','2026-11-22 22:46:03.719496','reserved','Added',1100000000000001011,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(14,'0123456789abcdef','2026-11-22 22:46:02.643880','reserved','Added',1100000000000002003,1100000000000000001,NULL,504000,0,1,0);
CREATE TABLE ledger_accounts (
	job_id TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	owner_id BIGINT NOT NULL, 
	subject_id BIGINT NOT NULL, 
	period TEXT NOT NULL, 
	CONSTRAINT pk_ledger_accounts PRIMARY KEY (job_id, scope, owner_id, subject_id, period), 
	CONSTRAINT fk_ledger_accounts_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','member',1100000000000000001,1100000000000001003,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','member',1100000000000000001,1100000000000001003,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','operator_user',1100000000000001003,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','operator_user',1100000000000001003,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c7233719444ac344','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','member',1100000000000000001,1100000000000001004,'2026-11');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','member',1100000000000000001,1100000000000001004,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','operator_user',1100000000000001004,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','operator_user',1100000000000001004,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('03303ecfbcaea585','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','member',1100000000000000001,1100000000000001005,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','member',1100000000000000001,1100000000000001005,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','operator_user',1100000000000001005,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','operator_user',1100000000000001005,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d616d6ad645a237a','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','member',1100000000000000001,1100000000000001006,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','member',1100000000000000001,1100000000000001006,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','operator_user',1100000000000001006,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','operator_user',1100000000000001006,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7549e9384e947eab','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','member',1100000000000000001,1100000000000001007,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','member',1100000000000000001,1100000000000001007,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','operator_user',1100000000000001007,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','operator_user',1100000000000001007,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6e1577298fce5b56','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','member',1100000000000000001,1100000000000001008,'2026-11');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','member',1100000000000000001,1100000000000001008,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','operator_user',1100000000000001008,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','operator_user',1100000000000001008,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('1bbe9e3dc11d0d67','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','member',1100000000000000001,1100000000000001009,'2026-11');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','member',1100000000000000001,1100000000000001009,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','operator_user',1100000000000001009,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','operator_user',1100000000000001009,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('15f3c3c5a06aa610','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','member',1100000000000000001,1100000000000001010,'2026-11');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','member',1100000000000000001,1100000000000001010,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','operator_user',1100000000000001010,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','operator_user',1100000000000001010,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('93df5c54aec6f79c','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','member',1100000000000000001,1100000000000001011,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','member',1100000000000000001,1100000000000001011,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','operator_user',1100000000000001011,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','operator_user',1100000000000001011,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e37bb41b5b77ec61','server',1100000000000000001,0,'2026-11-22');
CREATE TABLE ledger_adjustments (
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	by_user_id BIGINT NOT NULL, 
	why TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	owner_id BIGINT NOT NULL, 
	subject_id BIGINT NOT NULL, 
	period TEXT NOT NULL, 
	spent_change_microusd BIGINT NOT NULL, 
	videos_change INTEGER NOT NULL, 
	CONSTRAINT pk_ledger_adjustments PRIMARY KEY (seq)
);
CREATE TABLE pending_wishes (
	interaction_id BIGINT NOT NULL, 
	requester_id BIGINT NOT NULL, 
	request TEXT NOT NULL, 
	private BOOLEAN NOT NULL, 
	spoiler BOOLEAN NOT NULL, 
	asked_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_pending_wishes PRIMARY KEY (interaction_id)
);
CREATE TABLE preferences (
	user_id BIGINT NOT NULL, 
	notify TEXT, 
	language TEXT, 
	aspect TEXT, 
	duration_s INTEGER, 
	sound BOOLEAN, 
	ask_above_microusd BIGINT, 
	CONSTRAINT pk_preferences PRIMARY KEY (user_id)
);
CREATE TABLE render_times (
	job_id TEXT NOT NULL, 
	duration_s INTEGER NOT NULL, 
	took_ms BIGINT NOT NULL, 
	rendered_at DATETIME NOT NULL, 
	CONSTRAINT pk_render_times PRIMARY KEY (job_id), 
	CONSTRAINT fk_render_times_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "render_times" VALUES('c7233719444ac344',3,18,'2026-11-22 22:46:02.696181');
INSERT INTO "render_times" VALUES('15f3c3c5a06aa610',3,20,'2026-11-22 22:46:03.666388');
CREATE TABLE reports (
	job_id TEXT NOT NULL, 
	by_user_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_reports PRIMARY KEY (job_id, by_user_id), 
	CONSTRAINT fk_reports_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
CREATE TABLE server_keys (
	id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	token TEXT, 
	tail TEXT NOT NULL, 
	set_by BIGINT NOT NULL, 
	set_at DATETIME NOT NULL, 
	removed_at DATETIME, 
	broken_at DATETIME, 
	broken_why TEXT, 
	CONSTRAINT pk_server_keys PRIMARY KEY (id)
);
CREATE TABLE server_settings (
	guild_id BIGINT NOT NULL, 
	settings TEXT NOT NULL, 
	left_at DATETIME, 
	CONSTRAINT pk_server_settings PRIMARY KEY (guild_id)
);
CREATE TABLE storyboard_drafts (
	id TEXT NOT NULL, 
	owner_id BIGINT NOT NULL, 
	board TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	touched_at DATETIME NOT NULL, 
	taken_by BIGINT, 
	asked_by BIGINT, 
	CONSTRAINT pk_storyboard_drafts PRIMARY KEY (id)
);
CREATE TABLE styles (
	guild_id BIGINT NOT NULL, 
	name_key TEXT NOT NULL, 
	slot INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	prompt TEXT NOT NULL, 
	negative_prompt TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_styles PRIMARY KEY (guild_id, name_key), 
	CONSTRAINT uq_styles_guild_id_slot UNIQUE (guild_id, slot)
);
CREATE INDEX ix_jobs_state_told ON jobs (state, told);
CREATE INDEX ix_jobs_requester_id_created_at ON jobs (requester_id, created_at);
CREATE INDEX ix_jobs_server_id_created_at ON jobs (server_id, created_at);
CREATE INDEX ix_jobs_erased_created_at ON jobs (erased, created_at);
CREATE INDEX ix_storyboard_drafts_owner_id_touched_at ON storyboard_drafts (owner_id, touched_at);
CREATE INDEX ix_storyboard_drafts_touched_at ON storyboard_drafts (touched_at);
CREATE INDEX ix_render_times_duration_s_rendered_at ON render_times (duration_s, rendered_at);
CREATE INDEX ix_pending_wishes_expires_at ON pending_wishes (expires_at);
CREATE INDEX ix_ledger_job_id ON ledger (job_id);
CREATE INDEX ix_ledger_guild_id_at ON ledger (guild_id, at);
CREATE INDEX ix_ledger_at ON ledger (at);
CREATE INDEX ix_ledger_accounts_scope_owner_id_subject_id_period ON ledger_accounts (scope, owner_id, subject_id, period);
CREATE INDEX ix_ledger_adjustments_at ON ledger_adjustments (at);
CREATE INDEX ix_audit_entries_guild_id_seq ON audit_entries (guild_id, seq);
CREATE UNIQUE INDEX uq_server_keys_guild_id_current ON server_keys (guild_id) WHERE removed_at IS NULL;
CREATE INDEX ix_reports_by_user_id_at ON reports (by_user_id, at);
COMMIT;
