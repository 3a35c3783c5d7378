BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE job_moves (
	job_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_job_moves PRIMARY KEY (job_id, version), 
	CONSTRAINT fk_job_moves_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "job_moves" VALUES('3604c5631fb83cc9',0,'Added','waiting','2026-11-22 15:45:21.070542');
INSERT INTO "job_moves" VALUES('3604c5631fb83cc9',1,'SendingBegan','submitting','2026-11-22 15:45:21.091188');
INSERT INTO "job_moves" VALUES('3604c5631fb83cc9',2,'Accepted','queued','2026-11-22 15:45:21.100692');
INSERT INTO "job_moves" VALUES('3604c5631fb83cc9',3,'RenderingSucceeded','rendered','2026-11-22 15:45:21.112572');
INSERT INTO "job_moves" VALUES('3604c5631fb83cc9',4,'Delivered','delivered','2026-11-22 15:45:21.866895');
INSERT INTO "job_moves" VALUES('df4b77d486d24732',0,'Added','waiting','2026-11-22 15:45:21.876650');
INSERT INTO "job_moves" VALUES('df4b77d486d24732',1,'SendingBegan','submitting','2026-11-22 15:45:21.883409');
INSERT INTO "job_moves" VALUES('df4b77d486d24732',2,'Accepted','queued','2026-11-22 15:45:21.890065');
INSERT INTO "job_moves" VALUES('df4b77d486d24732',3,'RenderingFailed','failed','2026-11-22 15:45:21.895288');
INSERT INTO "job_moves" VALUES('df4b77d486d24732',4,'EndTold','failed','2026-11-22 15:45:21.898806');
INSERT INTO "job_moves" VALUES('369e465d717c5aad',0,'Added','waiting','2026-11-22 15:45:21.902558');
INSERT INTO "job_moves" VALUES('369e465d717c5aad',1,'SendingBegan','submitting','2026-11-22 15:45:21.909440');
INSERT INTO "job_moves" VALUES('369e465d717c5aad',2,'Accepted','queued','2026-11-22 15:45:21.914923');
INSERT INTO "job_moves" VALUES('369e465d717c5aad',3,'Cancelled','cancelled','2026-11-22 15:45:21.920546');
INSERT INTO "job_moves" VALUES('369e465d717c5aad',4,'EndTold','cancelled','2026-11-22 15:45:21.923530');
INSERT INTO "job_moves" VALUES('2250d758a44fccd3',0,'Added','waiting','2026-11-22 15:45:21.928673');
INSERT INTO "job_moves" VALUES('2250d758a44fccd3',1,'SendingBegan','submitting','2026-11-22 15:45:21.935977');
INSERT INTO "job_moves" VALUES('2250d758a44fccd3',2,'OutcomeLost','unsure','2026-11-22 15:45:21.946771');
INSERT INTO "job_moves" VALUES('2250d758a44fccd3',3,'EndTold','unsure','2026-11-22 15:45:21.954348');
INSERT INTO "job_moves" VALUES('c38c8b509401ea00',0,'Added','waiting','2026-11-22 15:45:21.960950');
INSERT INTO "job_moves" VALUES('c38c8b509401ea00',1,'SendingBegan','submitting','2026-11-22 15:45:21.968411');
INSERT INTO "job_moves" VALUES('c38c8b509401ea00',2,'Accepted','queued','2026-11-22 15:45:21.973887');
INSERT INTO "job_moves" VALUES('c38c8b509401ea00',3,'QueueMoved','queued','2026-11-22 15:45:21.981886');
INSERT INTO "job_moves" VALUES('f54ecda1939a1add',0,'Added','waiting','2026-11-22 15:45:21.984489');
INSERT INTO "job_moves" VALUES('f54ecda1939a1add',1,'SendingBegan','submitting','2026-11-22 15:45:21.998592');
INSERT INTO "job_moves" VALUES('f54ecda1939a1add',2,'Accepted','queued','2026-11-22 15:45:22.003746');
INSERT INTO "job_moves" VALUES('f54ecda1939a1add',3,'RenderingBegan','rendering','2026-11-22 15:45:22.006712');
INSERT INTO "job_moves" VALUES('5951fc8ac890c5d2',0,'Added','waiting','2026-11-22 15:45:22.011950');
INSERT INTO "job_moves" VALUES('5951fc8ac890c5d2',1,'SendingBegan','submitting','2026-11-22 15:45:22.018628');
INSERT INTO "job_moves" VALUES('5951fc8ac890c5d2',2,'Accepted','queued','2026-11-22 15:45:22.023101');
INSERT INTO "job_moves" VALUES('5951fc8ac890c5d2',3,'RenderingSucceeded','rendered','2026-11-22 15:45:22.026864');
INSERT INTO "job_moves" VALUES('ad84948bc66e5770',0,'Added','waiting','2026-11-22 15:45:22.040993');
INSERT INTO "job_moves" VALUES('ad84948bc66e5770',1,'SendingBegan','submitting','2026-11-22 15:45:22.051742');
INSERT INTO "job_moves" VALUES('32afb551f0477409',0,'Added','waiting','2026-11-22 15:45:22.058987');
INSERT INTO "job_moves" VALUES('32afb551f0477409',1,'SendingBegan','submitting','2026-11-22 15:45:22.065058');
INSERT INTO "job_moves" VALUES('32afb551f0477409',2,'SendingHeldBack','waiting','2026-11-22 15:45:22.072758');
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
	deleted BOOLEAN NOT NULL, 
	CONSTRAINT pk_jobs PRIMARY KEY (id), 
	CONSTRAINT uq_jobs_interaction_id UNIQUE (interaction_id)
);
INSERT INTO "jobs" VALUES('3604c5631fb83cc9',1574088405707390978,1100000000000001003,'{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088405766111235,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwNTcwNzM5MDk3ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:21.069000',10485760,504000,'2026-11-22 15:45:21.070542','delivered',4,'2026-11-22 15:45:21.866895','2026-11-22 15:45:21.091188','dd720cfc-783e-4f77-91ba-d186039a81f5',NULL,'[{"kind": "video", "url": "http://127.0.0.1:34699/files/acct-5f2c9e/dd720cfc-783e-4f77-91ba-d186039a81f5/video.mp4"}]',504000,NULL,0,0);
INSERT INTO "jobs" VALUES('df4b77d486d24732',1574088409088000007,1100000000000001004,'{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088409100582920,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwOTA4ODAwMDAwNzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:21.875000',10485760,504000,'2026-11-22 15:45:21.876650','failed',4,'2026-11-22 15:45:21.895288','2026-11-22 15:45:21.883409','9930ec0e-3834-4d61-84fd-2e82401f7fde',NULL,'[]',504000,'generation_failed',1,0);
INSERT INTO "jobs" VALUES('369e465d717c5aad',1574088409197051913,1100000000000001005,'{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088409213829130,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwOTE5NzA1MTkxMzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:21.901000',10485760,504000,'2026-11-22 15:45:21.902558','cancelled',4,'2026-11-22 15:45:21.920546','2026-11-22 15:45:21.909440','0f04eef0-2a1a-4c3d-bce4-982fbfa65028',NULL,'[]',NULL,NULL,1,0);
INSERT INTO "jobs" VALUES('2250d758a44fccd3',1574088409306103819,1100000000000001006,'{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088409318686732,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwOTMwNjEwMzgxOTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:21.927000',10485760,504000,'2026-11-22 15:45:21.928673','unsure',3,'2026-11-22 15:45:21.946771','2026-11-22 15:45:21.935977',NULL,NULL,'[]',NULL,NULL,1,0);
INSERT INTO "jobs" VALUES('c38c8b509401ea00',1574088409436127245,1100000000000001007,'{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088409461293070,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwOTQzNjEyNzI0NTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:21.958000',10485760,504000,'2026-11-22 15:45:21.960950','queued',3,'2026-11-22 15:45:21.973887','2026-11-22 15:45:21.968411','1662aba3-3345-4c7d-9b45-c4475599c5ec',3,'[]',NULL,NULL,0,0);
INSERT INTO "jobs" VALUES('f54ecda1939a1add',1574088409540984847,1100000000000001008,'{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088409566150672,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwOTU0MDk4NDg0NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:21.983000',10485760,504000,'2026-11-22 15:45:21.984489','rendering',3,'2026-11-22 15:45:22.006712','2026-11-22 15:45:21.998592','063965b6-d2c8-4e29-a828-5978f3398527',NULL,'[]',NULL,NULL,0,0);
INSERT INTO "jobs" VALUES('5951fc8ac890c5d2',1574088409654231057,1100000000000001009,'{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088409671008274,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwOTY1NDIzMTA1NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:22.010000',10485760,504000,'2026-11-22 15:45:22.011950','rendered',3,'2026-11-22 15:45:22.026864','2026-11-22 15:45:22.018628','20876a52-8d9a-4fa1-a263-7d6a0c0a7e45',NULL,'[{"kind": "video", "url": "http://127.0.0.1:34699/files/acct-5f2c9e/20876a52-8d9a-4fa1-a263-7d6a0c0a7e45/video.mp4"}]',504000,NULL,0,0);
INSERT INTO "jobs" VALUES('ad84948bc66e5770',1574088409775865875,1100000000000001010,'{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088409792643092,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwOTc3NTg2NTg3NTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:22.039000',10485760,504000,'2026-11-22 15:45:22.040993','submitting',1,'2026-11-22 15:45:22.051742','2026-11-22 15:45:22.051742',NULL,NULL,'[]',NULL,NULL,0,0);
INSERT INTO "jobs" VALUES('32afb551f0477409',1574088409855557653,1100000000000001011,'{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}',0,'en',1100000000000000002,1574088409868140566,1100000000000000001,'bot',0,'aW50ZXJhY3Rpb246MTU3NDA4ODQwOTg1NTU1NzY1MzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=','2026-11-22 16:00:22.058000',10485760,504000,'2026-11-22 15:45:22.058987','waiting',2,'2026-11-22 15:45:22.072758',NULL,NULL,NULL,'[]',NULL,NULL,0,0);
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
INSERT INTO "render_times" VALUES('3604c5631fb83cc9',3,21,'2026-11-22 15:45:21.112572');
INSERT INTO "render_times" VALUES('5951fc8ac890c5d2',3,8,'2026-11-22 15:45:22.026864');
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
CREATE INDEX ix_storyboard_drafts_owner_id_touched_at ON storyboard_drafts (owner_id, touched_at);
CREATE INDEX ix_storyboard_drafts_touched_at ON storyboard_drafts (touched_at);
CREATE INDEX ix_render_times_duration_s_rendered_at ON render_times (duration_s, rendered_at);
CREATE INDEX ix_pending_wishes_expires_at ON pending_wishes (expires_at);
COMMIT;
