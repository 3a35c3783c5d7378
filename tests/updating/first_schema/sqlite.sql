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
INSERT INTO "account_balances" VALUES('everybody',1100000000000000001,0,'2026-11',2520000,1512000,8);
INSERT INTO "account_balances" VALUES('everybody',1100000000000000001,0,'2026-11-22',2520000,1512000,8);
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
INSERT INTO "job_moves" VALUES('7c3ad485a46b15dd',0,'Added','waiting','2026-11-22 23:47:02.894667');
INSERT INTO "job_moves" VALUES('7c3ad485a46b15dd',1,'SendingBegan','submitting','2026-11-22 23:47:02.937328');
INSERT INTO "job_moves" VALUES('7c3ad485a46b15dd',2,'Accepted','queued','2026-11-22 23:47:02.947607');
INSERT INTO "job_moves" VALUES('7c3ad485a46b15dd',3,'RenderingSucceeded','rendered','2026-11-22 23:47:02.956920');
INSERT INTO "job_moves" VALUES('7c3ad485a46b15dd',4,'Delivered','delivered','2026-11-22 23:47:03.670096');
INSERT INTO "job_moves" VALUES('c9e4e09833f4cf04',0,'Added','waiting','2026-11-22 23:47:03.684370');
INSERT INTO "job_moves" VALUES('c9e4e09833f4cf04',1,'SendingBegan','submitting','2026-11-22 23:47:03.697238');
INSERT INTO "job_moves" VALUES('c9e4e09833f4cf04',2,'Accepted','queued','2026-11-22 23:47:03.710528');
INSERT INTO "job_moves" VALUES('c9e4e09833f4cf04',3,'RenderingFailed','failed','2026-11-22 23:47:03.717893');
INSERT INTO "job_moves" VALUES('c9e4e09833f4cf04',4,'EndTold','failed','2026-11-22 23:47:03.734527');
INSERT INTO "job_moves" VALUES('14035204198c67b1',0,'Added','waiting','2026-11-22 23:47:03.745367');
INSERT INTO "job_moves" VALUES('14035204198c67b1',1,'SendingBegan','submitting','2026-11-22 23:47:03.756823');
INSERT INTO "job_moves" VALUES('14035204198c67b1',2,'Accepted','queued','2026-11-22 23:47:03.762652');
INSERT INTO "job_moves" VALUES('14035204198c67b1',3,'Cancelled','cancelled','2026-11-22 23:47:03.768148');
INSERT INTO "job_moves" VALUES('14035204198c67b1',4,'EndTold','cancelled','2026-11-22 23:47:03.776209');
INSERT INTO "job_moves" VALUES('e8fd2a0ee785696c',0,'Added','waiting','2026-11-22 23:47:03.785662');
INSERT INTO "job_moves" VALUES('e8fd2a0ee785696c',1,'SendingBegan','submitting','2026-11-22 23:47:03.795534');
INSERT INTO "job_moves" VALUES('e8fd2a0ee785696c',2,'OutcomeLost','unsure','2026-11-22 23:47:03.802994');
INSERT INTO "job_moves" VALUES('e8fd2a0ee785696c',3,'EndTold','unsure','2026-11-22 23:47:03.807505');
INSERT INTO "job_moves" VALUES('f1c49ff51cebd351',0,'Added','waiting','2026-11-22 23:47:03.817375');
INSERT INTO "job_moves" VALUES('f1c49ff51cebd351',1,'SendingBegan','submitting','2026-11-22 23:47:03.827071');
INSERT INTO "job_moves" VALUES('f1c49ff51cebd351',2,'Accepted','queued','2026-11-22 23:47:03.833022');
INSERT INTO "job_moves" VALUES('f1c49ff51cebd351',3,'QueueMoved','queued','2026-11-22 23:47:03.839028');
INSERT INTO "job_moves" VALUES('fd2039a50390a1b3',0,'Added','waiting','2026-11-22 23:47:03.843784');
INSERT INTO "job_moves" VALUES('fd2039a50390a1b3',1,'SendingBegan','submitting','2026-11-22 23:47:03.857356');
INSERT INTO "job_moves" VALUES('fd2039a50390a1b3',2,'Accepted','queued','2026-11-22 23:47:03.867621');
INSERT INTO "job_moves" VALUES('fd2039a50390a1b3',3,'RenderingBegan','rendering','2026-11-22 23:47:03.874600');
INSERT INTO "job_moves" VALUES('4aecb29c26d0677f',0,'Added','waiting','2026-11-22 23:47:03.890051');
INSERT INTO "job_moves" VALUES('4aecb29c26d0677f',1,'SendingBegan','submitting','2026-11-22 23:47:03.933225');
INSERT INTO "job_moves" VALUES('4aecb29c26d0677f',2,'Accepted','queued','2026-11-22 23:47:03.941884');
INSERT INTO "job_moves" VALUES('4aecb29c26d0677f',3,'RenderingSucceeded','rendered','2026-11-22 23:47:03.949642');
INSERT INTO "job_moves" VALUES('fe802abbc3b04b38',0,'Added','waiting','2026-11-22 23:47:03.976850');
INSERT INTO "job_moves" VALUES('fe802abbc3b04b38',1,'SendingBegan','submitting','2026-11-22 23:47:03.987583');
INSERT INTO "job_moves" VALUES('2beda29e892e931c',0,'Added','waiting','2026-11-22 23:47:04.002715');
INSERT INTO "job_moves" VALUES('2beda29e892e931c',1,'SendingBegan','submitting','2026-11-22 23:47:04.013071');
INSERT INTO "job_moves" VALUES('2beda29e892e931c',2,'SendingHeldBack','waiting','2026-11-22 23:47:04.019264');
INSERT INTO "job_moves" VALUES('0123456789abcdef',0,'Added','in_review','2026-11-22 23:47:02.894667');
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
	held_until DATETIME, 
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
INSERT INTO "jobs" VALUES('7c3ad485a46b15dd',1574209628722429954,1100000000000001003,'{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209628810510339,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYyODcyMjQyOTk1NDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:02.888000',10485760,504000,NULL,0,'2026-11-22 23:47:02.894667','delivered',4,'2026-11-22 23:47:03.670096','2026-11-22 23:47:02.937328',NULL,'8441bad5-3d34-4404-bb70-a8f503d0408f',NULL,'[{"kind": "video", "url": "http://127.0.0.1:38371/files/acct-5f2c9e/8441bad5-3d34-4404-bb70-a8f503d0408f/video.mp4"}]',504000,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('c9e4e09833f4cf04',1574209632040124423,1100000000000001004,'{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209632069484552,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYzMjA0MDEyNDQyMzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:03.679000',10485760,504000,NULL,0,'2026-11-22 23:47:03.684370','failed',4,'2026-11-22 23:47:03.717893','2026-11-22 23:47:03.697238',NULL,'31702350-bb74-4356-a658-e95869856f85',NULL,'[]',504000,'generation_failed',NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('14035204198c67b1',1574209632275005449,1100000000000001005,'{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209632325337098,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYzMjI3NTAwNTQ0OTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:03.735000',10485760,504000,NULL,0,'2026-11-22 23:47:03.745367','cancelled',4,'2026-11-22 23:47:03.768148','2026-11-22 23:47:03.756823',NULL,'feb32a0a-72cd-41c8-8720-16c9947cbae8',NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('e8fd2a0ee785696c',1574209632463749131,1100000000000001006,'{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209632493109260,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYzMjQ2Mzc0OTEzMTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:03.780000',10485760,504000,NULL,0,'2026-11-22 23:47:03.785662','unsure',3,'2026-11-22 23:47:03.802994','2026-11-22 23:47:03.795534',NULL,NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('f1c49ff51cebd351',1574209632602161165,1100000000000001007,'{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209632623132686,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYzMjYwMjE2MTE2NTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:03.813000',10485760,504000,NULL,0,'2026-11-22 23:47:03.817375','queued',3,'2026-11-22 23:47:03.833022','2026-11-22 23:47:03.827071',NULL,'1ba0cd11-23c6-44d0-9a65-cbb9740138d9',3,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('fd2039a50390a1b3',1574209632702824463,1100000000000001008,'{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209632736378896,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYzMjcwMjgyNDQ2MzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:03.837000',10485760,504000,NULL,0,'2026-11-22 23:47:03.843784','rendering',3,'2026-11-22 23:47:03.874600','2026-11-22 23:47:03.857356',NULL,'a6a50549-bdfe-49e4-9ae5-acec558ed05b',NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('4aecb29c26d0677f',1574209632891568145,1100000000000001009,'{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209632933511186,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYzMjg5MTU2ODE0NTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:03.882000',10485760,504000,NULL,0,'2026-11-22 23:47:03.890051','rendered',3,'2026-11-22 23:47:03.949642','2026-11-22 23:47:03.933225',NULL,'78141da8-e452-40a6-8ed3-24452bdcce18',NULL,'[{"kind": "video", "url": "http://127.0.0.1:38371/files/acct-5f2c9e/78141da8-e452-40a6-8ed3-24452bdcce18/video.mp4"}]',504000,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('fe802abbc3b04b38',1574209633252278291,1100000000000001010,'{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209633294221332,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYzMzI1MjI3ODI5MTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:03.968000',10485760,504000,NULL,0,'2026-11-22 23:47:03.976850','submitting',1,'2026-11-22 23:47:03.987583','2026-11-22 23:47:03.987583',NULL,NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('2beda29e892e931c',1574209633378107413,1100000000000001011,'{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209633403273238,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYzMzM3ODEwNzQxMzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:03.998000',10485760,504000,NULL,0,'2026-11-22 23:47:04.002715','waiting',2,'2026-11-22 23:47:04.019264',NULL,'2026-11-22 23:48:04.019248',NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('0123456789abcdef',1574209628722429955,1100000000000002003,'{"prompt":"in_review kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000001,1100000000000000002,1574209628810510340,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDIwOTYyODcyMjQyOTk1NDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-23 00:02:02.888000',10485760,504000,NULL,0,'2026-11-22 23:47:02.894667','in_review',0,'2026-11-22 23:47:02.894667',NULL,NULL,NULL,NULL,'[]',NULL,NULL,1100000000000000002,1574209628810510341,NULL,NULL,0,0,0);
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
INSERT INTO "ledger" VALUES(1,'7c3ad485a46b15dd','2026-11-22 23:47:02.894667','reserved','Added',1100000000000001003,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(2,'7c3ad485a46b15dd','2026-11-22 23:47:02.956920','settled','RenderingSucceeded',1100000000000001003,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(3,'c9e4e09833f4cf04','2026-11-22 23:47:03.684370','reserved','Added',1100000000000001004,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(4,'c9e4e09833f4cf04','2026-11-22 23:47:03.717893','settled','RenderingFailed',1100000000000001004,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(5,'14035204198c67b1','2026-11-22 23:47:03.745367','reserved','Added',1100000000000001005,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(6,'14035204198c67b1','2026-11-22 23:47:03.768148','returned','Cancelled',1100000000000001005,1100000000000000001,NULL,-504000,0,-1,0);
INSERT INTO "ledger" VALUES(7,'e8fd2a0ee785696c','2026-11-22 23:47:03.785662','reserved','Added',1100000000000001006,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(8,'f1c49ff51cebd351','2026-11-22 23:47:03.817375','reserved','Added',1100000000000001007,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(9,'fd2039a50390a1b3','2026-11-22 23:47:03.843784','reserved','Added',1100000000000001008,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(10,'4aecb29c26d0677f','2026-11-22 23:47:03.890051','reserved','Added',1100000000000001009,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(11,'4aecb29c26d0677f','2026-11-22 23:47:03.949642','settled','RenderingSucceeded',1100000000000001009,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(12,'fe802abbc3b04b38','2026-11-22 23:47:03.976850','reserved','Added',1100000000000001010,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(13,'2beda29e892e931c','2026-11-22 23:47:04.002715','reserved','Added',1100000000000001011,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(14,'0123456789abcdef','2026-11-22 23:47:02.894667','reserved','Added',1100000000000002003,1100000000000000001,NULL,504000,0,1,0);
CREATE TABLE ledger_accounts (
	job_id TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	owner_id BIGINT NOT NULL, 
	subject_id BIGINT NOT NULL, 
	period TEXT NOT NULL, 
	CONSTRAINT pk_ledger_accounts PRIMARY KEY (job_id, scope, owner_id, subject_id, period), 
	CONSTRAINT fk_ledger_accounts_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','member',1100000000000000001,1100000000000001003,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','member',1100000000000000001,1100000000000001003,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','operator_user',1100000000000001003,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','operator_user',1100000000000001003,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7c3ad485a46b15dd','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','member',1100000000000000001,1100000000000001004,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','member',1100000000000000001,1100000000000001004,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','operator_user',1100000000000001004,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','operator_user',1100000000000001004,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('c9e4e09833f4cf04','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','member',1100000000000000001,1100000000000001005,'2026-11');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','member',1100000000000000001,1100000000000001005,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','operator_user',1100000000000001005,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','operator_user',1100000000000001005,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('14035204198c67b1','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','member',1100000000000000001,1100000000000001006,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','member',1100000000000000001,1100000000000001006,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','operator_user',1100000000000001006,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','operator_user',1100000000000001006,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('e8fd2a0ee785696c','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','member',1100000000000000001,1100000000000001007,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','member',1100000000000000001,1100000000000001007,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','operator_user',1100000000000001007,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','operator_user',1100000000000001007,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('f1c49ff51cebd351','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','member',1100000000000000001,1100000000000001008,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','member',1100000000000000001,1100000000000001008,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','operator_user',1100000000000001008,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','operator_user',1100000000000001008,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fd2039a50390a1b3','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','member',1100000000000000001,1100000000000001009,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','member',1100000000000000001,1100000000000001009,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','operator_user',1100000000000001009,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','operator_user',1100000000000001009,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4aecb29c26d0677f','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','member',1100000000000000001,1100000000000001010,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','member',1100000000000000001,1100000000000001010,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','operator_user',1100000000000001010,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','operator_user',1100000000000001010,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('fe802abbc3b04b38','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','everybody',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','everybody',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','member',1100000000000000001,1100000000000001011,'2026-11');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','member',1100000000000000001,1100000000000001011,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','operator_user',1100000000000001011,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','operator_user',1100000000000001011,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('2beda29e892e931c','server',1100000000000000001,0,'2026-11-22');
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
INSERT INTO "render_times" VALUES('7c3ad485a46b15dd',3,19,'2026-11-22 23:47:02.956920');
INSERT INTO "render_times" VALUES('4aecb29c26d0677f',3,16,'2026-11-22 23:47:03.949642');
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
