CREATE TABLE public.account_balances (
    scope text NOT NULL,
    owner_id bigint NOT NULL,
    subject_id bigint NOT NULL,
    period text NOT NULL,
    held_microusd bigint NOT NULL,
    spent_microusd bigint NOT NULL,
    videos integer NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.audit_entries (
    seq bigint NOT NULL,
    guild_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by_user_id bigint NOT NULL,
    what text NOT NULL,
    before text NOT NULL,
    after text NOT NULL
);
CREATE SEQUENCE public.audit_entries_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_entries_seq_seq OWNED BY public.audit_entries.seq;
CREATE TABLE public.cooldowns (
    user_id bigint NOT NULL,
    again_at timestamp with time zone NOT NULL
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
    key_id bigint,
    spoiler boolean NOT NULL,
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
    erased boolean NOT NULL,
    deleted boolean NOT NULL
);
CREATE TABLE public.ledger (
    seq bigint NOT NULL,
    job_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    why text NOT NULL,
    user_id bigint,
    guild_id bigint,
    key_id bigint,
    held_change_microusd bigint NOT NULL,
    spent_change_microusd bigint NOT NULL,
    videos_change integer NOT NULL,
    is_estimate boolean NOT NULL
);
CREATE TABLE public.ledger_accounts (
    job_id text NOT NULL,
    scope text NOT NULL,
    owner_id bigint NOT NULL,
    subject_id bigint NOT NULL,
    period text NOT NULL
);
CREATE TABLE public.ledger_adjustments (
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by_user_id bigint NOT NULL,
    why text NOT NULL,
    scope text NOT NULL,
    owner_id bigint NOT NULL,
    subject_id bigint NOT NULL,
    period text NOT NULL,
    spent_change_microusd bigint NOT NULL,
    videos_change integer NOT NULL
);
CREATE SEQUENCE public.ledger_adjustments_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.ledger_adjustments_seq_seq OWNED BY public.ledger_adjustments.seq;
CREATE SEQUENCE public.ledger_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.ledger_seq_seq OWNED BY public.ledger.seq;
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
CREATE TABLE public.server_keys (
    id bigint NOT NULL,
    guild_id bigint NOT NULL,
    token text,
    tail text NOT NULL,
    set_by bigint NOT NULL,
    set_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    broken_at timestamp with time zone,
    broken_why text
);
CREATE SEQUENCE public.server_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.server_keys_id_seq OWNED BY public.server_keys.id;
CREATE TABLE public.server_settings (
    guild_id bigint NOT NULL,
    settings text NOT NULL,
    left_at timestamp with time zone
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
ALTER TABLE ONLY public.audit_entries ALTER COLUMN seq SET DEFAULT nextval('public.audit_entries_seq_seq'::regclass);
ALTER TABLE ONLY public.ledger ALTER COLUMN seq SET DEFAULT nextval('public.ledger_seq_seq'::regclass);
ALTER TABLE ONLY public.ledger_adjustments ALTER COLUMN seq SET DEFAULT nextval('public.ledger_adjustments_seq_seq'::regclass);
ALTER TABLE ONLY public.server_keys ALTER COLUMN id SET DEFAULT nextval('public.server_keys_id_seq'::regclass);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001006, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001009, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001009, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001006, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001006, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001003, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001003, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001007, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001003, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001003, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001007, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001010, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001010, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001007, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001007, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001004, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001004, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001008, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001008, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001004, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001004, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001010, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001008, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001008, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001010, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001005, '2026-11', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001005, '2026-11-22', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001011, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001005, 0, '2026-11', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001005, 0, '2026-11-22', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001011, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator', 0, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001006, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001009, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001009, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator', 0, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator_server', 1100000000000000001, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator_server', 1100000000000000001, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001011, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001011, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('server', 1100000000000000001, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('server', 1100000000000000001, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.cooldowns VALUES (1100000000000001003, '2026-11-22 16:11:52.998514+00');
INSERT INTO public.cooldowns VALUES (1100000000000001004, '2026-11-22 16:11:53.174729+00');
INSERT INTO public.cooldowns VALUES (1100000000000001005, '2026-11-22 16:11:53.253544+00');
INSERT INTO public.cooldowns VALUES (1100000000000001006, '2026-11-22 16:11:53.339509+00');
INSERT INTO public.cooldowns VALUES (1100000000000001007, '2026-11-22 16:11:53.400263+00');
INSERT INTO public.cooldowns VALUES (1100000000000001008, '2026-11-22 16:11:53.454226+00');
INSERT INTO public.cooldowns VALUES (1100000000000001009, '2026-11-22 16:11:53.514642+00');
INSERT INTO public.cooldowns VALUES (1100000000000001010, '2026-11-22 16:11:53.634132+00');
INSERT INTO public.cooldowns VALUES (1100000000000001011, '2026-11-22 16:11:53.700104+00');
INSERT INTO public.job_moves VALUES ('31c8f9cb7cded078', 0, 'Added', 'waiting', '2026-11-22 16:11:47.998514+00');
INSERT INTO public.job_moves VALUES ('31c8f9cb7cded078', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.057507+00');
INSERT INTO public.job_moves VALUES ('31c8f9cb7cded078', 2, 'Accepted', 'queued', '2026-11-22 16:11:48.066156+00');
INSERT INTO public.job_moves VALUES ('31c8f9cb7cded078', 3, 'RenderingSucceeded', 'rendered', '2026-11-22 16:11:48.086125+00');
INSERT INTO public.job_moves VALUES ('31c8f9cb7cded078', 4, 'Delivered', 'delivered', '2026-11-22 16:11:48.155336+00');
INSERT INTO public.job_moves VALUES ('933539071e95c3c2', 0, 'Added', 'waiting', '2026-11-22 16:11:48.174729+00');
INSERT INTO public.job_moves VALUES ('933539071e95c3c2', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.200445+00');
INSERT INTO public.job_moves VALUES ('933539071e95c3c2', 2, 'Accepted', 'queued', '2026-11-22 16:11:48.207786+00');
INSERT INTO public.job_moves VALUES ('933539071e95c3c2', 3, 'RenderingFailed', 'failed', '2026-11-22 16:11:48.220984+00');
INSERT INTO public.job_moves VALUES ('933539071e95c3c2', 4, 'EndTold', 'failed', '2026-11-22 16:11:48.238099+00');
INSERT INTO public.job_moves VALUES ('e69e0605cf0cd2d8', 0, 'Added', 'waiting', '2026-11-22 16:11:48.253544+00');
INSERT INTO public.job_moves VALUES ('e69e0605cf0cd2d8', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.281485+00');
INSERT INTO public.job_moves VALUES ('e69e0605cf0cd2d8', 2, 'Accepted', 'queued', '2026-11-22 16:11:48.289629+00');
INSERT INTO public.job_moves VALUES ('e69e0605cf0cd2d8', 3, 'Cancelled', 'cancelled', '2026-11-22 16:11:48.301487+00');
INSERT INTO public.job_moves VALUES ('e69e0605cf0cd2d8', 4, 'EndTold', 'cancelled', '2026-11-22 16:11:48.319088+00');
INSERT INTO public.job_moves VALUES ('60c764c3df899ef3', 0, 'Added', 'waiting', '2026-11-22 16:11:48.339509+00');
INSERT INTO public.job_moves VALUES ('60c764c3df899ef3', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.374437+00');
INSERT INTO public.job_moves VALUES ('60c764c3df899ef3', 2, 'OutcomeLost', 'unsure', '2026-11-22 16:11:48.382087+00');
INSERT INTO public.job_moves VALUES ('60c764c3df899ef3', 3, 'EndTold', 'unsure', '2026-11-22 16:11:48.394804+00');
INSERT INTO public.job_moves VALUES ('233b0066dc8a88d8', 0, 'Added', 'waiting', '2026-11-22 16:11:48.400263+00');
INSERT INTO public.job_moves VALUES ('233b0066dc8a88d8', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.423908+00');
INSERT INTO public.job_moves VALUES ('233b0066dc8a88d8', 2, 'Accepted', 'queued', '2026-11-22 16:11:48.431221+00');
INSERT INTO public.job_moves VALUES ('233b0066dc8a88d8', 3, 'QueueMoved', 'queued', '2026-11-22 16:11:48.442895+00');
INSERT INTO public.job_moves VALUES ('5cc35e297900ff15', 0, 'Added', 'waiting', '2026-11-22 16:11:48.454226+00');
INSERT INTO public.job_moves VALUES ('5cc35e297900ff15', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.478161+00');
INSERT INTO public.job_moves VALUES ('5cc35e297900ff15', 2, 'Accepted', 'queued', '2026-11-22 16:11:48.485745+00');
INSERT INTO public.job_moves VALUES ('5cc35e297900ff15', 3, 'RenderingBegan', 'rendering', '2026-11-22 16:11:48.488801+00');
INSERT INTO public.job_moves VALUES ('55fb10c2aba602cb', 0, 'Added', 'waiting', '2026-11-22 16:11:48.514642+00');
INSERT INTO public.job_moves VALUES ('55fb10c2aba602cb', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.556471+00');
INSERT INTO public.job_moves VALUES ('55fb10c2aba602cb', 2, 'Accepted', 'queued', '2026-11-22 16:11:48.565631+00');
INSERT INTO public.job_moves VALUES ('55fb10c2aba602cb', 3, 'RenderingSucceeded', 'rendered', '2026-11-22 16:11:48.583799+00');
INSERT INTO public.job_moves VALUES ('5e032469d5cef77a', 0, 'Added', 'waiting', '2026-11-22 16:11:48.634132+00');
INSERT INTO public.job_moves VALUES ('5e032469d5cef77a', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.671719+00');
INSERT INTO public.job_moves VALUES ('2d2f59340b017d10', 0, 'Added', 'waiting', '2026-11-22 16:11:48.700104+00');
INSERT INTO public.job_moves VALUES ('2d2f59340b017d10', 1, 'SendingBegan', 'submitting', '2026-11-22 16:11:48.727948+00');
INSERT INTO public.job_moves VALUES ('2d2f59340b017d10', 2, 'SendingHeldBack', 'waiting', '2026-11-22 16:11:48.735889+00');
INSERT INTO public.job_moves VALUES ('0123456789abcdef', 0, 'Added', 'in_review', '2026-11-22 16:11:47.998514+00');
INSERT INTO public.jobs VALUES ('31c8f9cb7cded078', 1574095061723906073, 1100000000000001003, '{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095061824569370, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2MTcyMzkwNjA3MzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:47.987+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:47.998514+00', 'delivered', 4, '2026-11-22 16:11:48.155336+00', '2026-11-22 16:11:48.057507+00', '518588af-8de3-4a2c-8d21-2e71af6e0f6c', NULL, '[{"kind": "video", "url": "http://127.0.0.1:33995/files/acct-5f2c9e/518588af-8de3-4a2c-8d21-2e71af6e0f6c/video.mp4"}]', 504000, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('933539071e95c3c2', 1574095062487269406, 1100000000000001004, '{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095062520823839, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2MjQ4NzI2OTQwNjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:48.169+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:48.174729+00', 'failed', 4, '2026-11-22 16:11:48.220984+00', '2026-11-22 16:11:48.200445+00', '76bd93a9-f3fb-44b3-893d-7680c171d1b7', NULL, '[]', 504000, 'generation_failed', true, false, false);
INSERT INTO public.jobs VALUES ('e69e0605cf0cd2d8', 1574095062818619424, 1100000000000001005, '{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095062847979553, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2MjgxODYxOTQyNDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:48.248+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:48.253544+00', 'cancelled', 4, '2026-11-22 16:11:48.301487+00', '2026-11-22 16:11:48.281485+00', '4287ec46-73b7-4f3d-8705-34b18aeb3169', NULL, '[]', NULL, NULL, true, false, false);
INSERT INTO public.jobs VALUES ('60c764c3df899ef3', 1574095063175135266, 1100000000000001006, '{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095063212884003, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2MzE3NTEzNTI2NjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:48.333+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:48.339509+00', 'unsure', 3, '2026-11-22 16:11:48.382087+00', '2026-11-22 16:11:48.374437+00', NULL, NULL, '[]', NULL, NULL, true, false, false);
INSERT INTO public.jobs VALUES ('233b0066dc8a88d8', 1574095063418404900, 1100000000000001007, '{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095063464542245, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2MzQxODQwNDkwMDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:48.391+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:48.400263+00', 'queued', 3, '2026-11-22 16:11:48.431221+00', '2026-11-22 16:11:48.423908+00', '17724104-a908-4e25-9589-c467a9b1067a', 3, '[]', NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('5cc35e297900ff15', 1574095063623925798, 1100000000000001008, '{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095063691034663, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2MzYyMzkyNTc5ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:48.44+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:48.454226+00', 'rendering', 3, '2026-11-22 16:11:48.488801+00', '2026-11-22 16:11:48.478161+00', 'd729db3d-f07d-4b57-b962-fbef988770c5', NULL, '[]', NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('55fb10c2aba602cb', 1574095063892361256, 1100000000000001009, '{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095063959470121, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2Mzg5MjM2MTI1NjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:48.504+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:48.514642+00', 'rendered', 3, '2026-11-22 16:11:48.583799+00', '2026-11-22 16:11:48.556471+00', '55089fcf-09b2-4c23-8df5-0e2a19c0e73f', NULL, '[{"kind": "video", "url": "http://127.0.0.1:33995/files/acct-5f2c9e/55089fcf-09b2-4c23-8df5-0e2a19c0e73f/video.mp4"}]', 504000, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('5e032469d5cef77a', 1574095064378900522, 1100000000000001010, '{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095064446009387, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2NDM3ODkwMDUyMjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:48.62+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:48.634132+00', 'submitting', 1, '2026-11-22 16:11:48.671719+00', '2026-11-22 16:11:48.671719+00', NULL, NULL, '[]', NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('2d2f59340b017d10', 1574095064689279020, 1100000000000001011, '{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095064722833453, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2NDY4OTI3OTAyMDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:48.694+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:48.700104+00', 'waiting', 2, '2026-11-22 16:11:48.735889+00', NULL, NULL, NULL, '[]', NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('0123456789abcdef', 1574095061723906074, 1100000000000002003, '{"prompt":"in_review kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000002, 1574095061824569371, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDA5NTA2MTcyMzkwNjA3MzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 16:26:47.987+00', 10485760, 504000, NULL, false, '2026-11-22 16:11:47.998514+00', 'in_review', 0, '2026-11-22 16:11:47.998514+00', NULL, NULL, NULL, '[]', NULL, NULL, false, false, false);
INSERT INTO public.ledger VALUES (1, '31c8f9cb7cded078', '2026-11-22 16:11:47.998514+00', 'reserved', 'Added', 1100000000000001003, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (2, '31c8f9cb7cded078', '2026-11-22 16:11:48.086125+00', 'settled', 'RenderingSucceeded', 1100000000000001003, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (3, '933539071e95c3c2', '2026-11-22 16:11:48.174729+00', 'reserved', 'Added', 1100000000000001004, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (4, '933539071e95c3c2', '2026-11-22 16:11:48.220984+00', 'settled', 'RenderingFailed', 1100000000000001004, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (5, 'e69e0605cf0cd2d8', '2026-11-22 16:11:48.253544+00', 'reserved', 'Added', 1100000000000001005, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (6, 'e69e0605cf0cd2d8', '2026-11-22 16:11:48.301487+00', 'returned', 'Cancelled', 1100000000000001005, 1100000000000000001, NULL, -504000, 0, -1, false);
INSERT INTO public.ledger VALUES (7, '60c764c3df899ef3', '2026-11-22 16:11:48.339509+00', 'reserved', 'Added', 1100000000000001006, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (8, '233b0066dc8a88d8', '2026-11-22 16:11:48.400263+00', 'reserved', 'Added', 1100000000000001007, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (9, '5cc35e297900ff15', '2026-11-22 16:11:48.454226+00', 'reserved', 'Added', 1100000000000001008, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (10, '55fb10c2aba602cb', '2026-11-22 16:11:48.514642+00', 'reserved', 'Added', 1100000000000001009, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (11, '55fb10c2aba602cb', '2026-11-22 16:11:48.583799+00', 'settled', 'RenderingSucceeded', 1100000000000001009, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (12, '5e032469d5cef77a', '2026-11-22 16:11:48.634132+00', 'reserved', 'Added', 1100000000000001010, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (13, '2d2f59340b017d10', '2026-11-22 16:11:48.700104+00', 'reserved', 'Added', 1100000000000001011, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (14, '0123456789abcdef', '2026-11-22 16:11:47.998514+00', 'reserved', 'Added', 1100000000000002003, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'member', 1100000000000000001, 1100000000000001003, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'member', 1100000000000000001, 1100000000000001003, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'operator_user', 1100000000000001003, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'operator_user', 1100000000000001003, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('31c8f9cb7cded078', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'member', 1100000000000000001, 1100000000000001004, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'member', 1100000000000000001, 1100000000000001004, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'operator_user', 1100000000000001004, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'operator_user', 1100000000000001004, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('933539071e95c3c2', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'member', 1100000000000000001, 1100000000000001005, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'member', 1100000000000000001, 1100000000000001005, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'operator_user', 1100000000000001005, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'operator_user', 1100000000000001005, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('e69e0605cf0cd2d8', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'member', 1100000000000000001, 1100000000000001006, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'member', 1100000000000000001, 1100000000000001006, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'operator_user', 1100000000000001006, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'operator_user', 1100000000000001006, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('60c764c3df899ef3', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'member', 1100000000000000001, 1100000000000001007, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'member', 1100000000000000001, 1100000000000001007, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'operator_user', 1100000000000001007, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'operator_user', 1100000000000001007, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('233b0066dc8a88d8', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'member', 1100000000000000001, 1100000000000001008, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'member', 1100000000000000001, 1100000000000001008, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'operator_user', 1100000000000001008, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'operator_user', 1100000000000001008, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5cc35e297900ff15', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'member', 1100000000000000001, 1100000000000001009, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'member', 1100000000000000001, 1100000000000001009, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'operator_user', 1100000000000001009, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'operator_user', 1100000000000001009, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('55fb10c2aba602cb', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'member', 1100000000000000001, 1100000000000001010, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'member', 1100000000000000001, 1100000000000001010, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'operator_user', 1100000000000001010, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'operator_user', 1100000000000001010, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5e032469d5cef77a', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'member', 1100000000000000001, 1100000000000001011, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'member', 1100000000000000001, 1100000000000001011, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'operator_user', 1100000000000001011, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'operator_user', 1100000000000001011, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2d2f59340b017d10', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.render_times VALUES ('31c8f9cb7cded078', 3, 28, '2026-11-22 16:11:48.086125+00');
INSERT INTO public.render_times VALUES ('55fb10c2aba602cb', 3, 27, '2026-11-22 16:11:48.583799+00');
SELECT pg_catalog.setval('public.audit_entries_seq_seq', 1, false);
SELECT pg_catalog.setval('public.ledger_adjustments_seq_seq', 1, false);
SELECT pg_catalog.setval('public.ledger_seq_seq', 14, true);
SELECT pg_catalog.setval('public.server_keys_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.account_balances
    ADD CONSTRAINT pk_account_balances PRIMARY KEY (scope, owner_id, subject_id, period);
ALTER TABLE ONLY public.audit_entries
    ADD CONSTRAINT pk_audit_entries PRIMARY KEY (seq);
ALTER TABLE ONLY public.cooldowns
    ADD CONSTRAINT pk_cooldowns PRIMARY KEY (user_id);
ALTER TABLE ONLY public.job_moves
    ADD CONSTRAINT pk_job_moves PRIMARY KEY (job_id, version);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT pk_jobs PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT pk_ledger PRIMARY KEY (seq);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT pk_ledger_accounts PRIMARY KEY (job_id, scope, owner_id, subject_id, period);
ALTER TABLE ONLY public.ledger_adjustments
    ADD CONSTRAINT pk_ledger_adjustments PRIMARY KEY (seq);
ALTER TABLE ONLY public.pending_wishes
    ADD CONSTRAINT pk_pending_wishes PRIMARY KEY (interaction_id);
ALTER TABLE ONLY public.preferences
    ADD CONSTRAINT pk_preferences PRIMARY KEY (user_id);
ALTER TABLE ONLY public.render_times
    ADD CONSTRAINT pk_render_times PRIMARY KEY (job_id);
ALTER TABLE ONLY public.server_keys
    ADD CONSTRAINT pk_server_keys PRIMARY KEY (id);
ALTER TABLE ONLY public.server_settings
    ADD CONSTRAINT pk_server_settings PRIMARY KEY (guild_id);
ALTER TABLE ONLY public.storyboard_drafts
    ADD CONSTRAINT pk_storyboard_drafts PRIMARY KEY (id);
ALTER TABLE ONLY public.styles
    ADD CONSTRAINT pk_styles PRIMARY KEY (guild_id, name_key);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT uq_jobs_interaction_id UNIQUE (interaction_id);
ALTER TABLE ONLY public.styles
    ADD CONSTRAINT uq_styles_guild_id_slot UNIQUE (guild_id, slot);
CREATE INDEX ix_audit_entries_guild_id_seq ON public.audit_entries USING btree (guild_id, seq);
CREATE INDEX ix_jobs_erased_created_at ON public.jobs USING btree (erased, created_at);
CREATE INDEX ix_jobs_guild_id_created_at ON public.jobs USING btree (guild_id, created_at);
CREATE INDEX ix_jobs_requester_id_created_at ON public.jobs USING btree (requester_id, created_at);
CREATE INDEX ix_jobs_state_told ON public.jobs USING btree (state, told);
CREATE INDEX ix_ledger_accounts_scope_owner_id_subject_id_period ON public.ledger_accounts USING btree (scope, owner_id, subject_id, period);
CREATE INDEX ix_ledger_adjustments_at ON public.ledger_adjustments USING btree (at);
CREATE INDEX ix_ledger_at ON public.ledger USING btree (at);
CREATE INDEX ix_ledger_guild_id_at ON public.ledger USING btree (guild_id, at);
CREATE INDEX ix_ledger_job_id ON public.ledger USING btree (job_id);
CREATE INDEX ix_pending_wishes_expires_at ON public.pending_wishes USING btree (expires_at);
CREATE INDEX ix_render_times_duration_s_rendered_at ON public.render_times USING btree (duration_s, rendered_at);
CREATE INDEX ix_storyboard_drafts_owner_id_touched_at ON public.storyboard_drafts USING btree (owner_id, touched_at);
CREATE INDEX ix_storyboard_drafts_touched_at ON public.storyboard_drafts USING btree (touched_at);
CREATE UNIQUE INDEX uq_server_keys_guild_id_current ON public.server_keys USING btree (guild_id) WHERE (removed_at IS NULL);
ALTER TABLE ONLY public.job_moves
    ADD CONSTRAINT fk_job_moves_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT fk_ledger_accounts_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT fk_ledger_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.render_times
    ADD CONSTRAINT fk_render_times_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
