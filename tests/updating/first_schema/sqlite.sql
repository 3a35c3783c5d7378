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
INSERT INTO "cooldowns" VALUES(1100000000000001003,'2026-11-22 16:43:13.127291');
INSERT INTO "cooldowns" VALUES(1100000000000001004,'2026-11-22 16:43:14.095702');
INSERT INTO "cooldowns" VALUES(1100000000000001005,'2026-11-22 16:43:14.137686');
INSERT INTO "cooldowns" VALUES(1100000000000001006,'2026-11-22 16:43:14.176568');
INSERT INTO "cooldowns" VALUES(1100000000000001007,'2026-11-22 16:43:14.212676');
INSERT INTO "cooldowns" VALUES(1100000000000001008,'2026-11-22 16:43:14.254913');
INSERT INTO "cooldowns" VALUES(1100000000000001009,'2026-11-22 16:43:14.297910');
INSERT INTO "cooldowns" VALUES(1100000000000001010,'2026-11-22 16:43:14.345157');
INSERT INTO "cooldowns" VALUES(1100000000000001011,'2026-11-22 16:43:14.379532');
CREATE TABLE job_moves (
	job_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_job_moves PRIMARY KEY (job_id, version), 
	CONSTRAINT fk_job_moves_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "job_moves" VALUES('911043526bdb1b8a',0,'Added','waiting','2026-11-22 16:43:08.127291');
INSERT INTO "job_moves" VALUES('911043526bdb1b8a',1,'SendingBegan','submitting','2026-11-22 16:43:08.158777');
INSERT INTO "job_moves" VALUES('911043526bdb1b8a',2,'Accepted','queued','2026-11-22 16:43:08.168834');
INSERT INTO "job_moves" VALUES('911043526bdb1b8a',3,'RenderingSucceeded','rendered','2026-11-22 16:43:08.178170');
INSERT INTO "job_moves" VALUES('911043526bdb1b8a',4,'Delivered','delivered','2026-11-22 16:43:09.085040');
INSERT INTO "job_moves" VALUES('aacfef7f0da24a75',0,'Added','waiting','2026-11-22 16:43:09.095702');
INSERT INTO "job_moves" VALUES('aacfef7f0da24a75',1,'SendingBegan','submitting','2026-11-22 16:43:09.108167');
INSERT INTO "job_moves" VALUES('aacfef7f0da24a75',2,'Accepted','queued','2026-11-22 16:43:09.113868');
INSERT INTO "job_moves" VALUES('aacfef7f0da24a75',3,'RenderingFailed','failed','2026-11-22 16:43:09.120226');
INSERT INTO "job_moves" VALUES('aacfef7f0da24a75',4,'EndTold','failed','2026-11-22 16:43:09.126891');
INSERT INTO "job_moves" VALUES('d8ff7754f1eeafb1',0,'Added','waiting','2026-11-22 16:43:09.137686');
INSERT INTO "job_moves" VALUES('d8ff7754f1eeafb1',1,'SendingBegan','submitting','2026-11-22 16:43:09.149940');
INSERT INTO "job_moves" VALUES('d8ff7754f1eeafb1',2,'Accepted','queued','2026-11-22 16:43:09.155145');
INSERT INTO "job_moves" VALUES('d8ff7754f1eeafb1',3,'Cancelled','cancelled','2026-11-22 16:43:09.158964');
INSERT INTO "job_moves" VALUES('d8ff7754f1eeafb1',4,'EndTold','cancelled','2026-11-22 16:43:09.165745');
INSERT INTO "job_moves" VALUES('9fbe142844235712',0,'Added','waiting','2026-11-22 16:43:09.176568');
INSERT INTO "job_moves" VALUES('9fbe142844235712',1,'SendingBegan','submitting','2026-11-22 16:43:09.190656');
INSERT INTO "job_moves" VALUES('9fbe142844235712',2,'OutcomeLost','unsure','2026-11-22 16:43:09.197867');
INSERT INTO "job_moves" VALUES('9fbe142844235712',3,'EndTold','unsure','2026-11-22 16:43:09.203152');
INSERT INTO "job_moves" VALUES('4e9b79de67122042',0,'Added','waiting','2026-11-22 16:43:09.212676');
INSERT INTO "job_moves" VALUES('4e9b79de67122042',1,'SendingBegan','submitting','2026-11-22 16:43:09.226645');
INSERT INTO "job_moves" VALUES('4e9b79de67122042',2,'Accepted','queued','2026-11-22 16:43:09.233075');
INSERT INTO "job_moves" VALUES('4e9b79de67122042',3,'QueueMoved','queued','2026-11-22 16:43:09.238645');
INSERT INTO "job_moves" VALUES('924dc50679cbb436',0,'Added','waiting','2026-11-22 16:43:09.254913');
INSERT INTO "job_moves" VALUES('924dc50679cbb436',1,'SendingBegan','submitting','2026-11-22 16:43:09.272688');
INSERT INTO "job_moves" VALUES('924dc50679cbb436',2,'Accepted','queued','2026-11-22 16:43:09.279121');
INSERT INTO "job_moves" VALUES('924dc50679cbb436',3,'RenderingBegan','rendering','2026-11-22 16:43:09.284162');
INSERT INTO "job_moves" VALUES('7b86a3945f164585',0,'Added','waiting','2026-11-22 16:43:09.297910');
INSERT INTO "job_moves" VALUES('7b86a3945f164585',1,'SendingBegan','submitting','2026-11-22 16:43:09.312094');
INSERT INTO "job_moves" VALUES('7b86a3945f164585',2,'Accepted','queued','2026-11-22 16:43:09.318346');
INSERT INTO "job_moves" VALUES('7b86a3945f164585',3,'RenderingSucceeded','rendered','2026-11-22 16:43:09.322781');
INSERT INTO "job_moves" VALUES('895a1c06bbd1097e',0,'Added','waiting','2026-11-22 16:43:09.345157');
INSERT INTO "job_moves" VALUES('895a1c06bbd1097e',1,'SendingBegan','submitting','2026-11-22 16:43:09.359413');
INSERT INTO "job_moves" VALUES('6d11be532a78a967',0,'Added','waiting','2026-11-22 16:43:09.379532');
INSERT INTO "job_moves" VALUES('6d11be532a78a967',1,'SendingBegan','submitting','2026-11-22 16:43:09.393610');
INSERT INTO "job_moves" VALUES('6d11be532a78a967',2,'SendingHeldBack','waiting','2026-11-22 16:43:09.400071');
INSERT INTO "job_moves" VALUES('0123456789abcdef',0,'Added','in_review','2026-11-22 16:43:08.127291');
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
INSERT INTO "jobs" VALUES('911043526bdb1b8a',1574102947569074178,1100000000000001003,'{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102947665543171,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk0NzU2OTA3NDE3ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:08.119000',10485760,504000,NULL,0,'2026-11-22 16:43:08.127291','delivered',4,'2026-11-22 16:43:09.085040','2026-11-22 16:43:08.158777','19722b11-7d5d-4228-bf8c-c93827daee9c',NULL,'[{"kind": "video", "url": "http://127.0.0.1:40815/files/acct-5f2c9e/19722b11-7d5d-4228-bf8c-c93827daee9c/video.mp4"}]',504000,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('aacfef7f0da24a75',1574102951641743367,1100000000000001004,'{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102951671103496,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk1MTY0MTc0MzM2NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:09.090000',10485760,504000,NULL,0,'2026-11-22 16:43:09.095702','failed',4,'2026-11-22 16:43:09.120226','2026-11-22 16:43:09.108167','1608adfa-1cef-4a3b-818a-5bccf6411861',NULL,'[]',504000,'generation_failed',NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('d8ff7754f1eeafb1',1574102951822098441,1100000000000001005,'{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102951847264266,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk1MTgyMjA5ODQ0MTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:09.133000',10485760,504000,NULL,0,'2026-11-22 16:43:09.137686','cancelled',4,'2026-11-22 16:43:09.158964','2026-11-22 16:43:09.149940','901c45a4-9d4f-4945-9706-69a30c2cd94f',NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('9fbe142844235712',1574102951968899083,1100000000000001006,'{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102952010842124,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk1MTk2ODg5OTA4MzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:09.168000',10485760,504000,NULL,0,'2026-11-22 16:43:09.176568','unsure',3,'2026-11-22 16:43:09.197867','2026-11-22 16:43:09.190656',NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0);
INSERT INTO "jobs" VALUES('4e9b79de67122042',1574102952107311117,1100000000000001007,'{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102952161837070,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk1MjEwNzMxMTExNzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:09.201000',10485760,504000,NULL,0,'2026-11-22 16:43:09.212676','queued',3,'2026-11-22 16:43:09.233075','2026-11-22 16:43:09.226645','c21319a0-a31d-4307-9712-17dd8d75deea',3,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('924dc50679cbb436',1574102952283471887,1100000000000001008,'{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102952342192144,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk1MjI4MzQ3MTg4NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:09.243000',10485760,504000,NULL,0,'2026-11-22 16:43:09.254913','rendering',3,'2026-11-22 16:43:09.284162','2026-11-22 16:43:09.272688','21520f34-400c-4528-9251-e3148a0dd6b2',NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('7b86a3945f164585',1574102952480604177,1100000000000001009,'{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102952522547218,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk1MjQ4MDYwNDE3NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:09.290000',10485760,504000,NULL,0,'2026-11-22 16:43:09.297910','rendered',3,'2026-11-22 16:43:09.322781','2026-11-22 16:43:09.312094','ed02cfdc-31d8-4e17-9f5f-fd473b03582a',NULL,'[{"kind": "video", "url": "http://127.0.0.1:40815/files/acct-5f2c9e/ed02cfdc-31d8-4e17-9f5f-fd473b03582a/video.mp4"}]',504000,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('895a1c06bbd1097e',1574102952677736467,1100000000000001010,'{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102952719679508,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk1MjY3NzczNjQ2NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:09.337000',10485760,504000,NULL,0,'2026-11-22 16:43:09.345157','submitting',1,'2026-11-22 16:43:09.359413','2026-11-22 16:43:09.359413',NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('6d11be532a78a967',1574102952820342805,1100000000000001011,'{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102952862285846,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk1MjgyMDM0MjgwNTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:09.371000',10485760,504000,NULL,0,'2026-11-22 16:43:09.379532','waiting',2,'2026-11-22 16:43:09.400071',NULL,NULL,NULL,'[]',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0);
INSERT INTO "jobs" VALUES('0123456789abcdef',1574102947569074179,1100000000000002003,'{"prompt":"in_review kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574102947665543172,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDEwMjk0NzU2OTA3NDE3ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:58:08.119000',10485760,504000,NULL,0,'2026-11-22 16:43:08.127291','in_review',0,'2026-11-22 16:43:08.127291',NULL,NULL,NULL,'[]',NULL,NULL,1100000000000000002,1574102947665543173,NULL,NULL,0,0,0);
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
INSERT INTO "ledger" VALUES(1,'911043526bdb1b8a','2026-11-22 16:43:08.127291','reserved','Added',1100000000000001003,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(2,'911043526bdb1b8a','2026-11-22 16:43:08.178170','settled','RenderingSucceeded',1100000000000001003,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(3,'aacfef7f0da24a75','2026-11-22 16:43:09.095702','reserved','Added',1100000000000001004,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(4,'aacfef7f0da24a75','2026-11-22 16:43:09.120226','settled','RenderingFailed',1100000000000001004,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(5,'d8ff7754f1eeafb1','2026-11-22 16:43:09.137686','reserved','Added',1100000000000001005,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(6,'d8ff7754f1eeafb1','2026-11-22 16:43:09.158964','returned','Cancelled',1100000000000001005,1100000000000000001,NULL,-504000,0,-1,0);
INSERT INTO "ledger" VALUES(7,'9fbe142844235712','2026-11-22 16:43:09.176568','reserved','Added',1100000000000001006,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(8,'4e9b79de67122042','2026-11-22 16:43:09.212676','reserved','Added',1100000000000001007,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(9,'924dc50679cbb436','2026-11-22 16:43:09.254913','reserved','Added',1100000000000001008,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(10,'7b86a3945f164585','2026-11-22 16:43:09.297910','reserved','Added',1100000000000001009,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(11,'7b86a3945f164585','2026-11-22 16:43:09.322781','settled','RenderingSucceeded',1100000000000001009,1100000000000000001,NULL,-504000,504000,0,0);
INSERT INTO "ledger" VALUES(12,'895a1c06bbd1097e','2026-11-22 16:43:09.345157','reserved','Added',1100000000000001010,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(13,'6d11be532a78a967','2026-11-22 16:43:09.379532','reserved','Added',1100000000000001011,1100000000000000001,NULL,504000,0,1,0);
INSERT INTO "ledger" VALUES(14,'0123456789abcdef','2026-11-22 16:43:08.127291','reserved','Added',1100000000000002003,1100000000000000001,NULL,504000,0,1,0);
CREATE TABLE ledger_accounts (
	job_id TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	owner_id BIGINT NOT NULL, 
	subject_id BIGINT NOT NULL, 
	period TEXT NOT NULL, 
	CONSTRAINT pk_ledger_accounts PRIMARY KEY (job_id, scope, owner_id, subject_id, period), 
	CONSTRAINT fk_ledger_accounts_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','member',1100000000000000001,1100000000000001003,'2026-11');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','member',1100000000000000001,1100000000000001003,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','operator_user',1100000000000001003,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','operator_user',1100000000000001003,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('911043526bdb1b8a','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','member',1100000000000000001,1100000000000001004,'2026-11');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','member',1100000000000000001,1100000000000001004,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','operator_user',1100000000000001004,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','operator_user',1100000000000001004,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('aacfef7f0da24a75','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','member',1100000000000000001,1100000000000001005,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','member',1100000000000000001,1100000000000001005,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','operator_user',1100000000000001005,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','operator_user',1100000000000001005,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('d8ff7754f1eeafb1','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','member',1100000000000000001,1100000000000001006,'2026-11');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','member',1100000000000000001,1100000000000001006,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','operator_user',1100000000000001006,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','operator_user',1100000000000001006,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('9fbe142844235712','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','member',1100000000000000001,1100000000000001007,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','member',1100000000000000001,1100000000000001007,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','operator_user',1100000000000001007,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','operator_user',1100000000000001007,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('4e9b79de67122042','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','member',1100000000000000001,1100000000000001008,'2026-11');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','member',1100000000000000001,1100000000000001008,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','operator_user',1100000000000001008,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','operator_user',1100000000000001008,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('924dc50679cbb436','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','member',1100000000000000001,1100000000000001009,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','member',1100000000000000001,1100000000000001009,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','operator_user',1100000000000001009,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','operator_user',1100000000000001009,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('7b86a3945f164585','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','member',1100000000000000001,1100000000000001010,'2026-11');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','member',1100000000000000001,1100000000000001010,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','operator_user',1100000000000001010,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','operator_user',1100000000000001010,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('895a1c06bbd1097e','server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','member',1100000000000000001,1100000000000001011,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','member',1100000000000000001,1100000000000001011,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','operator',0,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','operator',0,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','operator_server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','operator_server',1100000000000000001,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','operator_user',1100000000000001011,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','operator_user',1100000000000001011,0,'2026-11-22');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','server',1100000000000000001,0,'2026-11');
INSERT INTO "ledger_accounts" VALUES('6d11be532a78a967','server',1100000000000000001,0,'2026-11-22');
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
INSERT INTO "render_times" VALUES('911043526bdb1b8a',3,19,'2026-11-22 16:43:08.178170');
INSERT INTO "render_times" VALUES('7b86a3945f164585',3,10,'2026-11-22 16:43:09.322781');
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
CREATE INDEX ix_reports_by_user_id_at ON reports (by_user_id, at);
COMMIT;
