CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.job_moves (
    job_id text NOT NULL,
    version integer NOT NULL,
    event text NOT NULL,
    state text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.jobs (
    id text NOT NULL,
    interaction_id bigint NOT NULL,
    requester_id bigint NOT NULL,
    request text NOT NULL,
    private boolean NOT NULL,
    locale text NOT NULL,
    channel_id bigint NOT NULL,
    message_id bigint NOT NULL,
    guild_id bigint,
    reach text NOT NULL,
    ephemeral boolean NOT NULL,
    interaction_token text,
    interaction_token_until timestamp with time zone,
    upload_limit_bytes bigint NOT NULL,
    estimate_microusd bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    state_since timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    request_id text,
    queue_position bigint,
    media text NOT NULL,
    cost_microusd bigint,
    failure text,
    told boolean NOT NULL,
    deleted boolean NOT NULL
);
CREATE TABLE public.pending_wishes (
    interaction_id bigint NOT NULL,
    requester_id bigint NOT NULL,
    request text NOT NULL,
    private boolean NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.preferences (
    user_id bigint NOT NULL,
    notify text,
    language text,
    aspect text,
    duration_s integer,
    sound boolean,
    ask_above_microusd bigint
);
CREATE TABLE public.render_times (
    job_id text NOT NULL,
    duration_s integer NOT NULL,
    took_ms bigint NOT NULL,
    rendered_at timestamp with time zone NOT NULL
);
CREATE TABLE public.storyboard_drafts (
    id text NOT NULL,
    owner_id bigint NOT NULL,
    board text NOT NULL,
    version integer NOT NULL,
    touched_at timestamp with time zone NOT NULL,
    taken_by bigint,
    asked_by bigint
);
CREATE TABLE public.styles (
    guild_id bigint NOT NULL,
    name_key text NOT NULL,
    slot integer NOT NULL,
    name text NOT NULL,
    prompt text NOT NULL,
    negative_prompt text NOT NULL,
    version integer NOT NULL
);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.job_moves VALUES ('420ce8f829b79248', 0, 'Added', 'waiting', '2026-11-22 15:45:22.998834+00');
INSERT INTO public.job_moves VALUES ('420ce8f829b79248', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.024213+00');
INSERT INTO public.job_moves VALUES ('420ce8f829b79248', 2, 'Accepted', 'queued', '2026-11-22 15:45:23.032066+00');
INSERT INTO public.job_moves VALUES ('420ce8f829b79248', 3, 'RenderingSucceeded', 'rendered', '2026-11-22 15:45:23.049272+00');
INSERT INTO public.job_moves VALUES ('420ce8f829b79248', 4, 'Delivered', 'delivered', '2026-11-22 15:45:23.098588+00');
INSERT INTO public.job_moves VALUES ('8066301d473d5f32', 0, 'Added', 'waiting', '2026-11-22 15:45:23.110676+00');
INSERT INTO public.job_moves VALUES ('8066301d473d5f32', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.118701+00');
INSERT INTO public.job_moves VALUES ('8066301d473d5f32', 2, 'Accepted', 'queued', '2026-11-22 15:45:23.124464+00');
INSERT INTO public.job_moves VALUES ('8066301d473d5f32', 3, 'RenderingFailed', 'failed', '2026-11-22 15:45:23.140657+00');
INSERT INTO public.job_moves VALUES ('8066301d473d5f32', 4, 'EndTold', 'failed', '2026-11-22 15:45:23.160968+00');
INSERT INTO public.job_moves VALUES ('d107d6556e7dcaf9', 0, 'Added', 'waiting', '2026-11-22 15:45:23.158938+00');
INSERT INTO public.job_moves VALUES ('d107d6556e7dcaf9', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.169917+00');
INSERT INTO public.job_moves VALUES ('d107d6556e7dcaf9', 2, 'Accepted', 'queued', '2026-11-22 15:45:23.175454+00');
INSERT INTO public.job_moves VALUES ('d107d6556e7dcaf9', 3, 'Cancelled', 'cancelled', '2026-11-22 15:45:23.186842+00');
INSERT INTO public.job_moves VALUES ('d107d6556e7dcaf9', 4, 'EndTold', 'cancelled', '2026-11-22 15:45:23.191794+00');
INSERT INTO public.job_moves VALUES ('3d47b0adfb4ab61f', 0, 'Added', 'waiting', '2026-11-22 15:45:23.202546+00');
INSERT INTO public.job_moves VALUES ('3d47b0adfb4ab61f', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.209432+00');
INSERT INTO public.job_moves VALUES ('3d47b0adfb4ab61f', 2, 'OutcomeLost', 'unsure', '2026-11-22 15:45:23.21427+00');
INSERT INTO public.job_moves VALUES ('3d47b0adfb4ab61f', 3, 'EndTold', 'unsure', '2026-11-22 15:45:23.218103+00');
INSERT INTO public.job_moves VALUES ('d9cd86da6be3ed3d', 0, 'Added', 'waiting', '2026-11-22 15:45:23.231109+00');
INSERT INTO public.job_moves VALUES ('d9cd86da6be3ed3d', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.239511+00');
INSERT INTO public.job_moves VALUES ('d9cd86da6be3ed3d', 2, 'Accepted', 'queued', '2026-11-22 15:45:23.245+00');
INSERT INTO public.job_moves VALUES ('d9cd86da6be3ed3d', 3, 'QueueMoved', 'queued', '2026-11-22 15:45:23.257417+00');
INSERT INTO public.job_moves VALUES ('4f82ee107ad45175', 0, 'Added', 'waiting', '2026-11-22 15:45:23.257717+00');
INSERT INTO public.job_moves VALUES ('4f82ee107ad45175', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.270472+00');
INSERT INTO public.job_moves VALUES ('4f82ee107ad45175', 2, 'Accepted', 'queued', '2026-11-22 15:45:23.275072+00');
INSERT INTO public.job_moves VALUES ('4f82ee107ad45175', 3, 'RenderingBegan', 'rendering', '2026-11-22 15:45:23.27815+00');
INSERT INTO public.job_moves VALUES ('db01105c585e0dfc', 0, 'Added', 'waiting', '2026-11-22 15:45:23.289185+00');
INSERT INTO public.job_moves VALUES ('db01105c585e0dfc', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.296011+00');
INSERT INTO public.job_moves VALUES ('db01105c585e0dfc', 2, 'Accepted', 'queued', '2026-11-22 15:45:23.301129+00');
INSERT INTO public.job_moves VALUES ('db01105c585e0dfc', 3, 'RenderingSucceeded', 'rendered', '2026-11-22 15:45:23.313309+00');
INSERT INTO public.job_moves VALUES ('3673bf60e9a13a9f', 0, 'Added', 'waiting', '2026-11-22 15:45:23.327417+00');
INSERT INTO public.job_moves VALUES ('3673bf60e9a13a9f', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.339534+00');
INSERT INTO public.job_moves VALUES ('9656dd9d884b5410', 0, 'Added', 'waiting', '2026-11-22 15:45:23.360541+00');
INSERT INTO public.job_moves VALUES ('9656dd9d884b5410', 1, 'SendingBegan', 'submitting', '2026-11-22 15:45:23.374293+00');
INSERT INTO public.job_moves VALUES ('9656dd9d884b5410', 2, 'SendingHeldBack', 'waiting', '2026-11-22 15:45:23.383467+00');
INSERT INTO public.jobs VALUES ('420ce8f829b79248', 1574088413798203417, 1100000000000001003, '{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088413852729370, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxMzc5ODIwMzQxNzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:22.998+00', 10485760, 504000, '2026-11-22 15:45:22.998834+00', 'delivered', 4, '2026-11-22 15:45:23.098588+00', '2026-11-22 15:45:23.024213+00', '275b11f9-1974-419e-a0f6-e3fcde6c3175', NULL, '[{"kind": "video", "url": "http://127.0.0.1:37491/files/acct-5f2c9e/275b11f9-1974-419e-a0f6-e3fcde6c3175/video.mp4"}]', 504000, NULL, false, false);
INSERT INTO public.jobs VALUES ('8066301d473d5f32', 1574088414263771166, 1100000000000001004, '{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088414280548383, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxNDI2Mzc3MTE2NjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:23.109+00', 10485760, 504000, '2026-11-22 15:45:23.110676+00', 'failed', 4, '2026-11-22 15:45:23.140657+00', '2026-11-22 15:45:23.118701+00', '1693758f-5354-42c7-b608-c955700eb527', NULL, '[]', 504000, 'generation_failed', true, false);
INSERT INTO public.jobs VALUES ('d107d6556e7dcaf9', 1574088414469292064, 1100000000000001005, '{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088414498652193, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxNDQ2OTI5MjA2NDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:23.158+00', 10485760, 504000, '2026-11-22 15:45:23.158938+00', 'cancelled', 4, '2026-11-22 15:45:23.186842+00', '2026-11-22 15:45:23.169917+00', 'c725e4ab-9cb4-4ffa-bd07-da74af8ebb07', NULL, '[]', NULL, NULL, true, false);
INSERT INTO public.jobs VALUES ('3d47b0adfb4ab61f', 1574088414649647138, 1100000000000001006, '{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088414662230051, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxNDY0OTY0NzEzODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:23.201+00', 10485760, 504000, '2026-11-22 15:45:23.202546+00', 'unsure', 3, '2026-11-22 15:45:23.21427+00', '2026-11-22 15:45:23.209432+00', NULL, NULL, '[]', NULL, NULL, true, false);
INSERT INTO public.jobs VALUES ('d9cd86da6be3ed3d', 1574088414762893348, 1100000000000001007, '{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088414788059173, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxNDc2Mjg5MzM0ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:23.228+00', 10485760, 504000, '2026-11-22 15:45:23.231109+00', 'queued', 3, '2026-11-22 15:45:23.245+00', '2026-11-22 15:45:23.239511+00', 'ba783f8c-298c-49be-acd7-68b6a401816a', 3, '[]', NULL, NULL, false, false);
INSERT INTO public.jobs VALUES ('4f82ee107ad45175', 1574088414880333862, 1100000000000001008, '{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088414905499687, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxNDg4MDMzMzg2MjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:23.256+00', 10485760, 504000, '2026-11-22 15:45:23.257717+00', 'rendering', 3, '2026-11-22 15:45:23.27815+00', '2026-11-22 15:45:23.270472+00', '0b23da5e-f631-409f-8745-c85e9f3a7627', NULL, '[]', NULL, NULL, false, false);
INSERT INTO public.jobs VALUES ('db01105c585e0dfc', 1574088415010357288, 1100000000000001009, '{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088415027134505, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxNTAxMDM1NzI4ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:23.287+00', 10485760, 504000, '2026-11-22 15:45:23.289185+00', 'rendered', 3, '2026-11-22 15:45:23.313309+00', '2026-11-22 15:45:23.296011+00', 'bedd398a-bdfe-461f-a490-905f79c5a518', NULL, '[{"kind": "video", "url": "http://127.0.0.1:37491/files/acct-5f2c9e/bedd398a-bdfe-461f-a490-905f79c5a518/video.mp4"}]', 504000, NULL, false, false);
INSERT INTO public.jobs VALUES ('3673bf60e9a13a9f', 1574088415169740842, 1100000000000001010, '{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088415199100971, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxNTE2OTc0MDg0MjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:23.325+00', 10485760, 504000, '2026-11-22 15:45:23.327417+00', 'submitting', 1, '2026-11-22 15:45:23.339534+00', '2026-11-22 15:45:23.339534+00', NULL, NULL, '[]', NULL, NULL, false, false);
INSERT INTO public.jobs VALUES ('9656dd9d884b5410', 1574088415308152876, 1100000000000001011, '{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574088415333318701, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA4ODQxNTMwODE1Mjg3NjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:00:23.358+00', 10485760, 504000, '2026-11-22 15:45:23.360541+00', 'waiting', 2, '2026-11-22 15:45:23.383467+00', NULL, NULL, NULL, '[]', NULL, NULL, false, false);
INSERT INTO public.render_times VALUES ('420ce8f829b79248', 3, 25, '2026-11-22 15:45:23.049272+00');
INSERT INTO public.render_times VALUES ('db01105c585e0dfc', 3, 17, '2026-11-22 15:45:23.313309+00');
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.job_moves
    ADD CONSTRAINT pk_job_moves PRIMARY KEY (job_id, version);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT pk_jobs PRIMARY KEY (id);
ALTER TABLE ONLY public.pending_wishes
    ADD CONSTRAINT pk_pending_wishes PRIMARY KEY (interaction_id);
ALTER TABLE ONLY public.preferences
    ADD CONSTRAINT pk_preferences PRIMARY KEY (user_id);
ALTER TABLE ONLY public.render_times
    ADD CONSTRAINT pk_render_times PRIMARY KEY (job_id);
ALTER TABLE ONLY public.storyboard_drafts
    ADD CONSTRAINT pk_storyboard_drafts PRIMARY KEY (id);
ALTER TABLE ONLY public.styles
    ADD CONSTRAINT pk_styles PRIMARY KEY (guild_id, name_key);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT uq_jobs_interaction_id UNIQUE (interaction_id);
ALTER TABLE ONLY public.styles
    ADD CONSTRAINT uq_styles_guild_id_slot UNIQUE (guild_id, slot);
CREATE INDEX ix_jobs_guild_id_created_at ON public.jobs USING btree (guild_id, created_at);
CREATE INDEX ix_jobs_requester_id_created_at ON public.jobs USING btree (requester_id, created_at);
CREATE INDEX ix_jobs_state_told ON public.jobs USING btree (state, told);
CREATE INDEX ix_pending_wishes_expires_at ON public.pending_wishes USING btree (expires_at);
CREATE INDEX ix_render_times_duration_s_rendered_at ON public.render_times USING btree (duration_s, rendered_at);
CREATE INDEX ix_storyboard_drafts_owner_id_touched_at ON public.storyboard_drafts USING btree (owner_id, touched_at);
CREATE INDEX ix_storyboard_drafts_touched_at ON public.storyboard_drafts USING btree (touched_at);
ALTER TABLE ONLY public.job_moves
    ADD CONSTRAINT fk_job_moves_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.render_times
    ADD CONSTRAINT fk_render_times_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
