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
INSERT INTO "cooldowns" VALUES(1100000000000001003,'2026-11-22 16:11:50.649022');
INSERT INTO "cooldowns" VALUES(1100000000000001004,'2026-11-22 16:11:51.397345');
INSERT INTO "cooldowns" VALUES(1100000000000001005,'2026-11-22 16:11:51.440100');
INSERT INTO "cooldowns" VALUES(1100000000000001006,'2026-11-22 16:11:51.497740');
INSERT INTO "cooldowns" VALUES(1100000000000001007,'2026-11-22 16:11:51.548183');
INSERT INTO "cooldowns" VALUES(1100000000000001008,'2026-11-22 16:11:51.599646');
INSERT INTO "cooldowns" VALUES(1100000000000001009,'2026-11-22 16:11:51.649706');
INSERT INTO "cooldowns" VALUES(1100000000000001010,'2026-11-22 16:11:51.717579');
INSERT INTO "cooldowns" VALUES(1100000000000001011,'2026-11-22 16:11:51.759937');
CREATE TABLE job_moves (
	job_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_job_moves PRIMARY KEY (job_id, version), 
	CONSTRAINT fk_job_moves_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "job_moves" VALUES('57ab2b82d6f61c5e',0,'Added','waiting','2026-11-22 16:11:45.649022');
INSERT INTO "job_moves" VALUES('57ab2b82d6f61c5e',1,'SendingBegan','submitting','2026-11-22 16:11:45.693123');
INSERT INTO "job_moves" VALUES('57ab2b82d6f61c5e',2,'Accepted','queued','2026-11-22 16:11:45.764895');
INSERT INTO "job_moves" VALUES('57ab2b82d6f61c5e',3,'RenderingSucceeded','rendered','2026-11-22 16:11:45.773499');
INSERT INTO "job_moves" VALUES('57ab2b82d6f61c5e',4,'Delivered','delivered','2026-11-22 16:11:46.388947');
INSERT INTO "job_moves" VALUES('f22e32a232f1b4e4',0,'Added','waiting','2026-11-22 16:11:46.397345');
INSERT INTO "job_moves" VALUES('f22e32a232f1b4e4',1,'SendingBegan','submitting','2026-11-22 16:11:46.414287');
INSERT INTO "job_moves" VALUES('f22e32a232f1b4e4',2,'Accepted','queued','2026-11-22 16:11:46.419718');
INSERT INTO "job_moves" VALUES('f22e32a232f1b4e4',3,'RenderingFailed','failed','2026-11-22 16:11:46.424495');
INSERT INTO "job_moves" VALUES('f22e32a232f1b4e4',4,'EndTold','failed','2026-11-22 16:11:46.432840');
INSERT INTO "job_moves" VALUES('6f38054810108196',0,'Added','waiting','2026-11-22 16:11:46.440100');
INSERT INTO "job_moves" VALUES('6f38054810108196',1,'SendingBegan','submitting','2026-11-22 16:11:46.460732');
INSERT INTO "job_moves" VALUES('6f38054810108196',2,'Accepted','queued','2026-11-22 16:11:46.467441');
INSERT INTO "job_moves" VALUES('6f38054810108196',3,'Cancelled','cancelled','2026-11-22 16:11:46.473926');
INSERT INTO "job_moves" VALUES('6f38054810108196',4,'EndTold','cancelled','2026-11-22 16:11:46.487648');
INSERT INTO "job_moves" VALUES('6f7fff0fef821e60',0,'Added','waiting','2026-11-22 16:11:46.497740');
INSERT INTO "job_moves" VALUES('6f7fff0fef821e60',1,'SendingBegan','submitting','2026-11-22 16:11:46.526232');
INSERT INTO "job_moves" VALUES('6f7fff0fef821e60',2,'OutcomeLost','unsure','2026-11-22 16:11:46.534027');
INSERT INTO "job_moves" VALUES('6f7fff0fef821e60',3,'EndTold','unsure','2026-11-22 16:11:46.538457');
INSERT INTO "job_moves" VALUES('5314376cef26b4dd',0,'Added','waiting','2026-11-22 16:11:46.548183');
INSERT INTO "job_moves" VALUES('5314376cef26b4dd',1,'SendingBegan','submitting','2026-11-22 16:11:46.575407');
INSERT INTO "job_moves" VALUES('5314376cef26b4dd',2,'Accepted','queued','2026-11-22 16:11:46.581891');
INSERT INTO "job_moves" VALUES('5314376cef26b4dd',3,'QueueMoved','queued','2026-11-22 16:11:46.588252');
INSERT INTO "job_moves" VALUES('854ba2212eaecf3b',0,'Added','waiting','2026-11-22 16:11:46.599646');
INSERT INTO "job_moves" VALUES('854ba2212eaecf3b',1,'SendingBegan','submitting','2026-11-22 16:11:46.627439');
INSERT INTO "job_moves" VALUES('854ba2212eaecf3b',2,'Accepted','queued','2026-11-22 16:11:46.633988');
INSERT INTO "job_moves" VALUES('854ba2212eaecf3b',3,'RenderingBegan','rendering','2026-11-22 16:11:46.638703');
INSERT INTO "job_moves" VALUES('7c12e09ce57e669f',0,'Added','waiting','2026-11-22 16:11:46.649706');
INSERT INTO "job_moves" VALUES('7c12e09ce57e669f',1,'SendingBegan','submitting','2026-11-22 16:11:46.678840');
INSERT INTO "job_moves" VALUES('7c12e09ce57e669f',2,'Accepted','queued','2026-11-22 16:11:46.686201');
INSERT INTO "job_moves" VALUES('7c12e09ce57e669f',3,'RenderingSucceeded','rendered','2026-11-22 16:11:46.693184');
INSERT INTO "job_moves" VALUES('02e4e91de1355fec',0,'Added','waiting','2026-11-22 16:11:46.717579');
INSERT INTO "job_moves" VALUES('02e4e91de1355fec',1,'SendingBegan','submitting','2026-11-22 16:11:46.746444');
INSERT INTO "job_moves" VALUES('c2a4b15a69bf396c',0,'Added','waiting','2026-11-22 16:11:46.759937');
INSERT INTO "job_moves" VALUES('c2a4b15a69bf396c',1,'SendingBegan','submitting','2026-11-22 16:11:46.789087');
INSERT INTO "job_moves" VALUES('c2a4b15a69bf396c',2,'SendingHeldBack','waiting','2026-11-22 16:11:46.795770');
INSERT INTO "job_moves" VALUES('0123456789abcdef',0,'Added','in_review','2026-11-22 16:11:45.649022');
CREATE TABLE jobs (
	id TEXT NOT NULL, 
	interaction_id BIGINT NOT NULL, 
	requester_id BIGINT NOT NULL, 
	request TEXT NOT NULL, 
	private BOOLEAN NOT NULL, 
	locale TEXT NOT NULL, 
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
	told BOOLEAN NOT NULL, 
	erased BOOLEAN NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (id), 
	CONSTRAINT uq_jobs_interaction_id UNIQUE (interaction_id)
);
INSERT INTO "jobs" VALUES('57ab2b82d6f61c5e',1574095051888263170,1100000000000001003,'{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095051967954947,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1MTg4ODI2MzE3MDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:45.642000',10485760,504000,NULL,0,'2026-11-22 16:11:45.649022','delivered',4,'2026-11-22 16:11:46.388947','2026-11-22 16:11:45.693123','52ceb800-fa98-40e3-98c9-d83f35c8f124',NULL,'[{"kind": "video", "url": "http://127.0.0.1:34451/files/acct-5f2c9e/52ceb800-fa98-40e3-98c9-d83f35c8f124/video.mp4"}]',504000,NULL,0,0,0);
INSERT INTO "jobs" VALUES('f22e32a232f1b4e4',1574095055038185479,1100000000000001004,'{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095055063351304,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1NTAzODE4NTQ3OTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:46.393000',10485760,504000,NULL,0,'2026-11-22 16:11:46.397345','failed',4,'2026-11-22 16:11:46.424495','2026-11-22 16:11:46.414287','88ae36ed-39e9-4c6d-8a69-5a2b4a0dd6e5',NULL,'[]',504000,'generation_failed',1,0,0);
INSERT INTO "jobs" VALUES('6f38054810108196',1574095055218540553,1100000000000001005,'{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095055243706378,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1NTIxODU0MDU1MzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:46.436000',10485760,504000,NULL,0,'2026-11-22 16:11:46.440100','cancelled',4,'2026-11-22 16:11:46.473926','2026-11-22 16:11:46.460732','18913ccc-8c85-4ce9-8824-2c72f3660b8b',NULL,'[]',NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('6f7fff0fef821e60',1574095055445032971,1100000000000001006,'{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095055486976012,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1NTQ0NTAzMjk3MTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:46.490000',10485760,504000,NULL,0,'2026-11-22 16:11:46.497740','unsure',3,'2026-11-22 16:11:46.534027','2026-11-22 16:11:46.526232',NULL,NULL,'[]',NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('5314376cef26b4dd',1574095055667331085,1100000000000001007,'{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095055696691214,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1NTY2NzMzMTA4NTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:46.543000',10485760,504000,NULL,0,'2026-11-22 16:11:46.548183','queued',3,'2026-11-22 16:11:46.581891','2026-11-22 16:11:46.575407','45edd1e8-2e92-4ded-913b-0d1cfc6214e3',3,'[]',NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('854ba2212eaecf3b',1574095055847686159,1100000000000001008,'{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095055914795024,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1NTg0NzY4NjE1OTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:46.586000',10485760,504000,NULL,0,'2026-11-22 16:11:46.599646','rendering',3,'2026-11-22 16:11:46.638703','2026-11-22 16:11:46.627439','17554610-ba5d-40eb-b528-8253f21ae059',NULL,'[]',NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('7c12e09ce57e669f',1574095056086761489,1100000000000001009,'{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095056124510226,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1NjA4Njc2MTQ4OTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:46.643000',10485760,504000,NULL,0,'2026-11-22 16:11:46.649706','rendered',3,'2026-11-22 16:11:46.693184','2026-11-22 16:11:46.678840','e2d47cf2-a1c6-49da-8e66-f0d858fca730',NULL,'[{"kind": "video", "url": "http://127.0.0.1:34451/files/acct-5f2c9e/e2d47cf2-a1c6-49da-8e66-f0d858fca730/video.mp4"}]',504000,NULL,0,0,0);
INSERT INTO "jobs" VALUES('02e4e91de1355fec',1574095056363585555,1100000000000001010,'{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095056409722900,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1NjM2MzU4NTU1NTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:46.709000',10485760,504000,NULL,0,'2026-11-22 16:11:46.717579','submitting',1,'2026-11-22 16:11:46.746444','2026-11-22 16:11:46.746444',NULL,NULL,'[]',NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('c2a4b15a69bf396c',1574095056552329237,1100000000000001011,'{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095056585883670,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1NjU1MjMyOTIzNzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:46.754000',10485760,504000,NULL,0,'2026-11-22 16:11:46.759937','waiting',2,'2026-11-22 16:11:46.795770',NULL,NULL,NULL,'[]',NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('0123456789abcdef',1574095051888263171,1100000000000002003,'{"prompt":"in_review kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574095051967954948,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA5NTA1MTg4ODI2MzE3MDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:26:45.642000',10485760,504000,NULL,0,'2026-11-22 16:11:45.649022','in_review',0,'2026-11-22 16:11:45.649022',NULL,NULL,NULL,'[]',NULL,NULL,0,0,0);
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
INSERT INTO "ledger" VALUES(1,'57ab2b82d6f61c5e','2026-11-22 16:11:45.649022','reserved','Added',1100000000000001003,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(2,'57ab2b82d6f61c5e','2026-11-22 16:11:45.773499','settled','RenderingSucceeded',1100000000000001003,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(3,'f22e32a232f1b4e4','2026-11-22 16:11:46.397345','reserved','Added',1100000000000001004,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(4,'f22e32a232f1b4e4','2026-11-22 16:11:46.424495','settled','RenderingFailed',1100000000000001004,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(5,'6f38054810108196','2026-11-22 16:11:46.440100','reserved','Added',1100000000000001005,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(6,'6f38054810108196','2026-11-22 16:11:46.473926','returned','Cancelled',1100000000000001005,1100000000000000001,NULL,-504000,0,-1,0);
INSERT INTO "ledger" VALUES(7,'6f7fff0fef821e60','2026-11-22 16:11:46.497740','reserved','Added',1100000000000001006,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(8,'5314376cef26b4dd','2026-11-22 16:11:46.548183','reserved','Added',1100000000000001007,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(9,'854ba2212eaecf3b','2026-11-22 16:11:46.599646','reserved','Added',1100000000000001008,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(10,'7c12e09ce57e669f','2026-11-22 16:11:46.649706','reserved','Added',1100000000000001009,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(11,'7c12e09ce57e669f','2026-11-22 16:11:46.693184','settled','RenderingSucceeded',1100000000000001009,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(12,'02e4e91de1355fec','2026-11-22 16:11:46.717579','reserved','Added',1100000000000001010,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(13,'c2a4b15a69bf396c','2026-11-22 16:11:46.759937','reserved','Added',1100000000000001011,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(14,'0123456789abcdef','2026-11-22 16:11:45.649022','reserved','Added',1100000000000002003,1100000000000000001,NULL,504000,0,1,0);
CREATE TABLE ledger_accounts (
	job_id TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	owner_id BIGINT NOT NULL, 
	subject_id BIGINT NOT NULL, 
	period TEXT NOT NULL, 
	CONSTRAINT pk_ledger_accounts PRIMARY KEY (job_id, scope, owner_id, subject_id, period), 
	CONSTRAINT fk_ledger_accounts_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','member',1100000000000000001,1100000000000001003,'2026-11');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','member',1100000000000000001,1100000000000001003,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','operator_user',1100000000000001003,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','operator_user',1100000000000001003,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('57ab2b82d6f61c5e','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','member',1100000000000000001,1100000000000001004,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','member',1100000000000000001,1100000000000001004,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','operator_user',1100000000000001004,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','operator_user',1100000000000001004,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f22e32a232f1b4e4','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','member',1100000000000000001,1100000000000001005,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','member',1100000000000000001,1100000000000001005,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','operator_user',1100000000000001005,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','operator_user',1100000000000001005,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f38054810108196','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','member',1100000000000000001,1100000000000001006,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','member',1100000000000000001,1100000000000001006,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','operator_user',1100000000000001006,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','operator_user',1100000000000001006,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6f7fff0fef821e60','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','member',1100000000000000001,1100000000000001007,'2026-11');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','member',1100000000000000001,1100000000000001007,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','operator_user',1100000000000001007,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','operator_user',1100000000000001007,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('5314376cef26b4dd','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','member',1100000000000000001,1100000000000001008,'2026-11');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','member',1100000000000000001,1100000000000001008,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','operator_user',1100000000000001008,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','operator_user',1100000000000001008,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('854ba2212eaecf3b','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','member',1100000000000000001,1100000000000001009,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','member',1100000000000000001,1100000000000001009,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','operator_user',1100000000000001009,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','operator_user',1100000000000001009,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c12e09ce57e669f','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','member',1100000000000000001,1100000000000001010,'2026-11');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','member',1100000000000000001,1100000000000001010,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','operator_user',1100000000000001010,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','operator_user',1100000000000001010,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('02e4e91de1355fec','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','member',1100000000000000001,1100000000000001011,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','member',1100000000000000001,1100000000000001011,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','operator_user',1100000000000001011,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','operator_user',1100000000000001011,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c2a4b15a69bf396c','server',1100000000000000001,0,'2026-11-22');
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
INSERT INTO "render_times" VALUES('57ab2b82d6f61c5e',3,80,'2026-11-22 16:11:45.773499');
INSERT INTO "render_times" VALUES('7c12e09ce57e669f',3,14,'2026-11-22 16:11:46.693184');
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
CREATE INDEX ix_jobs_guild_id_created_at ON jobs (guild_id, created_at);
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
COMMIT;
