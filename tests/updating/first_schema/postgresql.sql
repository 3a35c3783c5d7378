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
    held_until timestamp with time zone,
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
INSERT INTO public.account_balances VALUES ('everybody', 1100000000000000001, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('everybody', 1100000000000000001, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001005, '2026-11', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001005, '2026-11-22', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001005, 0, '2026-11', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001005, 0, '2026-11-22', 0, 0, 0);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001003, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001003, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator', 0, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator', 0, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001003, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001003, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_server', 1100000000000000001, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator_server', 1100000000000000001, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('server', 1100000000000000001, 0, '2026-11', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('server', 1100000000000000001, 0, '2026-11-22', 2520000, 1512000, 8);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001011, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001011, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001006, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001006, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001006, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001006, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001011, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001011, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001004, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001004, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001004, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001004, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001009, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001009, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001009, 0, '2026-11', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001009, 0, '2026-11-22', 0, 504000, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001007, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001007, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001007, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001007, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001008, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001008, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001008, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001008, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001010, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('member', 1100000000000000001, 1100000000000001010, '2026-11-22', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001010, 0, '2026-11', 504000, 0, 1);
INSERT INTO public.account_balances VALUES ('operator_user', 1100000000000001010, 0, '2026-11-22', 504000, 0, 1);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.job_moves VALUES ('ced69e8accb4c3ee', 0, 'Added', 'waiting', '2026-11-22 23:47:05.728844+00');
INSERT INTO public.job_moves VALUES ('ced69e8accb4c3ee', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:05.825499+00');
INSERT INTO public.job_moves VALUES ('ced69e8accb4c3ee', 2, 'Accepted', 'queued', '2026-11-22 23:47:05.843718+00');
INSERT INTO public.job_moves VALUES ('ced69e8accb4c3ee', 3, 'RenderingSucceeded', 'rendered', '2026-11-22 23:47:05.862944+00');
INSERT INTO public.job_moves VALUES ('ced69e8accb4c3ee', 4, 'Delivered', 'delivered', '2026-11-22 23:47:05.922852+00');
INSERT INTO public.job_moves VALUES ('7b6632ab6751c8b7', 0, 'Added', 'waiting', '2026-11-22 23:47:05.945184+00');
INSERT INTO public.job_moves VALUES ('7b6632ab6751c8b7', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:05.973047+00');
INSERT INTO public.job_moves VALUES ('7b6632ab6751c8b7', 2, 'Accepted', 'queued', '2026-11-22 23:47:05.985231+00');
INSERT INTO public.job_moves VALUES ('7b6632ab6751c8b7', 3, 'RenderingFailed', 'failed', '2026-11-22 23:47:06.004652+00');
INSERT INTO public.job_moves VALUES ('7b6632ab6751c8b7', 4, 'EndTold', 'failed', '2026-11-22 23:47:06.023988+00');
INSERT INTO public.job_moves VALUES ('0f098e774af7b4c5', 0, 'Added', 'waiting', '2026-11-22 23:47:06.049251+00');
INSERT INTO public.job_moves VALUES ('0f098e774af7b4c5', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:06.082144+00');
INSERT INTO public.job_moves VALUES ('0f098e774af7b4c5', 2, 'Accepted', 'queued', '2026-11-22 23:47:06.096256+00');
INSERT INTO public.job_moves VALUES ('0f098e774af7b4c5', 3, 'Cancelled', 'cancelled', '2026-11-22 23:47:06.118606+00');
INSERT INTO public.job_moves VALUES ('0f098e774af7b4c5', 4, 'EndTold', 'cancelled', '2026-11-22 23:47:06.151771+00');
INSERT INTO public.job_moves VALUES ('8063ea0919c6f677', 0, 'Added', 'waiting', '2026-11-22 23:47:06.193334+00');
INSERT INTO public.job_moves VALUES ('8063ea0919c6f677', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:06.248995+00');
INSERT INTO public.job_moves VALUES ('8063ea0919c6f677', 2, 'OutcomeLost', 'unsure', '2026-11-22 23:47:06.269941+00');
INSERT INTO public.job_moves VALUES ('8063ea0919c6f677', 3, 'EndTold', 'unsure', '2026-11-22 23:47:06.28104+00');
INSERT INTO public.job_moves VALUES ('762231432ddd7cb8', 0, 'Added', 'waiting', '2026-11-22 23:47:06.325505+00');
INSERT INTO public.job_moves VALUES ('762231432ddd7cb8', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:06.715666+00');
INSERT INTO public.job_moves VALUES ('762231432ddd7cb8', 2, 'Accepted', 'queued', '2026-11-22 23:47:06.745066+00');
INSERT INTO public.job_moves VALUES ('762231432ddd7cb8', 3, 'QueueMoved', 'queued', '2026-11-22 23:47:06.770621+00');
INSERT INTO public.job_moves VALUES ('d389949d074ebddb', 0, 'Added', 'waiting', '2026-11-22 23:47:06.809364+00');
INSERT INTO public.job_moves VALUES ('d389949d074ebddb', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:06.829948+00');
INSERT INTO public.job_moves VALUES ('d389949d074ebddb', 2, 'Accepted', 'queued', '2026-11-22 23:47:06.841525+00');
INSERT INTO public.job_moves VALUES ('d389949d074ebddb', 3, 'RenderingBegan', 'rendering', '2026-11-22 23:47:06.899926+00');
INSERT INTO public.job_moves VALUES ('7bb3d3d60b9e4323', 0, 'Added', 'waiting', '2026-11-22 23:47:06.934088+00');
INSERT INTO public.job_moves VALUES ('7bb3d3d60b9e4323', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:06.96479+00');
INSERT INTO public.job_moves VALUES ('7bb3d3d60b9e4323', 2, 'Accepted', 'queued', '2026-11-22 23:47:06.98187+00');
INSERT INTO public.job_moves VALUES ('7bb3d3d60b9e4323', 3, 'RenderingSucceeded', 'rendered', '2026-11-22 23:47:07.013827+00');
INSERT INTO public.job_moves VALUES ('52db8257064ec5fb', 0, 'Added', 'waiting', '2026-11-22 23:47:07.07366+00');
INSERT INTO public.job_moves VALUES ('52db8257064ec5fb', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:07.146372+00');
INSERT INTO public.job_moves VALUES ('206c4d553a478907', 0, 'Added', 'waiting', '2026-11-22 23:47:07.268469+00');
INSERT INTO public.job_moves VALUES ('206c4d553a478907', 1, 'SendingBegan', 'submitting', '2026-11-22 23:47:07.299726+00');
INSERT INTO public.job_moves VALUES ('206c4d553a478907', 2, 'SendingHeldBack', 'waiting', '2026-11-22 23:47:07.315351+00');
INSERT INTO public.job_moves VALUES ('0123456789abcdef', 0, 'Added', 'in_review', '2026-11-22 23:47:05.728844+00');
INSERT INTO public.jobs VALUES ('ced69e8accb4c3ee', 1574209640466481177, 1100000000000001003, '{"prompt":"delivered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209640785248282, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0MDQ2NjQ4MTE3NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:05.688+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:05.728844+00', 'delivered', 4, '2026-11-22 23:47:05.922852+00', '2026-11-22 23:47:05.825499+00', NULL, '700da60b-eaa9-41ac-a25f-e572ea451639', NULL, '[{"kind": "video", "url": "http://127.0.0.1:37747/files/acct-5f2c9e/700da60b-eaa9-41ac-a25f-e572ea451639/video.mp4"}]', 504000, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('7b6632ab6751c8b7', 1574209641519251486, 1100000000000001004, '{"prompt":"failed kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209641565388831, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0MTUxOTI1MTQ4NjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:05.939+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:05.945184+00', 'failed', 4, '2026-11-22 23:47:06.004652+00', '2026-11-22 23:47:05.973047+00', NULL, '1bba18d9-4ca0-46cc-9f98-cfa30633deb7', NULL, '[]', 504000, 'generation_failed', NULL, NULL, NULL, NULL, true, false, false);
INSERT INTO public.jobs VALUES ('0f098e774af7b4c5', 1574209641942876192, 1100000000000001005, '{"prompt":"cancelled kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209642009985057, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0MTk0Mjg3NjE5MjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:06.04+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:06.049251+00', 'cancelled', 4, '2026-11-22 23:47:06.118606+00', '2026-11-22 23:47:06.082144+00', NULL, '4bcfe669-4286-4f87-8d44-2a1e9ab0517f', NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, true, false, false);
INSERT INTO public.jobs VALUES ('8063ea0919c6f677', 1574209642404249634, 1100000000000001006, '{"prompt":"unsure kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209642622353443, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0MjQwNDI0OTYzNDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:06.15+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:06.193334+00', 'unsure', 3, '2026-11-22 23:47:06.269941+00', '2026-11-22 23:47:06.248995+00', NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, true, false, false);
INSERT INTO public.jobs VALUES ('762231432ddd7cb8', 1574209643037589540, 1100000000000001007, '{"prompt":"queued kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209643163418661, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0MzAzNzU4OTU0MDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:06.301+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:06.325505+00', 'queued', 3, '2026-11-22 23:47:06.745066+00', '2026-11-22 23:47:06.715666+00', NULL, 'a62b9626-a27e-479a-872a-33ede2614919', 3, '[]', NULL, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('d389949d074ebddb', 1574209645000523814, 1100000000000001008, '{"prompt":"rendering kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209645176684583, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0NTAwMDUyMzgxNDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:06.769+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:06.809364+00', 'rendering', 3, '2026-11-22 23:47:06.899926+00', '2026-11-22 23:47:06.829948+00', NULL, 'c447e56c-0c53-4810-8869-4f971432ec8c', NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('7bb3d3d60b9e4323', 1574209645654835240, 1100000000000001009, '{"prompt":"rendered kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209645713555497, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0NTY1NDgzNTI0MDpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:06.925+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:06.934088+00', 'rendered', 3, '2026-11-22 23:47:07.013827+00', '2026-11-22 23:47:06.96479+00', NULL, 'a44c3202-8035-42d7-8341-43c27752fcf8', NULL, '[{"kind": "video", "url": "http://127.0.0.1:37747/files/acct-5f2c9e/a44c3202-8035-42d7-8341-43c27752fcf8/video.mp4"}]', 504000, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('52db8257064ec5fb', 1574209646162346026, 1100000000000001010, '{"prompt":"submitting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209646292369451, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0NjE2MjM0NjAyNjpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:07.046+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:07.07366+00', 'submitting', 1, '2026-11-22 23:47:07.146372+00', '2026-11-22 23:47:07.146372+00', NULL, NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('206c4d553a478907', 1574209646854406188, 1100000000000001011, '{"prompt":"waiting kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209647106064429, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0Njg1NDQwNjE4ODpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:07.211+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:07.268469+00', 'waiting', 2, '2026-11-22 23:47:07.315351+00', NULL, '2026-11-22 23:48:07.315337+00', NULL, NULL, '[]', NULL, NULL, NULL, NULL, NULL, NULL, false, false, false);
INSERT INTO public.jobs VALUES ('0123456789abcdef', 1574209640466481178, 1100000000000002003, '{"prompt":"in_review kite","negative_prompt":null,"duration_s":3,"aspect":"16:9","sound":true,"guidance":0.5,"shots":[],"style":null}', false, 'en', 1100000000000000001, 1100000000000000002, 1574209640785248283, 1100000000000000001, 'bot', false, 'aW50ZXJhY3Rpb246MTU3NDIwOTY0MDQ2NjQ4MTE3NzpjYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnljYW5hcnk=', '2026-11-23 00:02:05.688+00', 10485760, 504000, NULL, false, '2026-11-22 23:47:05.728844+00', 'in_review', 0, '2026-11-22 23:47:05.728844+00', NULL, NULL, NULL, NULL, '[]', NULL, NULL, 1100000000000000002, 1574209640785248284, NULL, NULL, false, false, false);
INSERT INTO public.ledger VALUES (1, 'ced69e8accb4c3ee', '2026-11-22 23:47:05.728844+00', 'reserved', 'Added', 1100000000000001003, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (2, 'ced69e8accb4c3ee', '2026-11-22 23:47:05.862944+00', 'settled', 'RenderingSucceeded', 1100000000000001003, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (3, '7b6632ab6751c8b7', '2026-11-22 23:47:05.945184+00', 'reserved', 'Added', 1100000000000001004, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (4, '7b6632ab6751c8b7', '2026-11-22 23:47:06.004652+00', 'settled', 'RenderingFailed', 1100000000000001004, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (5, '0f098e774af7b4c5', '2026-11-22 23:47:06.049251+00', 'reserved', 'Added', 1100000000000001005, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (6, '0f098e774af7b4c5', '2026-11-22 23:47:06.118606+00', 'returned', 'Cancelled', 1100000000000001005, 1100000000000000001, NULL, -504000, 0, -1, false);
INSERT INTO public.ledger VALUES (7, '8063ea0919c6f677', '2026-11-22 23:47:06.193334+00', 'reserved', 'Added', 1100000000000001006, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (8, '762231432ddd7cb8', '2026-11-22 23:47:06.325505+00', 'reserved', 'Added', 1100000000000001007, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (9, 'd389949d074ebddb', '2026-11-22 23:47:06.809364+00', 'reserved', 'Added', 1100000000000001008, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (10, '7bb3d3d60b9e4323', '2026-11-22 23:47:06.934088+00', 'reserved', 'Added', 1100000000000001009, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (11, '7bb3d3d60b9e4323', '2026-11-22 23:47:07.013827+00', 'settled', 'RenderingSucceeded', 1100000000000001009, 1100000000000000001, NULL, -504000, 504000, 0, false);
INSERT INTO public.ledger VALUES (12, '52db8257064ec5fb', '2026-11-22 23:47:07.07366+00', 'reserved', 'Added', 1100000000000001010, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (13, '206c4d553a478907', '2026-11-22 23:47:07.268469+00', 'reserved', 'Added', 1100000000000001011, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger VALUES (14, '0123456789abcdef', '2026-11-22 23:47:05.728844+00', 'reserved', 'Added', 1100000000000002003, 1100000000000000001, NULL, 504000, 0, 1, false);
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'member', 1100000000000000001, 1100000000000001003, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'member', 1100000000000000001, 1100000000000001003, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'operator_user', 1100000000000001003, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'operator_user', 1100000000000001003, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('ced69e8accb4c3ee', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'member', 1100000000000000001, 1100000000000001004, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'member', 1100000000000000001, 1100000000000001004, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'operator_user', 1100000000000001004, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'operator_user', 1100000000000001004, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7b6632ab6751c8b7', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'member', 1100000000000000001, 1100000000000001005, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'member', 1100000000000000001, 1100000000000001005, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'operator_user', 1100000000000001005, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'operator_user', 1100000000000001005, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('0f098e774af7b4c5', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'member', 1100000000000000001, 1100000000000001006, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'member', 1100000000000000001, 1100000000000001006, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'operator_user', 1100000000000001006, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'operator_user', 1100000000000001006, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('8063ea0919c6f677', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'member', 1100000000000000001, 1100000000000001007, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'member', 1100000000000000001, 1100000000000001007, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'operator_user', 1100000000000001007, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'operator_user', 1100000000000001007, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('762231432ddd7cb8', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'member', 1100000000000000001, 1100000000000001008, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'member', 1100000000000000001, 1100000000000001008, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'operator_user', 1100000000000001008, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'operator_user', 1100000000000001008, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('d389949d074ebddb', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'member', 1100000000000000001, 1100000000000001009, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'member', 1100000000000000001, 1100000000000001009, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'operator_user', 1100000000000001009, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'operator_user', 1100000000000001009, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('7bb3d3d60b9e4323', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'member', 1100000000000000001, 1100000000000001010, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'member', 1100000000000000001, 1100000000000001010, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'operator_user', 1100000000000001010, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'operator_user', 1100000000000001010, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('52db8257064ec5fb', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'everybody', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'everybody', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'member', 1100000000000000001, 1100000000000001011, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'member', 1100000000000000001, 1100000000000001011, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'operator', 0, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'operator', 0, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'operator_server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'operator_server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'operator_user', 1100000000000001011, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'operator_user', 1100000000000001011, 0, '2026-11-22');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'server', 1100000000000000001, 0, '2026-11');
INSERT INTO public.ledger_accounts VALUES ('206c4d553a478907', 'server', 1100000000000000001, 0, '2026-11-22');
INSERT INTO public.procrastinate_events VALUES (9, 5, 'deferred', '2026-11-22 23:47:06.370519+00');
INSERT INTO public.procrastinate_events VALUES (10, 5, 'started', '2026-11-22 23:47:06.372526+00');
INSERT INTO public.procrastinate_events VALUES (11, 6, 'deferred', '2026-11-22 23:47:06.824502+00');
INSERT INTO public.procrastinate_events VALUES (12, 6, 'started', '2026-11-22 23:47:06.82617+00');
INSERT INTO public.procrastinate_events VALUES (13, 7, 'deferred', '2026-11-22 23:47:06.959939+00');
INSERT INTO public.procrastinate_events VALUES (14, 7, 'started', '2026-11-22 23:47:06.961179+00');
INSERT INTO public.procrastinate_events VALUES (15, 8, 'deferred', '2026-11-22 23:47:07.123793+00');
INSERT INTO public.procrastinate_events VALUES (16, 8, 'started', '2026-11-22 23:47:07.135759+00');
INSERT INTO public.procrastinate_events VALUES (17, 9, 'deferred', '2026-11-22 23:47:07.289796+00');
INSERT INTO public.procrastinate_events VALUES (18, 9, 'started', '2026-11-22 23:47:07.294023+00');
INSERT INTO public.procrastinate_jobs VALUES (5, 'default', 'watch', 0, '762231432ddd7cb8', NULL, '{"job_id": "762231432ddd7cb8"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_jobs VALUES (6, 'default', 'watch', 0, 'd389949d074ebddb', NULL, '{"job_id": "d389949d074ebddb"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_jobs VALUES (7, 'default', 'watch', 0, '7bb3d3d60b9e4323', NULL, '{"job_id": "7bb3d3d60b9e4323"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_jobs VALUES (8, 'default', 'watch', 0, '52db8257064ec5fb', NULL, '{"job_id": "52db8257064ec5fb"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_jobs VALUES (9, 'default', 'watch', 0, '206c4d553a478907', NULL, '{"job_id": "206c4d553a478907"}', 'doing', NULL, 0, false, 1);
INSERT INTO public.procrastinate_workers OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-22 23:47:05.6965+00');
INSERT INTO public.render_times VALUES ('ced69e8accb4c3ee', 3, 37, '2026-11-22 23:47:05.862944+00');
INSERT INTO public.render_times VALUES ('7bb3d3d60b9e4323', 3, 49, '2026-11-22 23:47:07.013827+00');
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
