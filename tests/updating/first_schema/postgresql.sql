CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;
    RETURN job_ids;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;
    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;
    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;
    RETURN _job_id;
END;
$$;
CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;
 RETURN found_jobs;
END;
$$;
CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
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
    server_id bigint,
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
    review_channel_id bigint,
    review_message_id bigint,
    reviewed_by bigint,
    declined_because text,
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
    spoiler boolean NOT NULL,
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
CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;
CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;
CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;
CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.render_times (
    job_id text NOT NULL,
    duration_s integer NOT NULL,
    took_ms bigint NOT NULL,
    rendered_at timestamp with time zone NOT NULL
);
CREATE TABLE public.reports (
    job_id text NOT NULL,
    by_user_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
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
ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);
ALTER TABLE ONLY public.server_keys ALTER COLUMN id SET DEFAULT nextval('public.server_keys_id_seq'::regclass);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001006, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001006, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001003, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001003, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001006, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001006, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001003, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001003, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001010, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001010, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001010, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001010, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001007, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001007, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001007, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001007, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001004, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001004, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001004, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001004, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator', 0, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator', 0, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001008, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001008, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001008, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001008, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_server', 1100000000000000001, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator_server', 1100000000000000001, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('server', 1100000000000000001, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('server', 1100000000000000001, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001011, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001011, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001005, '2026-11', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001005, '2026-11-22', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001005, 0, '2026-11', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001005, 0, '2026-11-22', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001011, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001011, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001009, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001009, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001009, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001009, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.job_moves VALUES ('2b823ec4a15695d7', 0, 'Added', 'waiting', '2026-11-22 22:46:04.876174+00');
INSERT INTO public.job_moves VALUES ('2b823ec4a15695d7', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:04.925255+00');
INSERT INTO public.job_moves VALUES ('2b823ec4a15695d7', 2, 'Accepted', 'queued', '2026-11-22 22:46:04.937335+00');
INSERT INTO public.job_moves VALUES ('2b823ec4a15695d7', 3, 'RenderingSucceeded', 'rendered', '2026-11-22 22:46:04.956343+00');
INSERT INTO public.job_moves VALUES ('2b823ec4a15695d7', 4, 'Delivered', 'delivered', '2026-11-22 22:46:05.0575+00');
INSERT INTO public.job_moves VALUES ('88381016c635d100', 0, 'Added', 'waiting', '2026-11-22 22:46:05.07683+00');
INSERT INTO public.job_moves VALUES ('88381016c635d100', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:05.098551+00');
INSERT INTO public.job_moves VALUES ('88381016c635d100', 2, 'Accepted', 'queued', '2026-11-22 22:46:05.106132+00');
INSERT INTO public.job_moves VALUES ('88381016c635d100', 3, 'RenderingFailed', 'failed', '2026-11-22 22:46:05.116934+00');
INSERT INTO public.job_moves VALUES ('88381016c635d100', 4, 'EndTold', 'failed', '2026-11-22 22:46:05.130894+00');
INSERT INTO public.job_moves VALUES ('5c9618af930b7311', 0, 'Added', 'waiting', '2026-11-22 22:46:05.139588+00');
INSERT INTO public.job_moves VALUES ('5c9618af930b7311', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:05.159013+00');
INSERT INTO public.job_moves VALUES ('5c9618af930b7311', 2, 'Accepted', 'queued', '2026-11-22 22:46:05.166731+00');
INSERT INTO public.job_moves VALUES ('5c9618af930b7311', 3, 'Cancelled', 'cancelled', '2026-11-22 22:46:05.176863+00');
INSERT INTO public.job_moves VALUES ('5c9618af930b7311', 4, 'EndTold', 'cancelled', '2026-11-22 22:46:05.191062+00');
INSERT INTO public.job_moves VALUES ('fbde1c3a203fc086', 0, 'Added', 'waiting', '2026-11-22 22:46:05.197567+00');
INSERT INTO public.job_moves VALUES ('fbde1c3a203fc086', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:05.214545+00');
INSERT INTO public.job_moves VALUES ('fbde1c3a203fc086', 2, 'OutcomeLost', 'unsure', '2026-11-22 22:46:05.220596+00');
INSERT INTO public.job_moves VALUES ('fbde1c3a203fc086', 3, 'EndTold', 'unsure', '2026-11-22 22:46:05.228914+00');
INSERT INTO public.job_moves VALUES ('b3d3395e07acb6c8', 0, 'Added', 'waiting', '2026-11-22 22:46:05.236461+00');
INSERT INTO public.job_moves VALUES ('b3d3395e07acb6c8', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:05.253277+00');
INSERT INTO public.job_moves VALUES ('b3d3395e07acb6c8', 2, 'Accepted', 'queued', '2026-11-22 22:46:05.259849+00');
INSERT INTO public.job_moves VALUES ('b3d3395e07acb6c8', 3, 'QueueMoved', 'queued', '2026-11-22 22:46:05.270873+00');
INSERT INTO public.job_moves VALUES ('722d013623796f9c', 0, 'Added', 'waiting', '2026-11-22 22:46:05.27975+00');
INSERT INTO public.job_moves VALUES ('722d013623796f9c', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:05.297699+00');
INSERT INTO public.job_moves VALUES ('722d013623796f9c', 2, 'Accepted', 'queued', '2026-11-22 22:46:05.304141+00');
INSERT INTO public.job_moves VALUES ('722d013623796f9c', 3, 'RenderingBegan', 'rendering', '2026-11-22 22:46:05.314054+00');
INSERT INTO public.job_moves VALUES ('bdad1bde6ed6cc75', 0, 'Added', 'waiting', '2026-11-22 22:46:05.32974+00');
INSERT INTO public.job_moves VALUES ('bdad1bde6ed6cc75', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:05.353445+00');
INSERT INTO public.job_moves VALUES ('bdad1bde6ed6cc75', 2, 'Accepted', 'queued', '2026-11-22 22:46:05.36334+00');
INSERT INTO public.job_moves VALUES ('bdad1bde6ed6cc75', 3, 'RenderingSucceeded', 'rendered', '2026-11-22 22:46:05.367621+00');
INSERT INTO public.job_moves VALUES ('62fce5cf493045e6', 0, 'Added', 'waiting', '2026-11-22 22:46:05.391769+00');
INSERT INTO public.job_moves VALUES ('62fce5cf493045e6', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:05.414669+00');
INSERT INTO public.job_moves VALUES ('bb3a31cccd2fc9a4', 0, 'Added', 'waiting', '2026-11-22 22:46:05.435245+00');
INSERT INTO public.job_moves VALUES ('bb3a31cccd2fc9a4', 1, 'SendingBegan', 'submitting', '2026-11-22 22:46:05.461288+00');
INSERT INTO public.job_moves VALUES ('bb3a31cccd2fc9a4', 2, 'SendingHeldBack', 'waiting', '2026-11-22 22:46:05.47141+00');
INSERT INTO public.job_moves VALUES ('0123456789abcdef', 0, 'Added', 'in_review', '2026-11-22 22:46:04.876174+00');
INSERT INTO public.jobs VALUES ('2b823ec4a15695d7', 1574194285878706201, 1100000000000001003, '{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194285966786586, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4NTg3ODcwNjIwMTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:04.869+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:04.876174+00', 'delivered', 4, '2026-11-22 22:46:05.0575+00', '2026-11-22 22:46:04.925255+00', '81102bae-b026-4ec9-8f7a-2777e5dc5de9', NULL, '[{"kind": "video", "url": "http://127.0.0.1:42405/files/acct-5f2c9e/81102bae-b026-4ec9-8f7a-2777e5dc5de9/video.mp4"}]', 504000, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('88381016c635d100', 1574194286709178398, 1100000000000001004, '{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194286759510047, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4NjcwOTE3ODM5ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:05.067+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:05.07683+00', 'failed', 4, '2026-11-22 22:46:05.116934+00', '2026-11-22 22:46:05.098551+00', '7cd7db42-6fc4-4705-a147-959a64da3732', NULL, '[]', 504000, 'generation_failed', NULL, NULL, NULL, NULL, true, false, false);
INSERT INTO public.jobs VALUES ('5c9618af930b7311', 1574194286969225248, 1100000000000001005, '{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194287019556897, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4Njk2OTIyNTI0ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:05.129+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:05.139588+00', 'cancelled', 4, '2026-11-22 22:46:05.176863+00', '2026-11-22 22:46:05.159013+00', '682dab4f-a6b8-4587-9ff1-d763dfd0e488', NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, true, false, false);
INSERT INTO public.jobs VALUES ('fbde1c3a203fc086', 1574194287220883490, 1100000000000001006, '{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194287262826531, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4NzIyMDg4MzQ5MDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:05.189+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:05.197567+00', 'unsure', 3, '2026-11-22 22:46:05.220596+00', '2026-11-22 22:46:05.214545+00', NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, true, false, false);
INSERT INTO public.jobs VALUES ('b3d3395e07acb6c8', 1574194287380267044, 1100000000000001007, '{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194287426404389, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4NzM4MDI2NzA0NDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:05.227+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:05.236461+00', 'queued', 3, '2026-11-22 22:46:05.259849+00', '2026-11-22 22:46:05.253277+00', '8637da0d-5592-4a0d-83ba-3e99208bf1a0', 3, '[]', NULL, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('722d013623796f9c', 1574194287552233510, 1100000000000001008, '{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194287610953767, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4NzU1MjIzMzUxMDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:05.268+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:05.27975+00', 'rendering', 3, '2026-11-22 22:46:05.314054+00', '2026-11-22 22:46:05.297699+00', 'b2e11b5c-5e82-47c7-888e-c8d930e9a095', NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('bdad1bde6ed6cc75', 1574194287782920232, 1100000000000001009, '{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194287816474665, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4Nzc4MjkyMDIzMjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:05.323+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:05.32974+00', 'rendered', 3, '2026-11-22 22:46:05.367621+00', '2026-11-22 22:46:05.353445+00', '0bc35b89-f7df-42d5-9e10-b3b4810112f1', NULL, '[{"kind": "video", "url": "http://127.0.0.1:42405/files/acct-5f2c9e/0bc35b89-f7df-42d5-9e10-b3b4810112f1/video.mp4"}]', 504000, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('62fce5cf493045e6', 1574194288021995562, 1100000000000001010, '{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194288076521515, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4ODAyMTk5NTU2MjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:05.38+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:05.391769+00', 'submitting', 1, '2026-11-22 22:46:05.414669+00', '2026-11-22 22:46:05.414669+00', NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('bb3a31cccd2fc9a4', 1574194288210739244, 1100000000000001011, '{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194288261070893, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4ODIxMDczOTI0NDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:05.425+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:05.435245+00', 'waiting', 2, '2026-11-22 22:46:05.47141+00', NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('0123456789abcdef', 1574194285878706202, 1100000000000002003, '{"prompt":"in_review kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574194285966786587, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDE5NDI4NTg3ODcwNjIwMTpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-22 23:01:04.869+00', 10485760, 504000, NULL, false, '2026-11-22 22:46:04.876174+00', 'in_review', 0, '2026-11-22 22:46:04.876174+00', NULL, NULL, NULL, '[]', NULL, NULL, 1100000000000000002, 1574194285966786588, NULL, NULL, false, false, false);
INSERT INTO public.ledger VALUES (1, '2b823ec4a15695d7', '2026-11-22 22:46:04.876174+00', 'reserved', 'Added', 1100000000000001003, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (2, '2b823ec4a15695d7', '2026-11-22 22:46:04.956343+00', 'settled', 'RenderingSucceeded', 1100000000000001003, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (3, '88381016c635d100', '2026-11-22 22:46:05.07683+00', 'reserved', 'Added', 1100000000000001004, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (4, '88381016c635d100', '2026-11-22 22:46:05.116934+00', 'settled', 'RenderingFailed', 1100000000000001004, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (5, '5c9618af930b7311', '2026-11-22 22:46:05.139588+00', 'reserved', 'Added', 1100000000000001005, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (6, '5c9618af930b7311', '2026-11-22 22:46:05.176863+00', 'returned', 'Cancelled', 1100000000000001005, 1100000000000000001, NULL, -504000, 0, -1, false);
INSERT INTO public.ledger VALUES (7, 'fbde1c3a203fc086', '2026-11-22 22:46:05.197567+00', 'reserved', 'Added', 1100000000000001006, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (8, 'b3d3395e07acb6c8', '2026-11-22 22:46:05.236461+00', 'reserved', 'Added', 1100000000000001007, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (9, '722d013623796f9c', '2026-11-22 22:46:05.27975+00', 'reserved', 'Added', 1100000000000001008, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (10, 'bdad1bde6ed6cc75', '2026-11-22 22:46:05.32974+00', 'reserved', 'Added', 1100000000000001009, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (11, 'bdad1bde6ed6cc75', '2026-11-22 22:46:05.367621+00', 'settled', 'RenderingSucceeded', 1100000000000001009, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (12, '62fce5cf493045e6', '2026-11-22 22:46:05.391769+00', 'reserved', 'Added', 1100000000000001010, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (13, 'bb3a31cccd2fc9a4', '2026-11-22 22:46:05.435245+00', 'reserved', 'Added', 1100000000000001011, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (14, '0123456789abcdef', '2026-11-22 22:46:04.876174+00', 'reserved', 'Added', 1100000000000002003, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'member', 1100000000000000001, 1100000000000001003, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'member', 1100000000000000001, 1100000000000001003, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'operator_user', 1100000000000001003, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'operator_user', 1100000000000001003, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('2b823ec4a15695d7', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'member', 1100000000000000001, 1100000000000001004, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'member', 1100000000000000001, 1100000000000001004, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'operator_user', 1100000000000001004, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'operator_user', 1100000000000001004, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('88381016c635d100', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'member', 1100000000000000001, 1100000000000001005, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'member', 1100000000000000001, 1100000000000001005, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'operator_user', 1100000000000001005, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'operator_user', 1100000000000001005, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('5c9618af930b7311', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'member', 1100000000000000001, 1100000000000001006, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'member', 1100000000000000001, 1100000000000001006, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'operator_user', 1100000000000001006, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'operator_user', 1100000000000001006, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('fbde1c3a203fc086', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'member', 1100000000000000001, 1100000000000001007, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'member', 1100000000000000001, 1100000000000001007, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'operator_user', 1100000000000001007, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'operator_user', 1100000000000001007, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('b3d3395e07acb6c8', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'member', 1100000000000000001, 1100000000000001008, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'member', 1100000000000000001, 1100000000000001008, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'operator_user', 1100000000000001008, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'operator_user', 1100000000000001008, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('722d013623796f9c', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'member', 1100000000000000001, 1100000000000001009, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'member', 1100000000000000001, 1100000000000001009, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'operator_user', 1100000000000001009, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'operator_user', 1100000000000001009, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bdad1bde6ed6cc75', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'member', 1100000000000000001, 1100000000000001010, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'member', 1100000000000000001, 1100000000000001010, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'operator_user', 1100000000000001010, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'operator_user', 1100000000000001010, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('62fce5cf493045e6', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'member', 1100000000000000001, 1100000000000001011, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'member', 1100000000000000001, 1100000000000001011, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'operator_user', 1100000000000001011, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'operator_user', 1100000000000001011, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('bb3a31cccd2fc9a4', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.procrastinate_events VALUES (9, 5, 'deferred', '2026-11-22 22:46:05.249327+00');
INSERT INTO public.procrastinate_events VALUES (10, 5, 'started', '2026-11-22 22:46:05.250607+00');
INSERT INTO public.procrastinate_events VALUES (11, 6, 'deferred', '2026-11-22 22:46:05.292938+00');
INSERT INTO public.procrastinate_events VALUES (12, 6, 'started', '2026-11-22 22:46:05.294189+00');
INSERT INTO public.procrastinate_events VALUES (13, 7, 'deferred', '2026-11-22 22:46:05.346107+00');
INSERT INTO public.procrastinate_events VALUES (14, 7, 'started', '2026-11-22 22:46:05.349179+00');
INSERT INTO public.procrastinate_events VALUES (15, 8, 'deferred', '2026-11-22 22:46:05.410945+00');
INSERT INTO public.procrastinate_events VALUES (16, 8, 'started', '2026-11-22 22:46:05.412047+00');
INSERT INTO public.procrastinate_events VALUES (17, 9, 'deferred', '2026-11-22 22:46:05.454591+00');
INSERT INTO public.procrastinate_events VALUES (18, 9, 'started', '2026-11-22 22:46:05.45565+00');
INSERT INTO public.procrastinate_jobs VALUES (5, 'default', 'watch', 0, 'b3d3395e07acb6c8', NULL, '{"job_id": "b3d3395e07acb6c8"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_jobs VALUES (6, 'default', 'watch', 0, '722d013623796f9c', NULL, '{"job_id": "722d013623796f9c"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_jobs VALUES (7, 'default', 'watch', 0, 'bdad1bde6ed6cc75', NULL, '{"job_id": "bdad1bde6ed6cc75"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_jobs VALUES (8, 'default', 'watch', 0, '62fce5cf493045e6', NULL, '{"job_id": "62fce5cf493045e6"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_jobs VALUES (9, 'default', 'watch', 0, 'bb3a31cccd2fc9a4', NULL, '{"job_id": "bb3a31cccd2fc9a4"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_workers OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-22 22:46:04.866422+00');
INSERT INTO public.render_times VALUES ('2b823ec4a15695d7', 3, 31, '2026-11-22 22:46:04.956343+00');
INSERT INTO public.render_times VALUES ('bdad1bde6ed6cc75', 3, 14, '2026-11-22 22:46:05.367621+00');
SELECT pg_catalog.setval('public.audit_entries_seq_seq', 1, false);
SELECT pg_catalog.setval('public.ledger_adjustments_seq_seq', 1, false);
SELECT pg_catalog.setval('public.ledger_seq_seq', 14, true);
SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 18, true);
SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 9, true);
SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, true);
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
ALTER TABLE ONLY public.reports
    ADD CONSTRAINT pk_reports PRIMARY KEY (job_id, by_user_id);
ALTER TABLE ONLY public.server_keys
    ADD CONSTRAINT pk_server_keys PRIMARY KEY (id);
ALTER TABLE ONLY public.server_settings
    ADD CONSTRAINT pk_server_settings PRIMARY KEY (guild_id);
ALTER TABLE ONLY public.storyboard_drafts
    ADD CONSTRAINT pk_storyboard_drafts PRIMARY KEY (id);
ALTER TABLE ONLY public.styles
    ADD CONSTRAINT pk_styles PRIMARY KEY (guild_id, name_key);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT uq_jobs_interaction_id UNIQUE (interaction_id);
ALTER TABLE ONLY public.styles
    ADD CONSTRAINT uq_styles_guild_id_slot UNIQUE (guild_id, slot);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX ix_audit_entries_guild_id_seq ON public.audit_entries USING btree (guild_id, seq);
CREATE INDEX ix_jobs_erased_created_at ON public.jobs USING btree (erased, created_at);
CREATE INDEX ix_jobs_requester_id_created_at ON public.jobs USING btree (requester_id, created_at);
CREATE INDEX ix_jobs_server_id_created_at ON public.jobs USING btree (server_id, created_at);
CREATE INDEX ix_jobs_state_told ON public.jobs USING btree (state, told);
CREATE INDEX ix_ledger_accounts_scope_owner_id_subject_id_period ON public.ledger_accounts USING btree (scope, owner_id, subject_id, period);
CREATE INDEX ix_ledger_adjustments_at ON public.ledger_adjustments USING btree (at);
CREATE INDEX ix_ledger_at ON public.ledger USING btree (at);
CREATE INDEX ix_ledger_guild_id_at ON public.ledger USING btree (guild_id, at);
CREATE INDEX ix_ledger_job_id ON public.ledger USING btree (job_id);
CREATE INDEX ix_pending_wishes_expires_at ON public.pending_wishes USING btree (expires_at);
CREATE INDEX ix_render_times_duration_s_rendered_at ON public.render_times USING btree (duration_s, rendered_at);
CREATE INDEX ix_reports_by_user_id_at ON public.reports USING btree (by_user_id, at);
CREATE INDEX ix_storyboard_drafts_owner_id_touched_at ON public.storyboard_drafts USING btree (owner_id, touched_at);
CREATE INDEX ix_storyboard_drafts_touched_at ON public.storyboard_drafts USING btree (touched_at);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);
CREATE UNIQUE INDEX uq_server_keys_guild_id_current ON public.server_keys USING btree (guild_id) WHERE (removed_at IS NULL);
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
ALTER TABLE ONLY public.job_moves
    ADD CONSTRAINT fk_job_moves_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT fk_ledger_accounts_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT fk_ledger_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.render_times
    ADD CONSTRAINT fk_render_times_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.reports
    ADD CONSTRAINT fk_reports_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
