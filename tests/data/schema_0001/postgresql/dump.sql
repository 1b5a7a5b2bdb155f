CREATE TABLE public.address (
    email_index bytea NOT NULL,
    bucket smallint NOT NULL,
    subscriber_id bigint NOT NULL
);
CREATE TABLE public.address_change (
    bucket smallint NOT NULL,
    id bigint NOT NULL,
    subscriber_id bigint NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor character varying NOT NULL,
    origin character varying NOT NULL,
    action character varying NOT NULL,
    target character varying,
    changed bigint
);
CREATE SEQUENCE public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.audit_id_seq OWNED BY public.audit.id;
CREATE TABLE public.bounce_count (
    bucket smallint NOT NULL,
    subscriber_id bigint NOT NULL,
    failures jsonb NOT NULL
);
CREATE TABLE public.bucket_lease (
    bucket smallint NOT NULL,
    worker character varying,
    lease_until timestamp with time zone
);
CREATE TABLE public.canary (
    frequency character varying NOT NULL,
    subscriber_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    emitted_at timestamp with time zone,
    returned_at timestamp with time zone
);
CREATE TABLE public.change (
    seq bigint NOT NULL,
    nct_id character varying NOT NULL,
    kind character varying NOT NULL,
    level integer NOT NULL,
    before jsonb,
    after jsonb,
    recorded_at timestamp with time zone NOT NULL,
    event_id bigint,
    corrects bigint,
    revision bigint,
    told_seq bigint,
    due_seq bigint,
    replaced_seq bigint
);
CREATE TABLE public.change_topic (
    topic_id bigint NOT NULL,
    seq bigint NOT NULL
);
CREATE TABLE public.condition_closure (
    condition character varying NOT NULL,
    ancestor character varying NOT NULL
);
CREATE TABLE public.condition_name (
    topic_id bigint NOT NULL,
    folded character varying NOT NULL,
    name character varying NOT NULL,
    preferred boolean NOT NULL,
    name_key character varying,
    mentioned boolean NOT NULL
);
CREATE TABLE public.condition_parent (
    child character varying NOT NULL,
    parent character varying NOT NULL
);
CREATE TABLE public.condition_state (
    key character varying NOT NULL,
    observed_at timestamp with time zone NOT NULL,
    digest character varying NOT NULL,
    replaced_by character varying
);
CREATE TABLE public.condition_xref (
    key character varying NOT NULL,
    xref character varying NOT NULL
);
CREATE TABLE public.consent (
    bucket smallint NOT NULL,
    id bigint NOT NULL,
    subscriber_id bigint NOT NULL,
    kind character varying NOT NULL,
    at timestamp with time zone NOT NULL,
    terms_version character varying,
    wording_sha256 character varying,
    evidence bytea NOT NULL
);
CREATE TABLE public.cursor (
    bucket smallint NOT NULL,
    subscriber_id bigint NOT NULL,
    frequency character varying NOT NULL,
    slot_id bigint NOT NULL,
    seq bigint NOT NULL,
    prior_seq bigint NOT NULL,
    run_id bigint,
    behind boolean NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE public.daily_figure (
    day date NOT NULL,
    name character varying NOT NULL,
    number bigint NOT NULL
);
CREATE TABLE public.delivery (
    bucket smallint NOT NULL,
    id bigint NOT NULL,
    subscriber_id bigint NOT NULL,
    kind character varying NOT NULL,
    digest_id bigint,
    run_id bigint,
    context bytea,
    passes_suppression character varying,
    state character varying NOT NULL,
    priority integer NOT NULL,
    due_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    message_key character varying NOT NULL,
    attempts integer NOT NULL,
    claim character varying,
    lease_until timestamp with time zone,
    first_attempt_at timestamp with time zone,
    finished_at timestamp with time zone,
    outcome character varying,
    server_reply character varying,
    history jsonb
);
CREATE TABLE public.digest (
    bucket smallint NOT NULL,
    id bigint NOT NULL,
    subscriber_id bigint NOT NULL,
    run_id bigint NOT NULL,
    frequency character varying NOT NULL,
    from_seq bigint NOT NULL,
    to_seq bigint NOT NULL,
    topics text NOT NULL,
    told jsonb,
    taken_back boolean DEFAULT false NOT NULL,
    catches_up boolean DEFAULT false NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE public.ended_session (
    id bytea NOT NULL,
    ends_at timestamp with time zone NOT NULL
);
CREATE TABLE public.event (
    id bigint NOT NULL,
    source character varying NOT NULL,
    event_id character varying NOT NULL,
    type character varying NOT NULL,
    subject character varying NOT NULL,
    revision bigint,
    observed_at timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    body text,
    state character varying NOT NULL,
    reason character varying,
    processed_at timestamp with time zone
);
ALTER TABLE ONLY public.event ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE SEQUENCE public.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.event_id_seq OWNED BY public.event.id;
CREATE TABLE public.liveness (
    id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    database_id character varying NOT NULL
);
CREATE SEQUENCE public.liveness_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.liveness_id_seq OWNED BY public.liveness.id;
CREATE TABLE public.log_head (
    id integer NOT NULL,
    seq bigint NOT NULL
);
CREATE SEQUENCE public.log_head_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.log_head_id_seq OWNED BY public.log_head.id;
CREATE TABLE public.mail_hold (
    id integer NOT NULL,
    since timestamp with time zone NOT NULL,
    reason character varying NOT NULL
);
CREATE SEQUENCE public.mail_hold_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.mail_hold_id_seq OWNED BY public.mail_hold.id;
CREATE TABLE public.mail_quota (
    bucket smallint NOT NULL,
    id bigint NOT NULL,
    mailbox bytea NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.mail_release (
    what character varying NOT NULL
);
CREATE TABLE public.request (
    bucket smallint NOT NULL,
    id bigint NOT NULL,
    kind character varying NOT NULL,
    sealed bytea NOT NULL,
    received_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.row_id
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.run (
    id bigint NOT NULL,
    slot_id bigint,
    frequency character varying NOT NULL,
    due_at timestamp with time zone NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    period_start_seq bigint DEFAULT '0'::bigint NOT NULL,
    to_seq bigint NOT NULL,
    state character varying NOT NULL,
    digests integer NOT NULL,
    news character varying,
    most_news integer DEFAULT 0 NOT NULL,
    held_because character varying,
    buckets_left jsonb DEFAULT '[]'::jsonb NOT NULL
);
CREATE SEQUENCE public.run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.run_id_seq OWNED BY public.run.id;
CREATE TABLE public.send_receipt (
    bucket smallint NOT NULL,
    claim character varying NOT NULL,
    number integer NOT NULL,
    ids character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.sent_count (
    since timestamp with time zone NOT NULL,
    mails integer NOT NULL
);
CREATE TABLE public.slot (
    id bigint NOT NULL,
    frequency character varying NOT NULL,
    zone character varying NOT NULL,
    hour integer NOT NULL,
    weekday integer NOT NULL,
    low_water_seq bigint NOT NULL,
    due_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.slot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.slot_id_seq OWNED BY public.slot.id;
CREATE TABLE public.subscriber (
    bucket smallint NOT NULL,
    id bigint NOT NULL,
    public_id bytea NOT NULL,
    email_index bytea NOT NULL,
    sealed bytea NOT NULL,
    key_id bigint NOT NULL,
    locale character varying NOT NULL,
    timezone character varying NOT NULL,
    hour integer NOT NULL,
    weekday integer NOT NULL,
    discreet boolean NOT NULL,
    paused_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    terms_version character varying,
    address_changed_at timestamp with time zone
);
CREATE TABLE public.subscription (
    bucket smallint NOT NULL,
    id bigint NOT NULL,
    subscriber_id bigint NOT NULL,
    topic_id bigint NOT NULL,
    state character varying NOT NULL,
    frequency character varying NOT NULL,
    filters jsonb,
    small_changes boolean NOT NULL,
    active_seq bigint NOT NULL,
    resume_after_seq bigint,
    in_planning boolean NOT NULL,
    end_reason character varying,
    confirmation_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    activated_at timestamp with time zone,
    ended_at timestamp with time zone
);
CREATE TABLE public.suppression (
    address_index bytea NOT NULL,
    reason character varying NOT NULL,
    source character varying NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.terms (
    id bigint NOT NULL,
    version character varying NOT NULL,
    text text NOT NULL,
    sha256 character varying NOT NULL,
    material boolean NOT NULL,
    published_at timestamp with time zone NOT NULL,
    pause_at timestamp with time zone
);
CREATE SEQUENCE public.terms_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.terms_id_seq OWNED BY public.terms.id;
CREATE TABLE public.topic (
    id bigint NOT NULL,
    key character varying NOT NULL,
    kind character varying NOT NULL,
    name character varying,
    slug character varying,
    followable boolean NOT NULL,
    last_seq bigint NOT NULL,
    last_any_seq bigint NOT NULL,
    joined_id bigint
);
CREATE SEQUENCE public.topic_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.topic_id_seq OWNED BY public.topic.id;
CREATE TABLE public.topic_word (
    topic_id bigint NOT NULL,
    word text NOT NULL COLLATE pg_catalog."C",
    kind character varying NOT NULL
);
CREATE TABLE public.trial (
    nct_id character varying NOT NULL,
    topic_id bigint NOT NULL,
    revision bigint NOT NULL,
    state character varying NOT NULL,
    snapshot text,
    snapshot_revision bigint,
    remembered text,
    digest character varying NOT NULL,
    merged_into character varying,
    folded_revision bigint,
    updated_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.trial ALTER COLUMN snapshot SET STORAGE EXTERNAL;
CREATE TABLE public.trial_revision (
    nct_id character varying NOT NULL,
    revision bigint NOT NULL,
    state character varying NOT NULL,
    digest character varying NOT NULL,
    seq bigint NOT NULL,
    event_id bigint NOT NULL,
    observed_on character varying NOT NULL,
    may_notify boolean NOT NULL,
    is_correction boolean NOT NULL,
    detail text NOT NULL,
    received_at timestamp with time zone NOT NULL
);
CREATE TABLE public.webhook (
    id character varying NOT NULL,
    received_at timestamp with time zone NOT NULL
);
CREATE TABLE public.word_ending (
    ending text NOT NULL COLLATE pg_catalog."C",
    word text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.wording (
    sha256 character varying NOT NULL,
    text text NOT NULL
);
CREATE TABLE public.worker (
    id character varying NOT NULL,
    host character varying NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    status jsonb NOT NULL
);
CREATE TABLE public.wrapped_key (
    name character varying NOT NULL,
    sealed bytea NOT NULL
);
ALTER TABLE ONLY public.audit ALTER COLUMN id SET DEFAULT nextval('public.audit_id_seq'::regclass);
ALTER TABLE ONLY public.event ALTER COLUMN id SET DEFAULT nextval('public.event_id_seq'::regclass);
ALTER TABLE ONLY public.liveness ALTER COLUMN id SET DEFAULT nextval('public.liveness_id_seq'::regclass);
ALTER TABLE ONLY public.log_head ALTER COLUMN id SET DEFAULT nextval('public.log_head_id_seq'::regclass);
ALTER TABLE ONLY public.mail_hold ALTER COLUMN id SET DEFAULT nextval('public.mail_hold_id_seq'::regclass);
ALTER TABLE ONLY public.run ALTER COLUMN id SET DEFAULT nextval('public.run_id_seq'::regclass);
ALTER TABLE ONLY public.slot ALTER COLUMN id SET DEFAULT nextval('public.slot_id_seq'::regclass);
ALTER TABLE ONLY public.terms ALTER COLUMN id SET DEFAULT nextval('public.terms_id_seq'::regclass);
ALTER TABLE ONLY public.topic ALTER COLUMN id SET DEFAULT nextval('public.topic_id_seq'::regclass);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x001de437f3383f9242b689e729b5a3fc49e9b62d64f1c880706f5828d8c98023', 0, 512);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xa23a9f7767913b6b0fcd67afb197e20de006d75c1c7b1316ecb88860e3b4393a', 2, 2562);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xab2306eb933e20cd3e4e295bedbdf151cdf6b58fb46aa7e35c42ef099a8a7b93', 11, 4619);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xd7b2c6793f82a98f1e7e8f8246e515a45accc263bf96c38977d1e68d5188c072', 7, 6919);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xcb66bec42455caf41af936b0102d87d4d6bc14d07f05dd99ce983ea1f55e003a', 11, 8971);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x156d4a20ad357ece932318654107038fe9d94df58524768e621a88fed1e06f2f', 5, 11013);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x1e0b740fffd756e90a1d98f1e3de29ed90834426bf6baf6680020d298977b62e', 14, 13326);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xbe0199c471fcc164eada7ce823e43e000a6eeb2a667be6bcb62223129d636807', 14, 15374);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xe600b032a1bae5360c127cae6e9252bcab172fa85a597d3a4ae3066d2f79d697', 6, 17414);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xf227eb482112b384e97892e477d0c2781dbe34be58786ba0c475c07bddcff4ac', 2, 19714);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xed65a87520b4b5cd6bd428af08d0c13fd31fe9bce8cba7360a8506c09ce67d25', 13, 21773);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xefe829a1314eb1270749da8947b88d7461b584a1ca9cdc4dcfb72a12b67966fc', 15, 23823);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xcd7a0f0fec0d676145b1a89a2bf7833d8dabdc6c3210fd0ea7857b67377a8859', 13, 25869);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x0e5810f7f030e22d919379160ebbf04e1332b376e9b1d523d8318ba6861175c5', 14, 27918);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xe9efe3da3b53bda398d527b8e97e0a560cb41886c9b05e5024ec1ed161416295', 9, 30217);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x88fa7f43b7c7d9a5ea157d5b4e4957aaf61bd8fc4dc5100e9aad836f246b6b5c', 8, 44296);
INSERT INTO public.address_change (bucket, id, subscriber_id, sealed, created_at, done_at) VALUES (14, 42766, 15374, '\x5b8e6379bf60685caec141c24b4d8520c7f614f4da304ce5a6e11d89ea27098a7f5bc78352bce0811f474a767efdf79b7bc02651c47b67e4fea9b924c72541a6df', '2026-11-24 08:01:00.134555+00', NULL);
INSERT INTO public.alembic_version (version_num) VALUES ('0001');
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (1, '2026-11-23 06:00:00.016524+00', 'api', '127.0.0.0/24', 'terms.publish', 'terms:2026-11', 1);
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (2, '2026-11-25 08:01:00.281218+00', 'dashboard', '127.0.0.0/24', 'dashboard.sign_in', NULL, NULL);
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (3, '2026-11-25 08:01:00.364008+00', 'dashboard', '127.0.0.0/24', 'dashboard.sign_out', NULL, NULL);
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (0, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (1, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (2, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (3, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (4, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (5, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (6, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (7, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (8, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (9, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (10, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (11, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (12, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (13, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (14, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (15, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (16, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (17, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (18, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (19, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (20, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (21, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (22, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (23, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (24, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (25, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (26, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (27, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (28, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (29, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (30, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (31, 'vm:22235:a4881769', '2026-11-25 08:01:10.272982+00');
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (1, 'NCT04787263', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:00.152932+00', 3, NULL, 1, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (2, 'NCT00000002', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:00.217866+00', 4, NULL, 1, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (4, 'NCT04787263', 'status', 3, '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '{"status": "RECRUITING", "why_stopped": null}', '2026-11-23 10:00:00.018843+00', 7, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (5, 'NCT04787263', 'now_recruiting', 3, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 10:00:00.018843+00', 7, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (6, 'NCT04787263', 'status', 3, '{"status": "RECRUITING", "why_stopped": null}', '{"status": "ACTIVE_NOT_RECRUITING", "why_stopped": null}', '2026-11-24 09:01:00.312777+00', 8, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (7, 'NCT04787263', 'now_recruiting', 1, '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "ACTIVE_NOT_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:00.312777+00', 8, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (3, 'NCT00000003', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:00.265713+00', 5, NULL, 1, NULL, NULL, 8);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (9, 'NCT00000003', 'removed', 3, NULL, '{"explanation": "withdrawn"}', '2026-11-24 09:01:00.616317+00', 9, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (10, 'NCT00000002', 'status', 3, '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '{"status": "RECRUITING", "why_stopped": null}', '2026-11-24 09:01:00.658709+00', 10, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (11, 'NCT00000002', 'now_recruiting', 3, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:00.658709+00', 10, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (12, 'NCT00000002', 'status', 2, '{"status": "RECRUITING", "why_stopped": null}', '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '2026-11-24 09:01:00.737362+00', 11, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (13, 'NCT00000002', 'now_recruiting', 1, '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:00.737362+00', 11, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (14, 'NCT04787263', 'status', 3, '{"status": "ACTIVE_NOT_RECRUITING", "why_stopped": null}', '{"status": "SUSPENDED", "why_stopped": null}', '2026-11-25 08:01:00.131307+00', 12, NULL, 4, NULL, NULL, NULL);
INSERT INTO public.change_topic (topic_id, seq) VALUES (2, 1);
INSERT INTO public.change_topic (topic_id, seq) VALUES (2, 2);
INSERT INTO public.change_topic (topic_id, seq) VALUES (2, 3);
INSERT INTO public.change_topic (topic_id, seq) VALUES (3, 4);
INSERT INTO public.change_topic (topic_id, seq) VALUES (2, 5);
INSERT INTO public.change_topic (topic_id, seq) VALUES (3, 6);
INSERT INTO public.change_topic (topic_id, seq) VALUES (2, 7);
INSERT INTO public.change_topic (topic_id, seq) VALUES (5, 9);
INSERT INTO public.change_topic (topic_id, seq) VALUES (4, 10);
INSERT INTO public.change_topic (topic_id, seq) VALUES (2, 11);
INSERT INTO public.change_topic (topic_id, seq) VALUES (4, 12);
INSERT INTO public.change_topic (topic_id, seq) VALUES (2, 13);
INSERT INTO public.change_topic (topic_id, seq) VALUES (3, 14);
INSERT INTO public.condition_closure (condition, ancestor) VALUES ('MONDO:0004967', 'MONDO:0004967');
INSERT INTO public.condition_closure (condition, ancestor) VALUES ('MONDO:0004967', 'MONDO:0005059');
INSERT INTO public.condition_closure (condition, ancestor) VALUES ('MONDO:0005059', 'MONDO:0005059');
INSERT INTO public.condition_name (topic_id, folded, name, preferred, name_key, mentioned) VALUES (2, 'leukemia', 'leukemia', true, 'leukemia', false);
INSERT INTO public.condition_name (topic_id, folded, name, preferred, name_key, mentioned) VALUES (2, 'leukaemia', 'leukaemia', false, 'leukemia', false);
INSERT INTO public.condition_name (topic_id, folded, name, preferred, name_key, mentioned) VALUES (1, 'acute lymphoblastic leukemia', 'acute lymphoblastic leukemia', true, 'acute leukemia lymphoblastic', false);
INSERT INTO public.condition_parent (child, parent) VALUES ('MONDO:0004967', 'MONDO:0005059');
INSERT INTO public.condition_state (key, observed_at, digest, replaced_by) VALUES ('MONDO:0005059', '2026-07-01 08:00:00+00', '5fdbf235883a996865201e775fc9efa52a3947f46380c3a0aa9a243f4d33e50b', NULL);
INSERT INTO public.condition_state (key, observed_at, digest, replaced_by) VALUES ('MONDO:0004967', '2026-07-01 08:00:00+00', '973fcd935f8ea4261624392e7f5047409cffb56e9b4469cb3dcb21f1ee11f3d5', NULL);
INSERT INTO public.condition_xref (key, xref) VALUES ('MONDO:0005059', 'DOID:1240');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (0, 1792, 512, 'requested', '2026-11-23 06:00:00.313481+00', '2026-11', NULL, '\xac0942430d7b25fd343fa5f3658e98faac379008266e948b0c34c247b7137f198d2c9def5be17b8b5e185f52fc8b63d8b2b8aabecda708f45f0a2bbcac4aa955f24344df1d57c2769d9b8bf2c778b0919e5fb218a303b03d1a39271605c233879ba8b826077c513dd8973168386abade53420fd59dd50a5907051cc60fdf01968674275a57197bac2c96165ee811a0762adcb58574cf0cc106520cfbf908818d6cc3d1a5082426594d398e3008dbba4e06d7a368837398217547da0e63ec4fe8926d15c0c7b1c75940442ecf1d6317e5d8db7c688c87c577116a53f6a3a054929f9fb26c10ed996b687884');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (0, 2048, 512, 'confirmed', '2026-11-23 06:00:00.456038+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd6368590a55f1d9d59a5c61f556828737aad1b112166c6b43360821d5219f010dedba10fc068522b1dfc0271c33a0ad04511c27f10125d4e502ab118be759434898af379c938470c9062d1279531c21f01d1f24a6acada4a62155623438c4521f283418ab9f288ba645f5636b67e22457b7b611ba4f7db3c6b4bfbab6553f907e70e6c107e596df0e75aaefbc0e86824743ca8de1220e0f3dd86c90c26107e7d7024e890bc8b811023eed5db18c071169d3dfbf9801b9e56db0913b4472a4d986e58df43cfda59e0dd47f152091031429e795f1ceb33375a9fc17bac9110ab5068b63931925561fdc4bcfedb8f6ade1d783db12fc428c8841f3315cb300cbf0341119e537bbe8f206ed17e9ec4dec752f6b4e');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 3842, 2562, 'requested', '2026-11-23 06:00:00.496929+00', '2026-11', NULL, '\xac0942430d7b25fd7001acedc1e0bcfa320c36c5ea2fdf84e91cc5c51a9584864fdc6f805bc948d30a1ff67f164ea78b29e62515a1b63d20f9823e32ad885f0b4815b0dd0b6aea2caff4b3f12c2fccf4287be01ec0d53ad71342adb41455aacdafe83d71c09c7a8181cce6544cff60169ea54b9a3705f23db888433599d977ae37cadefae03f6b2a4718c220aa48c5c74c105064af06a19f7d2f7fad82bc1bbcd9d2b0645948cf770da1d342b945126f7d265fb6dce93a9cc895f1575f6550b7e8cc7375f511123bfd8452890d3fcb4ecdd884b2a77b290c673870d041d0e2');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 4098, 2562, 'confirmed', '2026-11-23 06:00:00.57566+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd69c2013ea410a8e577aed2c8bba6bb3cb8ace285f100461142ddf3f7b9d730e1d57b2fdd36f3eec7f68832cce29343f0ca65988c725258fc1623cff5c2159a52489ae2470d008b3cfa79b270381f3753ae9d80f8d04f69c276fedb382fe675a4678551e0168f14b15a581ddac1946c1ac3bf30307c9c8db275f88c9a1b28a02f928bc67b794c01627a3ea095a85c8eb582aff62b774eb442acec243bd3117a8be7f363c92b459609bd75d132d26e9a33361bf3ed2cb8269dbc555afb038fbdc13e2c98d9a48082e2103879040cb80631f7b02fd1cd11014822e059bc9e68743c1bf4b09b1abc71a65d7f0d7ae63c841a152ac5b4bb0209c74cc20a26490941825b774ddaf405e7a0b9275317cdebc4d452');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 6155, 4619, 'requested', '2026-11-23 06:00:00.606751+00', '2026-11', NULL, '\xac0942430d7b25fd89280f7c3b8bcf3698cfec4bdaea77d802f172462f43d8df4e5e4d588a34db2e3c4e1396e37e998a298c4d7a3641c28465f4b3a0a7db85c31c21ce80537b96bc7267f989f438b6b298181e55553653f12b22e3569398b3666339c90e43cbfb1b3606958e0ebfb659d7cc7479f29308166d6e9e48c3080a9d3520e77ad70284684847699a31f83f9199a0be8fd4c596a90c2f7aa8b211de2c2faae11508740d6b0697825543c71bc05973b97f89b6166ed5707ffa272eaaa7edf9dbce2b10b04eed96878be248536b59d79dc0cdff7ce62a5c59c3abcccfc2100dc3a4d9024677e518c3657aa1c1f6140bafb506ec761a1ecdff4c45');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 6411, 4619, 'confirmed', '2026-11-23 06:00:00.689658+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd0cb89de8232da746062ab859888ff808e6bac6d7de2d04fcd3084d9f0c0d5dd1098b4feece30a1083e294b189e5be7395673df95fb584266d3d623399f5b82ea40518abda5f2847624f9c0235985ff74354a37967ce2324b7e6a0e101cd0d2a2afc18fc05df12cebc345047b4bac53618516099cb990ff1677270eb872a92e3328426db5968d4df271611ef6f541ed85722715df22a8fdf41ab8f941b2e86b2135fc040fa1bdd505373bffc78c1dc780aaa3d571bc5282c000da10a94ac1091e51e8fe2049c30fe41343d0835e4acabf2ba709a993232567ac409f99b064452e448e466666ae21755b5a0532279461281d675a2751e3f02835cfe99f9918c6a52565cea5aa60f9ea8c9eed0f93aec018515542458745d88774eef6d16d1760b85cbaaa61ff4501d77c69eb43a3d088020dd49bb7c37bfa7deeba25cc7ec46da6447b70996ddbe8153d99e95a04db83dbd8ef412fcb3927922719b068a441');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (7, 8199, 6919, 'requested', '2026-11-23 06:00:00.714787+00', '2026-11', NULL, '\xac0942430d7b25fd25635628746c3d3c564ddc226ac370aad3f619fc38fb59fc829b4a499891a2402397f7e095082353601583611fc1c5258b4152619163956a9981dd856f6b383b52fbc0000df958381f5ba442643a0b7813e4b598845c2b3d21625809b6377bd4232e327708c70b356138c0c2b2cb9d13005541718fba63102fea86474bdddfafaecef285605ece8750a3965c9faf5962cf778e450f24aaefadd3841e7f3bfcd566dcc9def479d2d965ab7424525824ab92abbf8335a57b382d338d2081672c88b377f1b7a669e06088abbc77318ddbfce6e5446b45eeeea30a381b');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (7, 8455, 6919, 'confirmed', '2026-11-23 06:00:00.787371+00', '2026-11', '440fc888f3288e61ff484604dc7bd6160fa3643c820426fb782a53967b6402bd', '\xac0942430d7b25fd52f1b21a9bb96f9188134b933dfa1d64c58903e1f1de8cd26428f01020e8fe1ddb81cf59f412cca5dcf37276f2a18b614bd71e4e22fdf2266b489d592edd11ee594401695a44da1ad60d4a1b15ab947952907e715d61d2a712a59d14ef751ad40224c9180a74dbe85c383450732632a267282ffb9dfa19ee3e299536fd623f313017a0d58e0097ebf547fd8e9364205af0356263bb9ec3b36e9d42100d8c0eee32483fea706b87e35cd8ee13f0f9146a9f4ed89686a2d8769b5c426cca3ebbeae11e53c68e1321d3509101a79ca77a11aede176eb0a25dd0f10b578be9c7750dac39373ca5fedee82fc9db61f4a5f7fb2b6d3a7ec31a5720c787ae71cd551fc285811c9c04464fbf84725b17f9eed2c05c015680edbb3766');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 10251, 8971, 'requested', '2026-11-23 06:00:00.807694+00', '2026-11', NULL, '\xac0942430d7b25fdee9044b76a3ac311d1d809f3c03dd6b1474e86adc9c6a362033a2507c376b4d545568b2760a2127d7b31882b3e94068fd02ab7c439447ef807fb3353e652c15cb044d7f409783a7140ac2ee52d4e2f7de8ff89fac7c8d27dd3d9252723978247271544452b011fac82cc5515690657df3965bbb269fe0df3aaef0b87d63beb370f927f6f22e7eb02927520da3ae366ffb1dd572844df394eab3b902fe198d11d39a9838dfd6ca07b1ff917240bbe5b327827574ce1982177b79700126c6e516e3ecc9988cd3fc74be8e0b85c4ef39258d4f6b75f675385f4df7c77');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 10507, 8971, 'confirmed', '2026-11-23 06:00:00.892049+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd08351b3da4d7618c6fe0e25aeef6182be5909ca2fb2341c2ae22ce8bde87f7418c24078bb8fb28e482b189cc7f5203943bb1487e9d359c9d52138f7c0b8841523017520a9ffa303c76b9f576f3469e6eeacd6f9021651086aadda35326f4cdf7f46b1cca8bdca3d71f54689864f1168d2f7a36dd6e282e13bf7b250b1c4393eebb5e9918eedf57baf71d53226e25efecebaadd5af693bd6490a0a5c93c4f04ae8f66ca89d8dfe3a310691118063b1fef092d345260828fda333823140181b962e08daf44bf61c8363057cc52568ddb7fa726ac453502d3023eceb065efbb5d74b1c956f6b7397baf7e6f9ca6dd1a765f87ce02ebd0efcb145e2f06b702c7913e8ffb18aa8db8cb6992f5cc45dd10e19ca3f3ed33508371bb2a4a1b');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (5, 12549, 11013, 'requested', '2026-11-23 06:00:00.914353+00', '2026-11', NULL, '\xac0942430d7b25fd3697c772eed01c1cab5ced686c4c1ae2f1c5c98d269d1029cb9f7769b38b4769d08aa174dc068bf4c2775052069af8429c12f446878a979cd68da574a90043531ebe899b0cc0394a662cbb9bb16ab11c1fa1f9ebb712cabf92651f32c33e6c644ec0efb0aa5b6e267574dcedb6a923bf916abcbd71b20915dfa967312f217f110b92f7cdf64d5b3db1118f0e35de9f1b3de51960f770182930681bb18d1553271d4e73c7f50832c56767e6c8b2f9e1e428f22127c6d9155cc2ac98595978318bc8ba12e336ef49cff63f8b7eb3fbb5d2a1060e22e9614742116c78f24f861a0cd0429d8942ac56e280e130');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (5, 12805, 11013, 'confirmed', '2026-11-23 06:00:00.998836+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdcfe5b933d45e6488c7d7ac89e61f0a9526b6e3c8cd55f763e33b4f8fca77b1f8fe7e059efd654d7028f1bec308afd54792254a4f8bc0967ec19bc227272cc5994ee97dd9d9137ade6e7cd67e983f80ed89b7589603cec9636c199b20d78c2c4110abd294c01cb95b1ddf08b547c35f16142e374650c94f8285a8ecb87095b9120cf0db4ed673547318052fce576070f5b07f5df613de9f20b55bdc365bf2c0f48afdf0850ccb23a3187ae1f71ce2e3f59889ff95a260a48ee5d32e98b1f9a1c45cafcd2dfd33b9b8bdee14c6c85b66cb9f25ec5f8ddfbe60f33ea47f7fdfec08c54f7a1842a797778c8dceebaa28b046f538917cf152e8f17968f6d161ade21eb7257bfb4fc2109a6557e1dc22ee7349344cc4c59e3838722a7e404d055e1ffe29d9dd824f66b202c172738a84a0d25be06dea2bead1e9864df158c0478f329cf2d7db98e5bda4b76b6732b578e6f7210bab3b4cd3f168406979515bca705baf71');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 14606, 13326, 'requested', '2026-11-23 06:00:01.026117+00', '2026-11', NULL, '\xac0942430d7b25fdb8400af315b08c657b61f0fef3c6ff56b7a4111257382af5d989b221fb6b019ecc64ae310a92ae364d173908fa3dc119d64744fb3305b9ae4de54d67008d2d2e532390b46987b38fe618f67c0fc916b0759337894d81f7c4dbcf257bc741dc37d1eeab5cc3cc3d6a95f8116d0bf18758daaee021bccf1e05ac4c5e9aa2adbfc3a11f20c83510fc5d0f4280722849f0ece6eff0f3ce0aae7f49557c53eabff967e303aa7735d5f5af6646eb9377295f04c362ed91228a8b879a2820a7f4a6b36e027915f08cbb29f0fafbabeacc7e99b78d7c9621b6d1c4530224f5');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 14862, 13326, 'confirmed', '2026-11-23 06:00:01.122171+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd3ea3138ffa9abb46ff767b390be9948538dbf086d190717f3e42cda0c4de42498225f9c49914682af6cf968ecb6ad711f78e8d4a33da6c9d1e3eda0f944e7edf60c90496c57dfa5d51e639476159da4259b5437d85cf063d530f947bd30dda1d476c294f3611f07634f184be54112f62534d2d63e6a41da1808452fbf6629f5ed095d2ac884fb04877241ab62dcd460ae72e8c3bc3f7b1889819d2f6f1c1f99cd1ea28da7b0a73802844be38227dde838dc193819059a8608438146d6a6e156bb108ee304f968719ac6eded35461d9944ae39bc09d5fc0ccb397926fed67883f2b95b01a7dfd2fc00ed576c43fda3ea5b58707a9a01a5298864ca821ee52713977b3e09dc1a357c32e0be08fbd741acc965672df46baaaaa793d1b');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 16654, 15374, 'requested', '2026-11-23 06:00:01.157487+00', '2026-11', NULL, '\xac0942430d7b25fd0f2ecd8dcef5b1ec62ae308b84cab7bbd156e0aff5ecd819d27192b113f71bf595fe1369e4c464e5c33685471f5c7525151305befb96a3414fdb5c1011ed1085914e10c18bfb0ef0f743788fe86e9952bfb36b4cdce41200ca52acb03f5ad7bc3364c9b61043d4b5840c63e87804395c649ba0b054c39e5c2fec33bf40e4bb7298aa0b45ef7fa8f48817fc8b2a62b874fa0d286acdbf37b0a4c8b1ef8bf05466ed19c9579a86197210770f7a6af9dbcfe040a45ac25486b6c105221b7736438a9d348d49a202a853e2b419e0910aabc30512b9d15b232c');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 16910, 15374, 'confirmed', '2026-11-23 06:00:01.251629+00', '2026-11', 'caf12a846139bc603922c120f649b8615125b2f69b368e898775c7a97a7327e2', '\xac0942430d7b25fdc96f86e6edd3df7e3f7d5a0b1952d4a3991a8e9aa613f1f88b41155c5ec392406f733d64eb55467fa52cba8eb226780b9c6eca224d5c117c1889139bd521d0c7506974644d2bda06c487546720b72eb480985e67150f183c8e057722d064577596c8227e7201024470843ad88b2715e87c90f49fc20c6bde07aa9b36957228978bc57e991fbbf3b8819797b7dcf68fde505dc398b205790c41929dc0a3d1ce7736ddc1a2c605d4d491b806900959050dcd4194e521a4f818d8e7d8176982771b8563ae06520bf33f6f3a22a029dba8973fedaada9b16d5d50acfea4731f8037bddae44493f1d180842c1d9cfa0956c02267c74c91d5694ee3fe2007f73f72ea130ac2ff93b1c3198080d1fbbfd7387b0f059377fb88566da22dd');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (6, 18950, 17414, 'requested', '2026-11-23 06:00:01.278287+00', '2026-11', NULL, '\xac0942430d7b25fd09082b2b3bbbaebd0e053eb97d5042a6a5cba833b6768912232921abaa7ffde58e0919e05d3d7d9a1698606897ee670a23f691983018f689c4c1aaa18563fd6c082025a813b9f79b65079d48317d431b9067a2dfef1e88ddd0b3837afa9444bd5ee338bcba19d852cfb13803c2d4e2c1f032aa84c17140c016362c4d9ade7b9bf0e382b8ae83005368a169ffbf1f681a82eb55b8ac292824efc0e4501f918496c1fb236b5fdda4d00243979e54cedcd4b6425b6bdb7803a9e4d5ae61f59724f74ba63c615291c4c1145b37f32377e886fdd41b1e8215ad5e825f20a412fbc9e68dfc4cd4aac8e65d06714d26f9a02a9007450f1a149873f97632445b0ec34352');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (6, 19206, 17414, 'confirmed', '2026-11-23 06:00:01.361814+00', '2026-11', '440fc888f3288e61ff484604dc7bd6160fa3643c820426fb782a53967b6402bd', '\xac0942430d7b25fd0490c16ec5b3158fd584ebe59b8c553ecc6788b49b8bd5e2a0914d489c41498f526e292d1ca0fedcb59bad2f5f0c2d9d17616c02683ff4807a71886692f28da6927161e6cead2a7183444a31f43ab52a36814559f72038868716a2fcab8399df41fa95155ca1246eae1d734e83c263febcf8286ab21bb3fa6d68e1d491643edbbea5ed52b67ac50f005f6fa96753fa94c838ce18f01b22fae87fb9eb3e14659310f7ce2e9291d4a8a11fe0ca51cc230b8f4887cc1e9d84f3132cbaa3479e0b0c9e92d3df4ab3229a639107aae16db0f268ed67bf2c99e82dc3306bf642f940a21c7e9fcdbeb49faf6e3879d767f1bd0eee8deb815389bdbebb6669181e3e7e2f0fb28f921d64d986bbdd045481d7271cb4b58d29b4dd346338839f9bc27457576b33302afeea84487649500671c19317d8d0bc3888bb8c13ee82ff81e3c773f80334e2e25a4df78f8768062f7a59405f739bf8ac36f5baa4de26');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 20994, 19714, 'requested', '2026-11-23 06:00:01.388701+00', '2026-11', NULL, '\xac0942430d7b25fdd07cbc7a6e9a06f4f0d325ea28e773bfb619ec69447e54fe0de5f48a88f2243a111f654aed341b494778ecf6057a0d321b3c9d492b0ed606dd4fcc1515b21027f0d9078045b2b40f3837e5c5ca97de4e87580432f7eda7471fc05a9da2b2250f7e1083a76e8badf72e1c1a31afaa049ddec0f83cf8251848c087138d4bb2e9153a7de15e95bf0a1991c99a9db30992a7744692d1c18bdb74d1f1624cba2b88bed88433ca2dc83806b89a1c18778a86700c5717aefac57970b7e4c8408e4489c6bbfe5b688a3e03a86b20623f267b7a78e58c1e3c7b40bb');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 21250, 19714, 'confirmed', '2026-11-23 06:00:01.469715+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd7d78358d8ae533049d7bd10ad1c1dcd8f6a47afc3a1663990ff3c13f3e4c97c2ddc87bf7043c4e2f627959c2010d0eba9d62ebcad44f752cbab9c8af7d68ef0ee552e80d1fe3c6a5c72f4cdfcf0ce813f5fa48d07503d09e847fcf29639f6dd71f30d31d49bad86bc10dcba4f6db1243ea4e1448384e3f6cf619f7aa0ab01eb6a5f51467bada503f1043e815da882797fe1a4a752a279a3a6eee0ad31cd2574b41edc0abb3864116927bbf9614493ebb3b1f80f75403ad8e7a30572ccfd4a8011ad7e7b5ed04a0a47a487985fdc9b6b15060dec9c570dd1711a54ef841f7f9ba643683c3b03cb5db8f0f122e62957a56a75bdada6bd4c97a2660093a2c2fca7ea8eaa4837f0463e528d1868e752c343bd0');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (13, 23053, 21773, 'requested', '2026-11-23 06:00:01.490516+00', '2026-11', NULL, '\xac0942430d7b25fd7440553b1711687eb9f0de58816614ffc1bfe881326893a884629febd55b87e86773ae72c89a06149a853c4a05d6db697ebdd905cc495fcbacc7d693a40526b32ae39070619ba8c7397cf7b99b4d813e34bdcd153e0f9a461bf55c4aa42a246473aa5e2a93c61610e80bafb203984db53177218873c9740b076ab4a81c1f6d67af64c131b0e2c862abcbb2b4921ca0b70199c68670e0eb85ce38986ffc3cdddb6002d19dc39c4d88fb3fe25125f81819fd219aa590e5e878468d504bf71b186c98b0aa58e36eec48416c18445a77aae749de2b7543ca98285b54e3');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 29454, 27918, 'requested', '2026-11-23 06:00:01.780022+00', '2026-11', NULL, '\xac0942430d7b25fd64f1b56d3a7ef01d869b33ad13a40dfc86ffcf2928fccedfa2e24b7f9f014d748e58236270fb00653ce3051a120365d54d895f152b95ec577467e708be976f818e23765c3342904dab468f212b74547ad3c423a66fa60a393850845497e32a5d19025ad128efd5d965b096307804485df3cc1df2efde436e26805040c48a50e69771e31e3026871146653d7cb06d422b2d3f45f40312c2a22bcfb4fd60a006eb7f3ed81ccf088f0371c885bc47279105b1a749648bd146960a5cd4651176dba3b4f9749a967b149fe0b7cef562b65ddc98127351d1bd41d1c975f10c65117276ba9f9afb220c32aa27c6a0a7c9b82a');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (13, 23309, 21773, 'confirmed', '2026-11-23 06:00:01.574502+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd1637a8a528b57485ded7672f2335a443096406b479620ee1154cfa51f1e507a5e370bfab56395bb9013ef9d2a5a9f090944742bd6b737bf77729a56d4c95c18cc6f9f5726f47333076de6bf133a87ff3b4a1c7d087403293c500aebc27e51236d79376f9a1a77bb14a9d9fda4f642cbd2a7c6e3244b50ba44d8fcbb9949105fa3e3044446c1ef833547d0ca0b89d8b344aa984037fb8f5aee93b1647d1aba2d56d7f9ea6456d512642b4053c078b068d60ea7c613622f291b19d010a371910d8f163980b87f820dbc4294008196d35fa88abfb78dbe55085a85ee46afd46daa8b0a1d35d79273870a708910fb82c8c3cc046250104de07dd4356cc0d5511dcb10b766cddcb26fc7a41b798b63f144483d56a23db8efe575d72f8f8');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (15, 25359, 23823, 'confirmed', '2026-11-23 06:00:01.670335+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdd563a1c1140502d94cbc15856c6d34b4aaa1e339aa61827cac04d40fe5d1c55de94718d90cfdf29fac0347d9ed3e1138aedde15b07d32f0a1e08c0a131cd78c0244948c387a894e623f6fb8a05c388483c95b2ffbd7ff78a0404e0a6433dd33e783076f4e3e8ce666a062bfbbe50e4e64899acb70bbd0c9d86460faf3442691b02a39a1906cb5caa1ef112d97ee0567cf1bc761661f81beb581a1b883d684f84bbc482525b62271fafe4391efaef07e608e3f1005c3399e175dbd48e4dcf398b2769cd0045fb5d0acaf945f808f9180a830c792ea6a69ced66569756314537768f8dfbfdf12c8dbb8f8ee4e0ae4e2a788a34f470331fb79b1bdcb3b8b50eec697aa29dc679979f622edd4988d7dced592443719fa1b2557034540f');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (13, 27405, 25869, 'confirmed', '2026-11-23 06:00:01.761534+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd13452acc74cf710d46cfcdef21197667b41562727a234dd1cab07e5612612cbc29896da2401275f9337b8344881afe05211331a2006f7296bbc989ea646113bf23d26a765941ce1f52a91fc278bd45231dc91fc84bb1170a4c57428ffd87412178751f1ba37e0df79ad0dd363a14d2973e9db57f73598b8c7cbceaf3a156310ff3f57ca9dda74d85404b6b8ae3fdbea091c02dcb677e21c4e8b345df97f4b9bcb45875c204a453db8f297517ff36c7932c9505914c38d3aacff4d682286e8f841109efe3d7282dc0c23c752035977d8888ba4971e671672472de9b342b6dce7413ef101344354d45c4eacee7b9631ca9e1dc8fac4fbff61cdc87bde7e18b8e06afa304e9af1a9c7450103bceda7f1bf6777578b8b3ebba971c95cd');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 29710, 27918, 'confirmed', '2026-11-23 06:00:01.852003+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd3083b8b3f8974c0df69c32a0902bb094c7359676105522e119a499ab666ece945728d61fb83188e4c2b022c86ab35d688755d6ec516e8a704527c1e472d0f944c1ebf984727fd1ed4c0f5de12967e94b64aa853e6768b4d1f2180fff04b8098162383a90dfdd54d3cda75e414e9afadc66cbc80ec1764bd90e63eed3c3d61f5baa4058538479db06c458b509eb6f0763fc5fabb1903fe97ae5bcb19c9607ae6a8002545bc1c0394d1b55464d4adb956f2ca8d1a39632c67aed0e60f3daca23bc3c8aef72557258a155eeb70914cfa982a40d7b95e5c02223b91460be46566f51479b527db53adb692875ff855fa65de3026cbd52f07af24d24a2c7290b38b67fb4fcb1ce36fa4e4ea35ac08b6a14146640815b332a7f40f71694877664179a28c5f1529485f95632e6170073d2b9eaa19d5bec541369afe80a16454277e5ae0cfa5a1f307e67edf7d0ee7e63ea931352f3912b1c6c4ef6ff93a87c58060cc017a6bfbc910ac9e22d7e4ffda95ccddcc5e43985ec50');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (9, 31753, 30217, 'confirmed', '2026-11-23 06:00:01.962435+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd2dd03883165c109d714cdd29349db7f3a08fc12f053db6c9fd9942cdf2e76eb501bf6495e60a6e18d3cea2cbefb4ce5b6788b60906a0b7ee189664c0e182ab20d6be57580d569bee7c0f579f034248c6373d2b57008a0093c8b27a8d2a09d5f75888ecc5ff2ee41b6b800013258497eeb63f4f409257eb8b1df41ab5feff9034f535fadcb90eaf1c24162b0b8af0870c354d494391b861d6540a36dd8e53a8e7a52631f9ab37a038def44d18af4f9df0aba2144094e64ad162fbbc618aa7a9bbef687a3f76d5548a0ff70ab4fe946bfb18eb9182bd945ef30b30f45cbf7a7ddb48feb04b28cd5aa300b5faa4ff7868d434010b254bddfcefaa505cd2144855466ad6ddd70442209502481f2414a052f9a5');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (15, 25103, 23823, 'requested', '2026-11-23 06:00:01.593454+00', '2026-11', NULL, '\xac0942430d7b25fdb283116375136758f6229dd74361d6b0723032ece91c928501d24c4f2772775f2c6f20eed5aa7420c58a61d26e8496d48ea66cf116208faa53361c6d8e48d227d557aec52daf15237685b830e0ac3394c5f6a8ece6d98ae0447a796178732b5b423825bedf9f893350d9df8e177d7086ed79dad8b355316c261f5d305c19824a94952ce8a8dad8dcc68d30403f105836e97e4cc7a1994aea68f0b08b0d938e9659b0e87abe6f1e9d513b71e47adfd53252bd4922368aa0bd0e3be2a988362fffa7879b284a02d114bc8dfaebe7657910868031ca319c5590861c9b');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (13, 27149, 25869, 'requested', '2026-11-23 06:00:01.687478+00', '2026-11', NULL, '\xac0942430d7b25fd4ee5c873b825410b1abfe5547dad816d1e048c281871a17e3226a97b4dc05aa9d49cb8c8b42737d05182c768b73d446b3de5fb31d29a9696b02b4db0609a46da2833d701a6f17cd017e642e4f769b5e79333f6984929031f508273f8aa5457cee15627b0e5686040402bfefa169288c5e03857d9f18d37d54c6ff6106314b5799292742cb9ed3aa5a31cef9991cbc3343a5e7f2df24c497df2eb67372b1c33faae6932797a93f658dc13dc1f8a124c79996d9056a32a497ec2357a639b3d3d5bf4b64aad119e0a56b248fcad8fa90d472b61219c43e98b00ab7515');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (9, 31497, 30217, 'requested', '2026-11-23 06:00:01.872151+00', '2026-11', NULL, '\xac0942430d7b25fd786fbd74b9d8d85bad2f54fbb95fedcfdfe2b8fb08d7c7bdd041fc1f5447506d98cb13e55b0232dfbb32ad8c6c722b04529edec3750d431b4bfd2f8020625e5d627682784696aaa341be566063eab97c3dc2139181cf314ea638eb57f3d1772078127b0db5cce0a5e6201801fac2af0c720330c1592cbcc84c720ee63c3e58d5783a903a868a2b1441aeef306fc6cb7b5ca5bd0d3739786a4f61f09cb017bfde3c3c37dacd4657c3348eabef257bf8dc91f3e94a8384dd68188bb035ceea2deecdda21364f887bd03a2143fe04fbad3028c48ca8e07658');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (5, 42245, 11013, 'withdrawn', '2026-11-24 08:01:00.056373+00', '2026-11', NULL, '\xac0942430d7b25fdb4ff789fe81858556a43f09c984dea17a90126c759bf902208618808bc6267d3097755685c1b187641d79b28f7da47ac934bd2856a0700b9d1c5f07be6648d3996984790acdbea3c390a4b1f2f210a22097ddc85539b2cc77f2ac4be858d8abbd7ab50d8f114c1c26260c708d4957d06c7e8ad9c754d6d4cb5c10c');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 43790, 13326, 'withdrawn', '2026-11-24 08:01:00.161908+00', NULL, NULL, '\xac0942430d7b25fd935907632d6e5ad45b8e081506d74f78225d41f95b404210059aa7b4188f0e73c9ba56bfe617ee2247cfd27b1c3368c2802eb1f774012ddaa5ca29c20d9b3f29');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (8, 45576, 44296, 'requested', '2026-11-24 08:01:00.177215+00', '2026-11', NULL, '\xac0942430d7b25fd1cf4ca588039a0527a07f76d7f7ce53463abb939d18e2566abb127315b100a9fd9d199e14c33c1f7e37d6df03fbfb8c2a4b43ab89285c9df743fad2b76b429ba7f66cdf116b3be133b86ff7ac24d041f4cee3729ce10f802a5cf03e0c652777c3622f9c6c95e59e250517f11016aebf02d4c36c3c89666a3f4a5b7e8764fe235107eb30e45f14a149e7daa9d68a3b2f043b25a6d2c4f49210301d147001a3ce428d8c98f74e727788c191856f4c97b1dd11b29c44d05a7c8745fa72cd81031f8d79a2b67ae67f5d3164fe0cbf12a031d9542c9168cb4da');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (15, 49679, 23823, 'withdrawn', '2026-11-24 09:01:00.457891+00', '2026-11', NULL, '\xac0942430d7b25fdaf088bbc54e378aa8aec76f67a0f4991eb2adb5632635a5b373488822baf2ba1aed6ae7a9133528b7816d16af272dd5ad83b3113cd8a5bd68c62575e71ad488191d2d322ea457566e9b6242efd018bc0f5b58ac9f04f6a32c4da9e9faaeac622c90615bcf45cc0');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 49934, 27918, 'withdrawn', '2026-11-24 09:01:00.479366+00', '2026-11', NULL, '\xac0942430d7b25fd90f1464e7878c510e49fa07916280bbc9e915dd0ece7aeb776349a603656f1df6f2b914a8502da9498b0ba35e2fb8576f54d04478eefcfd6d18c9db4a226ba652d6810b69fed4bc6d09eeefff3319863219e4ed888fd4d08f7d3f87c867b2e0b9c96dfb1eeba6e');
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (6, 17414, 'monthly', 4, 3, 0, NULL, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (0, 512, 'weekly', 1, 5, 3, 1, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (5, 11013, 'daily', 2, 5, 3, 2, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (7, 6919, 'immediate', 3, 14, 11, 8, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (13, 21773, 'immediate', 3, 14, 7, 8, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (14, 13326, 'immediate', 3, 5, 3, 3, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (11, 8971, 'immediate', 3, 5, 3, 3, true);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (15, 23823, 'immediate', 3, 7, 5, 4, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (11, 4619, 'immediate', 3, 7, 5, 4, true);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (9, 30217, 'daily', 2, 13, 3, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (2, 2562, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (2, 19714, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (14, 15374, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (13, 25869, 'immediate', 3, 13, 11, 7, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (14, 27918, 'immediate', 3, 13, 11, 7, false);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-23', 'mails_sent', 27);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-23', 'mails_bounced', 0);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-23', 'mails_failed', 0);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-23', 'complaints', 0);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-23', 'events', 7);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-23', 'confirmed', 19);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-23', 'ended', 0);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-24', 'mails_sent', 4);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-24', 'mails_bounced', 1);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-24', 'mails_failed', 1);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-24', 'complaints', 1);
INSERT INTO public.daily_figure (day, name, number) VALUES ('2026-11-24', 'events', 4);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (0, 1280, 512, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.329394+00', '2026-11-23 06:00:00.329394+00', '6b03d6601c1c375948d788a02f0da25a', 1, NULL, NULL, '2026-11-23 06:00:00.37212+00', '2026-11-23 06:00:00.430649+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 3330, 2562, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.504417+00', '2026-11-23 06:00:00.504417+00', '6b03d6601e1c06888f5096fd44d8ea57', 1, NULL, NULL, '2026-11-23 06:00:00.52946+00', '2026-11-23 06:00:00.558584+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 5387, 4619, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.615561+00', '2026-11-23 06:00:00.615561+00', '6b03d660171c93925f4c6a0c83bc5b93', 1, NULL, NULL, '2026-11-23 06:00:00.641545+00', '2026-11-23 06:00:00.673507+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 7687, 6919, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.721628+00', '2026-11-23 06:00:00.721628+00', '6b03d660bcbb47ac33b2e89c4ef0f025', 1, NULL, NULL, '2026-11-23 06:00:00.741255+00', '2026-11-23 06:00:00.77125+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 9739, 8971, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.814591+00', '2026-11-23 06:00:00.814591+00', '6b03d660d9d20014acfcbf93ffa4f878', 1, NULL, NULL, '2026-11-23 06:00:00.834271+00', '2026-11-23 06:00:00.868534+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (5, 11781, 11013, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.921869+00', '2026-11-23 06:00:00.921869+00', '6b03d6603d38d437e651292370b22f19', 1, NULL, NULL, '2026-11-23 06:00:00.944661+00', '2026-11-23 06:00:00.979216+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 14094, 13326, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.037911+00', '2026-11-23 06:00:01.037911+00', '6b03d661cfc15b74b5c477e5446fc1f8', 1, NULL, NULL, '2026-11-23 06:00:01.069122+00', '2026-11-23 06:00:01.10592+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 16142, 15374, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.168977+00', '2026-11-23 06:00:01.168977+00', '6b03d6611a14ed362d049da78166a130', 1, NULL, NULL, '2026-11-23 06:00:01.19396+00', '2026-11-23 06:00:01.226553+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (6, 18182, 17414, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.285172+00', '2026-11-23 06:00:01.285172+00', '6b03d6616660320f96e9fd17b4161a99', 1, NULL, NULL, '2026-11-23 06:00:01.311733+00', '2026-11-23 06:00:01.343752+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 20482, 19714, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.395658+00', '2026-11-23 06:00:01.395658+00', '6b03d6618d8f913becb76870b25bf0da', 1, NULL, NULL, '2026-11-23 06:00:01.417951+00', '2026-11-23 06:00:01.453464+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 22541, 21773, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.497651+00', '2026-11-23 06:00:01.497651+00', '6b03d6611c11d18ed3d3939e3ab0af99', 1, NULL, NULL, '2026-11-23 06:00:01.525833+00', '2026-11-23 06:00:01.559535+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (15, 24591, 23823, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.600137+00', '2026-11-23 06:00:01.600137+00', '6b03d661e3ec5e6adbbba772646efeaf', 1, NULL, NULL, '2026-11-23 06:00:01.620429+00', '2026-11-23 06:00:01.651213+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 26637, 25869, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.695686+00', '2026-11-23 06:00:01.695686+00', '6b03d661010c8fccc09ac114ea44b389', 1, NULL, NULL, '2026-11-23 06:00:01.715369+00', '2026-11-23 06:00:01.746444+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 28686, 27918, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.786747+00', '2026-11-23 06:00:01.786747+00', '6b03d661151b8390049ad523cd29b38e', 1, NULL, NULL, '2026-11-23 06:00:01.807455+00', '2026-11-23 06:00:01.836907+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (9, 30985, 30217, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.879816+00', '2026-11-23 06:00:01.879816+00', '6b03d6610b02eead7fbbc7379908a9a1', 1, NULL, NULL, '2026-11-23 06:00:01.900751+00', '2026-11-23 06:00:01.927135+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 40205, 21773, 'digest', 39949, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.208661+00', '2026-11-23 10:00:00.208661+00', '6b040ea02f22259be165ee763ec1fadd', 1, NULL, NULL, '2026-11-23 10:00:00.27346+00', '2026-11-23 10:00:00.352649+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 38663, 6919, 'digest', 37895, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.208661+00', '2026-11-23 10:00:00.208661+00', '6b040ea0898e5c2b64f75c443e0b9320', 1, NULL, NULL, '2026-11-23 10:00:00.273596+00', '2026-11-23 10:00:00.357282+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 38923, 4619, 'digest', 38155, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.208661+00', '2026-11-23 10:00:00.208661+00', '6b040ea08289a0b69a6ac31da1c70ce9', 1, NULL, NULL, '2026-11-23 10:00:00.273286+00', '2026-11-23 10:00:00.38086+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 39179, 8971, 'digest', 38411, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.208661+00', '2026-11-23 10:00:00.208661+00', '6b040ea0828924d28f1309fe4879015d', 1, NULL, NULL, '2026-11-23 10:00:00.273286+00', '2026-11-23 10:00:00.38086+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (5, 35333, 11013, 'digest', 35077, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.150527+00', '2026-11-23 10:00:00.150527+00', '6b040ea0858043df229ff2162e14b704', 1, NULL, NULL, '2026-11-23 10:00:00.366881+00', '2026-11-23 10:00:00.417302+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 36098, 2562, 'digest', 35586, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.150527+00', '2026-11-23 10:00:00.150527+00', '6b040ea04042b5644161a0bd5f3a5e2c', 1, NULL, NULL, '2026-11-23 10:00:00.368795+00', '2026-11-23 10:00:00.425381+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 36354, 19714, 'digest', 35842, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.150527+00', '2026-11-23 10:00:00.150527+00', '6b040ea04042f1ccef66a9ebd7c2e85b', 1, NULL, NULL, '2026-11-23 10:00:00.368795+00', '2026-11-23 10:00:00.425381+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (15, 41999, 23823, 'digest', 41743, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.208661+00', '2026-11-23 10:00:00.208661+00', '6b040ea0f0ff8d1db16e0820c2fd822b', 1, NULL, NULL, '2026-11-23 10:00:00.392671+00', '2026-11-23 10:00:00.441154+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (0, 34304, 512, 'digest', 34048, 1, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.093602+00', '2026-11-23 10:00:00.093602+00', '6b040ea027279c783e84b2c332a80fe4', 1, NULL, NULL, '2026-11-23 10:00:00.425794+00', '2026-11-23 10:00:00.477321+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 40974, 13326, 'digest', 40462, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.208661+00', '2026-11-23 10:00:00.208661+00', '6b040ea05a54150bc2eac490af3d46cc', 1, NULL, NULL, '2026-11-23 10:00:00.436331+00', '2026-11-23 10:00:00.484823+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 37134, 15374, 'digest', 36878, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.150527+00', '2026-11-23 10:00:00.150527+00', '6b040ea0818f98b0c241503f5c43a4fd', 1, NULL, NULL, '2026-11-23 10:00:00.436331+00', '2026-11-23 10:00:00.484823+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 41230, 27918, 'digest', 40718, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.208661+00', '2026-11-23 10:00:00.208661+00', '6b040ea05a54bd25c504f3e11bea341b', 1, NULL, NULL, '2026-11-23 10:00:00.436331+00', '2026-11-23 10:00:00.484823+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 43534, 15374, 'address_change', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-24 08:01:00.134555+00', '2026-11-24 08:01:00.134555+00', '6b05443c8b8563503ef1e122d0527d7f', 1, NULL, NULL, '2026-11-24 08:01:00.214582+00', '2026-11-24 08:01:00.259479+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (8, 45064, 44296, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-24 08:01:00.183441+00', '2026-11-24 08:01:00.183441+00', '6b05443c969eac4acdab366b107d8d4e', 1, NULL, NULL, '2026-11-24 08:01:00.214799+00', '2026-11-24 08:01:00.271712+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (15, 49423, 23823, 'digest', 49167, 4, NULL, NULL, 'cancelled', 10, '2026-11-24 09:01:00.376978+00', '2026-11-24 09:01:00.376978+00', '6b05524c757abcecc5c2a4fab8728a5b', 0, NULL, NULL, NULL, '2026-11-24 09:01:00.457891+00', 'unsubscribed', NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 46859, 4619, 'digest', 46347, 4, NULL, NULL, 'bounced', 10, '2026-11-24 09:01:00.376978+00', '2026-11-24 09:01:00.376978+00', '6b05524c7d76ee1753a437f4ddf46e07', 1, NULL, NULL, '2026-11-24 09:01:00.504096+00', '2026-11-24 09:01:00.549942+00', 'hard_bounce', '550 5.1.1 no such user', '[{"at": "2026-11-24T09:01:00.549942+00:00", "code": 550, "kind": "hard_bounce", "status": "5.1.1"}]');
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 48653, 21773, 'digest', 48141, 4, NULL, NULL, 'queued', 10, '2026-11-24 09:31:16.957256+00', '2026-11-24 09:01:00.376978+00', '6b05524c5d50b754c0c4995466615d9f', 1, NULL, NULL, '2026-11-24 09:01:00.504298+00', NULL, 'retry', '452 4.2.2 mailbox full', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 48398, 27918, 'digest', 47886, 4, NULL, NULL, 'empty', 10, '2026-11-24 09:01:00.376978+00', '2026-11-24 09:01:00.376978+00', '6b05524ca3ad6dcb48dbfcdc9d19a747', 1, NULL, NULL, '2026-11-24 09:01:00.56446+00', '2026-11-24 09:01:00.56446+00', 'nothing_to_tell', NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 47111, 6919, 'digest', 46599, 4, NULL, NULL, 'failed', 10, '2026-11-24 09:01:00.376978+00', '2026-11-24 09:01:00.376978+00', '6b05524c07005a73c257b417ddd35e79', 1, NULL, NULL, '2026-11-24 09:01:00.504418+00', '2026-11-24 09:01:00.592591+00', 'policy', '550 5.7.1 refused by policy', '[{"at": "2026-11-24T09:01:00.592591+00:00", "code": 550, "kind": "policy", "status": "5.7.1"}]');
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 52238, 27918, 'digest', 51982, 5, NULL, NULL, 'sent', 10, '2026-11-24 09:01:00.695714+00', '2026-11-24 09:01:00.695714+00', '6b05524c232df4390b65d6e359268559', 1, NULL, NULL, '2026-11-24 09:01:00.758815+00', '2026-11-24 09:01:00.82396+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 51469, 25869, 'digest', 50957, 5, NULL, NULL, 'sent', 10, '2026-11-24 09:01:00.695714+00', '2026-11-24 09:01:00.695714+00', '6b05524cd1dcd70138f95f0ae0698897', 1, NULL, NULL, '2026-11-24 09:01:00.75909+00', '2026-11-24 09:01:00.83348+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 51207, 6919, 'digest', 50695, 5, NULL, NULL, 'queued', 10, '2026-11-24 09:02:00.591135+00', '2026-11-24 09:01:00.695714+00', '6b05524cf4f321bc9bfa238a323bc536', 0, NULL, NULL, '2026-11-24 09:01:00.75922+00', NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (9, 53257, 30217, 'digest', 52745, 6, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.039094+00', '2026-11-25 08:01:00.039094+00', '6b0695bc656c15798abf85d927e918f0', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 55054, 15374, 'digest', 54798, 6, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.039094+00', '2026-11-25 08:01:00.039094+00', '6b0695bc8789e6e04c64b45cea8fedfa', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 56333, 25869, 'digest', 55821, 7, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.096365+00', '2026-11-25 08:01:00.096365+00', '6b0695bc0d00be0e6c4b24ea6e4fdcb7', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 56590, 27918, 'digest', 56078, 7, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.096365+00', '2026-11-25 08:01:00.096365+00', '6b0695bcd9d780142ab63418f42a0a21', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 57351, 6919, 'digest', 57095, 8, NULL, NULL, 'held', 10, '2026-11-25 08:01:00.147519+00', '2026-11-25 08:01:00.147519+00', '6b0695bca2a52425e188838b890be380', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 58125, 21773, 'digest', 57869, 8, NULL, NULL, 'held', 10, '2026-11-25 08:01:00.147519+00', '2026-11-25 08:01:00.147519+00', '6b0695bc9499b71feedb34bbd0cae5e3', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 54018, 2562, 'digest', 53506, 6, NULL, NULL, 'claimed', 10, '2026-11-25 08:01:00.039094+00', '2026-11-25 08:01:00.039094+00', '6b0695bcc8caf9abbf7c6ec4c189dcfd', 1, '025f5cbcad1f9bfa70', '2026-11-25 08:02:00.250824+00', '2026-11-25 08:01:00.250824+00', NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 54274, 19714, 'digest', 53762, 6, NULL, NULL, 'claimed', 10, '2026-11-25 08:01:00.039094+00', '2026-11-25 08:01:00.039094+00', '6b0695bcc8ca4dae5f4dfeb985722ff1', 1, '02a7386477054a07e5', '2026-11-25 08:02:00.255775+00', '2026-11-25 08:01:00.255775+00', NULL, NULL, NULL, NULL);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (13, 39949, 21773, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (7, 37895, 6919, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 38155, 4619, 3, 'immediate', 3, 5, '2:3,3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 38411, 8971, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (5, 35077, 11013, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (2, 35586, 2562, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (2, 35842, 19714, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (15, 41743, 23823, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (0, 34048, 512, 1, 'weekly', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 36878, 15374, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 40462, 13326, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 40718, 27918, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 47886, 27918, 4, 'immediate', 5, 7, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (15, 49167, 23823, 4, 'immediate', 5, 7, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (13, 50957, 25869, 5, 'immediate', 3, 11, '4:3', '{"topics": ["trial:NCT00000002"], "trials": ["NCT00000002"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (13, 48141, 21773, 4, 'immediate', 5, 7, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 46347, 4619, 4, 'immediate', 5, 7, '2:5,3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', true, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (9, 52745, 30217, 6, 'daily', 3, 13, '5:3', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (7, 46599, 6919, 4, 'immediate', 5, 7, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', true, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 51982, 27918, 5, 'immediate', 7, 11, '4:7', '{"topics": ["trial:NCT00000002"], "trials": ["NCT00000002"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (7, 50695, 6919, 5, 'immediate', 5, 11, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, true);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (2, 53506, 2562, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (2, 53762, 19714, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 54798, 15374, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (13, 55821, 25869, 7, 'immediate', 11, 13, '4:11', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 56078, 27918, 7, 'immediate', 11, 13, '4:11', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (7, 57095, 6919, 8, 'immediate', 11, 14, '3:11', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (13, 57869, 21773, 8, 'immediate', 7, 14, '3:7', NULL, false, false);
INSERT INTO public.ended_session (id, ends_at) VALUES ('\x77cf2304bdf14d27e2f87cf4a7295c47c3be9a05b1dc789aae48b614392ea9c0', '2026-11-25 09:01:00+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (1, 'https://ingest.example.org', '048dda67e66d40b0', 'condition.upserted', 'MONDO:0005059', NULL, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.02475+00', '{"specversion": "1.0", "id": "048dda67e66d40b0", "source": "https://ingest.example.org", "type": "condition.upserted", "subject": "MONDO:0005059", "time": "2026-07-01T08:00:00Z", "data": {"id": "MONDO:0005059", "name": "leukemia", "parents": [], "synonyms": ["leukaemia"], "xrefs": ["DOID:1240"]}}', 'processed', NULL, '2026-11-23 06:00:00.033908+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (2, 'https://ingest.example.org', 'e95561b6c403daab', 'condition.upserted', 'MONDO:0004967', NULL, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.02475+00', '{"specversion": "1.0", "id": "e95561b6c403daab", "source": "https://ingest.example.org", "type": "condition.upserted", "subject": "MONDO:0004967", "time": "2026-07-01T08:00:00Z", "data": {"id": "MONDO:0004967", "name": "acute lymphoblastic leukemia", "parents": ["MONDO:0005059"]}}', 'processed', NULL, '2026-11-23 06:00:00.033908+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (3, 'https://ingest.example.org', '32e29eae2fa30a2f', 'trial.upserted', 'NCT04787263', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.143672+00', '{"specversion": "1.0", "id": "32e29eae2fa30a2f", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 1, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:00.152932+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (4, 'https://ingest.example.org', 'c290b6752c9b2810', 'trial.upserted', 'NCT00000002', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.209919+00', '{"specversion": "1.0", "id": "c290b6752c9b2810", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 1, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:00.217866+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (5, 'https://ingest.example.org', 'fea898bca5889780', 'trial.upserted', 'NCT00000003', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.256936+00', '{"specversion": "1.0", "id": "fea898bca5889780", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000003", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000003", "revision": 1, "url": "https://www.example.org/trials/NCT00000003", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:00.265713+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (6, 'https://ingestor.example.org', 'e900', 'trial.upserted', 'NCT04787263', 900, NULL, '2026-11-23 05:55:02.189886+00', '{"id": "e900"}', 'dead', 'unreadable', NULL);
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (7, 'https://ingest.example.org', '43a79b1e1629be53', 'trial.upserted', 'NCT04787263', 2, '2026-07-01 08:00:00+00', '2026-11-23 10:00:00.000588+00', '{"specversion": "1.0", "id": "43a79b1e1629be53", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 2, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 10:00:00.018843+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (8, 'https://ingest.example.org', '6dcc80356c5a54e9', 'trial.upserted', 'NCT04787263', 3, '2026-07-01 08:00:00+00', '2026-11-24 09:01:00.299433+00', '{"specversion": "1.0", "id": "6dcc80356c5a54e9", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 3, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "ACTIVE_NOT_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:00.312777+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (9, 'https://ingest.example.org', '1dbce5b2a584e52b', 'trial.removed', 'NCT00000003', 2, '2026-07-01 08:00:00+00', '2026-11-24 09:01:00.611905+00', '{"specversion": "1.0", "id": "1dbce5b2a584e52b", "source": "https://ingest.example.org", "type": "trial.removed", "subject": "NCT00000003", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000003", "revision": 2, "explanation": "withdrawn"}}', 'processed', NULL, '2026-11-24 09:01:00.616317+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (10, 'https://ingest.example.org', '506779011de360b7', 'trial.upserted', 'NCT00000002', 2, '2026-07-01 08:00:00+00', '2026-11-24 09:01:00.653454+00', '{"specversion": "1.0", "id": "506779011de360b7", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 2, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:00.658709+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (11, 'https://ingest.example.org', '1879b25bc059ee15', 'trial.upserted', 'NCT00000002', 3, '2026-07-01 08:00:00+00', '2026-11-24 09:01:00.733388+00', '{"specversion": "1.0", "id": "1879b25bc059ee15", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 3, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:00.737362+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (12, 'https://ingest.example.org', '46e1387ad541fcc8', 'trial.upserted', 'NCT04787263', 4, '2026-07-01 08:00:00+00', '2026-11-25 08:01:00.121601+00', '{"specversion": "1.0", "id": "46e1387ad541fcc8", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 4, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "SUSPENDED", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-25 08:01:00.131307+00');
INSERT INTO public.liveness (id, at, database_id) VALUES (1, '2026-11-25 08:01:00.261471+00', 'postgresql:17023');
INSERT INTO public.log_head (id, seq) VALUES (1, 14);
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (15, 783, '\xbff36f466c34bebd7ad175ce6aee44e0be3beeac2a3f964338d4b8c44efe0690', '2026-11-23 06:00:00.329394+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (3, 1027, '\x43a3bceb16a6ae4c106037ab03fad2ea3eb39ccd7b4892bc714c2e96e51b1a28', '2026-11-23 06:00:00.365394+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (7, 2823, '\x674bc278353824ff8d589184e886aff794bf76080b19cf1feecbac79adaeda4d', '2026-11-23 06:00:00.504417+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (13, 3085, '\x9db1d006f0cbaf6d6a19630b5fd0f4a5b0c16fbc80a50f564430229d7eaa6b3d', '2026-11-23 06:00:00.540417+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (12, 4876, '\x4c1b4e543a5ba787f406cab6547a587892230d421ad6e87fac9c0d403ee97d37', '2026-11-23 06:00:00.615561+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (3, 5123, '\x43315e2b9f9a94d344cc725aea88fb47c419e584ba77439a73384379e140ef53', '2026-11-23 06:00:00.651561+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (7, 7175, '\x272e4e8161e0b6f6ccf4d18d9a168d6a984ab21e53ae23e4daad4bea93b6aa4d', '2026-11-23 06:00:00.721628+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (8, 7432, '\x18ad67203a1d7ca95505a58efed453f0e334eb8795ffdf3899778701ebc7de90', '2026-11-23 06:00:00.757628+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 9230, '\xbe5de2fa30813ebaddbd994b184f8f57fdd82e31e12ebddea574dc94b97b4d31', '2026-11-23 06:00:00.814591+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (12, 9484, '\x4cdaa4c40a157c7da34cc1d9eec7a1d6e05c4e74fac3a58c4d1f0b3ee43c7bd3', '2026-11-23 06:00:00.850591+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 11278, '\x9e1eb0f97aa812de494f5f9cd6d8d422cd0aa8589d728944ce4fd84569026f76', '2026-11-23 06:00:00.921869+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (11, 11531, '\x9b0381e2ad75a2f607ed8062dfadfeefbd3cf73a7306ac5f48814a9f516501d9', '2026-11-23 06:00:00.957869+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (5, 13573, '\x75b067930a947dcb4fa5861fe4b694a44732661d8dab165aa988a3797452bd27', '2026-11-23 06:00:01.037911+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (6, 13830, '\xe60a9078b5ee15ecb4c0f4c99df509c6776e4f19ef58c618c4e5318c9b6eee06', '2026-11-23 06:00:01.073911+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (10, 15626, '\x3aa0b09e5a2c78b959adbb6b4c4fea52f45f4918754faf6f2e572d0faabfafdb', '2026-11-23 06:00:01.168977+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (5, 15877, '\xd5f4eb1671a1c1f4b0e8d03398c9a4a4d0cfad09f65b1c05cf07abe08c99086b', '2026-11-23 06:00:01.204977+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (1, 17665, '\x71855075bee55e3aa369f52c21688e1da81f9a5ab23097b794bac18404069cb1', '2026-11-23 06:00:01.285172+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (6, 17926, '\x764fb1d10b6592ed17e2b6a922616f899d295a5c346b742b6de0f09f384467ac', '2026-11-23 06:00:01.321172+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (3, 19971, '\xe34beee300a69b7f0ba2d7dfaa8da75f54add01ff536c4c2009508140e225e3e', '2026-11-23 06:00:01.395658+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (12, 20236, '\x9c93a15513c2fc40527bfbef2daead1edbdebc36fffc749edd4f78945819e183', '2026-11-23 06:00:01.431658+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (11, 22027, '\x2bc4429d76a9d921988a305a22afdc39df498306550d32b328b9e85c5e63b5b2', '2026-11-23 06:00:01.497651+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (9, 22281, '\x9913a47dfa58928930b82f811d22cceecf5aef3c3eedac953419050e9fe21295', '2026-11-23 06:00:01.533651+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 24078, '\x5e4a2a0a4d515b628f1c3b158907db3238e3c12141f4dba4fa2d0d2bccf3cde9', '2026-11-23 06:00:01.600137+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (2, 24322, '\x6246a4cfc02bbcc120d786d0147cc64c2ef338d6f3cd021e9d532c696fb4a188', '2026-11-23 06:00:01.636137+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (9, 26121, '\x79343056eea2a2a6a8b113a21653633e92fdecfcaa3245fdc8f42c7bf635e087', '2026-11-23 06:00:01.695686+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (6, 26374, '\x469b2a9ded38074c11aa6eb760d64fa04f18bc715a040212bcc86028994c3a79', '2026-11-23 06:00:01.731686+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (6, 28166, '\xb64f1752c2aa6edf841dda072af5b3b4624e4fe264e4b0fdc3cb0984d703b96a', '2026-11-23 06:00:01.786747+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 28430, '\x2e349b9481e4aa5e00779ab43e5b5d8cdea6e04bbe23cef42f4413cae037c609', '2026-11-23 06:00:01.822747+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (7, 30471, '\xe7bd40d82705e39b21f8b8de73551b9a52126c00acaee5fcfa31358cf856d4b0', '2026-11-23 06:00:01.879816+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (0, 30720, '\x80b8f6877c1d6103a4dc3458f3992d96893c26d51fb65976022387e2cf1e8fca', '2026-11-23 06:00:01.915816+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (3, 32515, '\xa330f54305017d66d69b8110b627b31dea823cb45240df748ecb04524a402187', '2026-11-23 06:00:02.010669+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (0, 32768, '\x90226e15d10ad298bdd0f8563c661c52ea104c483ffa972e2a5335c986b3e2bf', '2026-11-23 06:00:02.046669+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 43022, '\x7ede0324999404ed004b4c42956a127185c9ca9b45711461ce08bccc79360714', '2026-11-24 08:01:00.134555+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (7, 43271, '\xd73d4ddb4ad4696435ba3593ba0724bfef2c396b22b8d693d3ee4924454d1242', '2026-11-24 08:01:00.170555+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (12, 44556, '\x9c690e54560d8f0bdd6927f8e94d7a12f450e0034b18aaf51d5231b5785d21b1', '2026-11-24 08:01:00.183441+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 44814, '\x6e0b8eb8cea05dd48a5a0cc39ccd77a938d2984627d32ae3ab5ebd5dfc2a7550', '2026-11-24 08:01:00.219441+00');
INSERT INTO public.request (bucket, id, kind, sealed, received_at) VALUES (7, 58631, 'subscribe', '\xf2c3146aa2f4a2769ef3431c081de353d269dbdce7c6483ded8823a931f41d6442940313cf4167ccd39c2dfab3097d0f7cdcb8574ad7a52bb50c7c77ea0ae4367aaa431bc03be23ff0827ed9b39f75b59016f49876d2098a3adec156ce2f0912c4299b5ce074d0843fe68acc692dba600cbd156706fa589cd57f2be3392237fc1561aa30a19bbb975249cab3a3be09c2e57eb95f2e027f97bfc8ebb923eb879dd44d698021223e72fdf0dc153160379d64c1b62da1b7c74a6fe98ea82ab4a58ed984534f011d85ee8a5915453de0c3a484a62b42e481a25471117505894dede54438897149c8e18bc9c1d4ab80de9e10f9bfc03dd17289e13d00a65376088f595ce33219058d58e54ba5bc7c77caaf5e03bd75c9d0c2235000183161890803f7f081f7a51a', '2026-11-25 08:01:00.374168+00');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (1, 1, 'weekly', '2026-11-23 07:00:00+00', '2026-11-23 10:00:00.083547+00', 3, 5, 'queued', 1, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (2, 2, 'daily', '2026-11-23 08:00:00+00', '2026-11-23 10:00:00.144459+00', 3, 5, 'queued', 4, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (3, 3, 'immediate', '2026-11-23 10:00:00.049676+00', '2026-11-23 10:00:00.205228+00', 3, 5, 'queued', 7, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (4, 3, 'immediate', '2026-11-24 09:01:00.343403+00', '2026-11-24 09:01:00.373568+00', 5, 7, 'queued', 5, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (5, 3, 'immediate', '2026-11-24 09:01:00.678134+00', '2026-11-24 09:01:00.692984+00', 7, 11, 'queued', 3, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (6, 2, 'daily', '2026-11-25 08:00:00+00', '2026-11-25 08:01:00.031071+00', 5, 13, 'queued', 4, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (7, 3, 'immediate', '2026-11-25 08:01:00+00', '2026-11-25 08:01:00.093434+00', 11, 13, 'queued', 2, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (8, NULL, 'immediate', '2026-11-25 08:01:00.147519+00', '2026-11-25 08:01:00.147519+00', 0, 14, 'held', 2, NULL, 0, NULL, '[]');
INSERT INTO public.send_receipt (bucket, claim, number, ids, at) VALUES (2, '02a7386477054a07e5', 1, '54274', '2026-11-25 08:01:00.255775+00');
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-23 06:00:00+00', 16);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-23 10:00:00+00', 12);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-24 08:00:00+00', 2);
INSERT INTO public.sent_count (since, mails) VALUES ('1970-01-01 00:00:00+00', 0);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-24 09:00:00+00', 5);
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (4, 'monthly', 'Europe/Berlin', 8, 0, 3, '2026-12-01 07:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (1, 'weekly', 'Europe/Rome', 8, 0, 5, '2026-11-30 07:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (2, 'daily', 'UTC', 8, 0, 13, '2026-11-26 08:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (3, 'immediate', 'UTC', 0, 0, 13, '2026-11-25 08:01:00+00');
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (0, 512, '\x1d1d054b46c202a5a2fe3de888261199', '\x001de437f3383f9242b689e729b5a3fc49e9b62d64f1c880706f5828d8c98023', '\xe07fdea422ddee2a04e0700b5f5f015f40f623f97fdf524d2c1b0dc06846937a44a890b7db02f56c2ea5afe6f39903b056ecf6834898f457a9cd7e8cc8024755d10c9d2f2c', -2269850890630468054, 'en', 'Europe/Rome', 8, 0, true, NULL, '2026-11-23 06:00:00.329394+00', '2026-11-23 06:00:00.456038+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (2, 2562, '\xd3d1431b35da732ae478530d38e0830a', '\xa23a9f7767913b6b0fcd67afb197e20de006d75c1c7b1316ecb88860e3b4393a', '\xe07fdea422ddee2a2a5d2a668918a3a6d94ed96ca7b1a71ff968df99d9eb62ecd18a305c6ecca4d78e1ee79931d350e35f5a4a8778af8280ceecaacecb2944cf7c81ba', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.504417+00', '2026-11-23 06:00:00.57566+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (11, 4619, '\xafa4c461b3a7e5f751c1345f388f353f', '\xab2306eb933e20cd3e4e295bedbdf151cdf6b58fb46aa7e35c42ef099a8a7b93', '\xe07fdea422ddee2aaf4f0bb34d3aa43b51259bd5262283fece713ecd4bf3ad0ea671e1a5f962a7c4ba2f8d8a2da1dcde7cec97e839f66b5043731f0b79ed28a7915eb7bbce8d10', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.615561+00', '2026-11-23 06:00:00.689658+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (7, 6919, '\x4245b43283076e0a8de3c88a14d5046a', '\xd7b2c6793f82a98f1e7e8f8246e515a45accc263bf96c38977d1e68d5188c072', '\xe07fdea422ddee2acece9c942c5a9e997b639b545b93786081e9eb9e45b8aa68950af0da713d0ff2aa7f02c1534d2a208be2a015aeb7a554936dfc6f96d14cea94669f7f77', -2269850890630468054, 'de', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.721628+00', '2026-11-23 06:00:00.787371+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (5, 11013, '\x3732908abe92d142e4bfc60b8fadffcb', '\x156d4a20ad357ece932318654107038fe9d94df58524768e621a88fed1e06f2f', '\xe07fdea422ddee2a4a0f6a7a4024779834996090b4f54466733f8c0b68aeabc6d43f479503051f0deaf80bdabadb87e6d6e9f31cea82a9a09430339d653fca4f54716d816deb3e', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.921869+00', '2026-11-23 06:00:00.998836+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (14, 13326, '\xada39c5c8b4ade79a67bdb7ae16bbed4', '\x1e0b740fffd756e90a1d98f1e3de29ed90834426bf6baf6680020d298977b62e', '\xe07fdea422ddee2a507d3e2a2ff092be329d9abcaa9d802b18a2f0d93a29e9832673b4c383a56ec8886bf663489f5cc6f35a527dbd6f4564dde710df4a210482b2e68f2adeab13', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.037911+00', '2026-11-23 06:00:01.122171+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (14, 15374, '\x8b85dbc2d57ef16a93d6913ebf7f03d7', '\xbe0199c471fcc164eada7ce823e43e000a6eeb2a667be6bcb62223129d636807', '\xe07fdea422ddee2aa3c144f55747bb83024737cd4173bfaf5d2702a14d811c9a5dbb40fbccf429de63cc0da93a5872f6775b5200a8cde31fcdb477ace63d9d5acd624e', -2269850890630468054, 'fr', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.168977+00', '2026-11-23 06:00:01.251629+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (6, 17414, '\x9f9978b3f0d684d890c07e7b061770f6', '\xe600b032a1bae5360c127cae6e9252bcab172fa85a597d3a4ae3066d2f79d697', '\xe07fdea422ddee2aa24d66b52d58368607fdd3a7ca246d86dc4a0ecb8c59c2b99740367ec7e9e177c80a53cb42fe9e095ac2dc01a03e8b2a785e5f28db8949cb15890d142843fb', -2269850890630468054, 'de', 'Europe/Berlin', 8, 0, true, NULL, '2026-11-23 06:00:01.285172+00', '2026-11-23 06:00:01.361814+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (2, 19714, '\x7173480accbf412d430d492e864f9d02', '\xf227eb482112b384e97892e477d0c2781dbe34be58786ba0c475c07bddcff4ac', '\xe07fdea422ddee2a98f5a338c3cfab17c2ba01822674ba067f697cc3e0c19e8b7abc91ef6e459154794d40a2c162e16fce889fedee6485e720234506d6d9e2810bbb6e', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.395658+00', '2026-11-23 06:00:01.469715+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (13, 21773, '\x9c913d29cce8285c764874ca2bab8250', '\xed65a87520b4b5cd6bd428af08d0c13fd31fe9bce8cba7360a8506c09ce67d25', '\xe07fdea422ddee2a039e28b8a6467dfd798f2e507568091816605271f9fe919ba2fa90e296757defd503851a4ef292bf63c0e72c04fa07631215edaa1a78eb39a55fa3146b', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.497651+00', '2026-11-23 06:00:01.574502+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (15, 23823, '\x8c832daf1972763da4992d329501d986', '\xefe829a1314eb1270749da8947b88d7461b584a1ca9cdc4dcfb72a12b67966fc', '\xe07fdea422ddee2af30e440d26278361439b473218c08fd5f29993e180451d3a623a201730e75e172fe24640c907e1b2b98804c824876347b96c0f484a56609f7a06f7b095', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.600137+00', '2026-11-23 06:00:01.670335+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (13, 25869, '\x5d5016ec671015a1059929baa49006fc', '\xcd7a0f0fec0d676145b1a89a2bf7833d8dabdc6c3210fd0ea7857b67377a8859', '\xe07fdea422ddee2a566d75b885b8d7edcd3391ebb9d0970ee3c5cb9e421b1d0908f22950279aed860fbca957ba31a121aef63c984bb66c5ef73161b1fc15c120b0c980', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.695686+00', '2026-11-23 06:00:01.761534+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (14, 27918, '\x2826a379c49929cfc370b719ed94ecfa', '\x0e5810f7f030e22d919379160ebbf04e1332b376e9b1d523d8318ba6861175c5', '\xe07fdea422ddee2a760392aeaabc85cf43756de9cc8e2e7735b7e63b440eb85ec6c32a36ddcb739cc7019714486b68efc21bddfc3673b29295642dfd037f30f8d0a3e04f33', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.786747+00', '2026-11-23 06:00:01.852003+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (9, 30217, '\x0900e679671b64cdf2f65071d5127487', '\xe9efe3da3b53bda398d527b8e97e0a560cb41886c9b05e5024ec1ed161416295', '\xe07fdea422ddee2a5ca6d41959902894980d0bee95536eb9cbbe231eda1c78d84cbbe39f0fb7e7cc45e8bc28a233c09cd2e583202a82265d77fae794c3aff8db691aa6dde7', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.879816+00', '2026-11-23 06:00:01.962435+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (11, 8971, '\x2b20c015d5d37b29d27d5fb10162ad30', '\xcb66bec42455caf41af936b0102d87d4d6bc14d07f05dd99ce983ea1f55e003a', '\xe07fdea422ddee2a8db78710173df789a5cdf0831c9be1bcb0c664ed80a9701607c4342c8e0787b0953ecef30bee43fa66fefda70d91d178729c8be4a8080c64f0505fb0a6', -2269850890630468054, 'en', 'UTC', 8, 0, true, '2026-12-24 00:00:00+00', '2026-11-23 06:00:00.814591+00', '2026-11-23 06:00:00.892049+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (8, 44296, '\x01095474d4d1ae615cfca2a2f94a032e', '\x88fa7f43b7c7d9a5ea157d5b4e4957aaf61bd8fc4dc5100e9aad836f246b6b5c', '\xe07fdea422ddee2a30c54b8ea4bb9359f6ee702440bd98109f7bbdad26e006f53d2a2076dd3b59eba5265bae7410a3508c347708191c074c93b429df5e0204fa859f3a', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-24 08:01:00.183441+00', NULL, NULL, NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (0, 1536, 512, 3, 'active', 'weekly', NULL, false, 3, NULL, true, NULL, 1280, '2026-11-23 06:00:00.329394+00', '2026-11-23 06:00:00.456038+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (2, 3586, 2562, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 3330, '2026-11-23 06:00:00.504417+00', '2026-11-23 06:00:00.57566+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (11, 9995, 8971, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 9739, '2026-11-23 06:00:00.814591+00', '2026-11-23 06:00:00.892049+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 16398, 15374, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 16142, '2026-11-23 06:00:01.168977+00', '2026-11-23 06:00:01.251629+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (6, 18438, 17414, 2, 'active', 'monthly', NULL, false, 3, NULL, true, NULL, 18182, '2026-11-23 06:00:01.285172+00', '2026-11-23 06:00:01.361814+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (6, 18694, 17414, 4, 'active', 'monthly', NULL, false, 3, NULL, true, NULL, 18182, '2026-11-23 06:00:01.285172+00', '2026-11-23 06:00:01.361814+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (2, 20738, 19714, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 20482, '2026-11-23 06:00:01.395658+00', '2026-11-23 06:00:01.469715+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (13, 22797, 21773, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 22541, '2026-11-23 06:00:01.497651+00', '2026-11-23 06:00:01.574502+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (13, 26893, 25869, 4, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 26637, '2026-11-23 06:00:01.695686+00', '2026-11-23 06:00:01.761534+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 29198, 27918, 4, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 28686, '2026-11-23 06:00:01.786747+00', '2026-11-23 06:00:01.852003+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (5, 12037, 11013, 3, 'ended', 'daily', NULL, false, 3, NULL, false, 'unsubscribed', 11781, '2026-11-23 06:00:00.921869+00', '2026-11-23 06:00:00.998836+00', '2026-11-24 08:01:00.056373+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (5, 12293, 11013, 4, 'ended', 'daily', NULL, false, 3, NULL, false, 'unsubscribed', 11781, '2026-11-23 06:00:00.921869+00', '2026-11-23 06:00:00.998836+00', '2026-11-24 08:01:00.056373+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 14350, 13326, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'complaint', 14094, '2026-11-23 06:00:01.037911+00', '2026-11-23 06:00:01.122171+00', '2026-11-24 08:01:00.161908+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (8, 45320, 44296, 3, 'pending', 'daily', NULL, false, 0, NULL, false, NULL, 45064, '2026-11-24 08:01:00.183441+00', NULL, NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (15, 24847, 23823, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'unsubscribed', 24591, '2026-11-23 06:00:01.600137+00', '2026-11-23 06:00:01.670335+00', '2026-11-24 09:01:00.457891+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 28942, 27918, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'unsubscribed', 28686, '2026-11-23 06:00:01.786747+00', '2026-11-23 06:00:01.852003+00', '2026-11-24 09:01:00.479366+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (11, 5643, 4619, 3, 'active', 'immediate', NULL, false, 3, 5, true, NULL, 5387, '2026-11-23 06:00:00.615561+00', '2026-11-23 06:00:00.689658+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (11, 5899, 4619, 2, 'active', 'immediate', NULL, false, 3, 5, true, NULL, 5387, '2026-11-23 06:00:00.615561+00', '2026-11-23 06:00:00.689658+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (7, 7943, 6919, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 7687, '2026-11-23 06:00:00.721628+00', '2026-11-23 06:00:00.787371+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (9, 31241, 30217, 5, 'ended', 'daily', NULL, false, 3, NULL, false, 'removed', 30985, '2026-11-23 06:00:01.879816+00', '2026-11-23 06:00:01.962435+00', '2026-11-24 09:01:00.616317+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\x0c730b5921c00ff7dec4033bfb107b3e4cb81a1c179fcaa33a335b6400904b22', 'declined', 'page', '2026-11-23 06:00:02.172031+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\x1e0b740fffd756e90a1d98f1e3de29ed90834426bf6baf6680020d298977b62e', 'complaint', 'feedback', '2026-11-24 08:01:00.161908+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\xab2306eb933e20cd3e4e295bedbdf151cdf6b58fb46aa7e35c42ef099a8a7b93', 'hard_bounce', 'smtp', '2026-11-24 09:01:00.549942+00');
INSERT INTO public.terms (id, version, text, sha256, material, published_at, pause_at) VALUES (1, '2026-11', 'We write to you about the studies that you follow.', 'd09d870a682aa524384cf7b7cbe38396828026fe5e54d08ee5262655ade5dea7', false, '2026-11-23 06:00:00.016524+00', NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (1, 'condition:MONDO:0004967', 'condition', 'acute lymphoblastic leukemia', 'acute-lymphoblastic-leukemia', true, 0, 0, NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (5, 'trial:NCT00000003', 'trial', 'Engineered immune cells', NULL, true, 9, 9, NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (4, 'trial:NCT00000002', 'trial', 'Engineered immune cells', NULL, true, 12, 12, NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (2, 'condition:MONDO:0005059', 'condition', 'leukemia', 'leukemia', true, 11, 13, NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (3, 'trial:NCT04787263', 'trial', 'Engineered immune cells', NULL, true, 14, 14, NULL);
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (1, 'acute', 'condition');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (1, 'all', 'condition');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (1, 'leukemia', 'condition');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (1, 'lymphoblastic', 'condition');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (2, 'leukaemia', 'condition');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (2, 'leukemia', 'condition');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (3, 'cells', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (3, 'engineered', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (3, 'immune', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (3, 'nct04787263', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (4, 'cells', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (4, 'engineered', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (4, 'immune', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (4, 'nct00000002', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (5, 'cells', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (5, 'engineered', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (5, 'immune', 'trial');
INSERT INTO public.topic_word (topic_id, word, kind) VALUES (5, 'nct00000003', 'trial');
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT00000003', 5, 2, 'removed', '{"nct_id":"NCT00000003","revision":1,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT00000003","title":"Engineered immune cells","status":"NOT_YET_RECRUITING","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 1, NULL, '929bdbedf82cc5bea4028811f528c9f807075cf56a4579aada764cf3ddb96017', NULL, NULL, '2026-11-24 09:01:00.616317+00');
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT00000002', 4, 3, 'present', '{"nct_id":"NCT00000002","revision":3,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT00000002","title":"Engineered immune cells","status":"NOT_YET_RECRUITING","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 3, NULL, 'be2263838bdb52c907c628d6079cd8bde6cfc1cccce80666b127e61cc9a2d645', NULL, NULL, '2026-11-24 09:01:00.737362+00');
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT04787263', 3, 4, 'present', '{"nct_id":"NCT04787263","revision":4,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT04787263","title":"Engineered immune cells","status":"SUSPENDED","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 4, NULL, 'adecd0847906215f21f954a477edef89f80a0f7bb53fd3a7da8c35036dbd3495', NULL, NULL, '2026-11-25 08:01:00.131307+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 1, 'present', '86c1ee2296f3c1c15a6051850d56774b242243f7ec25f29600f6f37f21c1334d', 1, 3, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:00.152932+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 1, 'present', '1d091131b05e812e76a2bb5bbdb73f15c58807b0ae5c097362178f86ed72e396', 2, 4, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:00.217866+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 2, 'present', 'fe339b499fd93b46c627e704bccc987ff6ab41f1b89f35428d1c9b20e2690839', 4, 7, '2026-07-01', true, false, '{"overwritten":{"status":"NOT_YET_RECRUITING"}}', '2026-11-23 10:00:00.018843+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 3, 'present', '6c9f8813b54560451501b475ec57dfa4df6cded079f6b5091b7704a3725cc034', 6, 8, '2026-07-01', true, false, '{"overwritten":{"status":"RECRUITING"}}', '2026-11-24 09:01:00.312777+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000003', 1, 'present', '4d3b6512394c254993545326698c86e73f90a76f834bd2c4b423649d0244ac6d', 3, 5, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:00.265713+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000003', 2, 'removed', '929bdbedf82cc5bea4028811f528c9f807075cf56a4579aada764cf3ddb96017', 8, 9, '2026-07-01', true, false, '{"ending":{"explanation":"withdrawn"}}', '2026-11-24 09:01:00.616317+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 2, 'present', 'b10d14543e153e29f4b1e53deeaab8c1fa851b9aaa22e16a6f2aa97b54d4db77', 10, 10, '2026-07-01', true, false, '{"overwritten":{"status":"NOT_YET_RECRUITING"}}', '2026-11-24 09:01:00.658709+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 3, 'present', 'be2263838bdb52c907c628d6079cd8bde6cfc1cccce80666b127e61cc9a2d645', 12, 11, '2026-07-01', true, false, '{"overwritten":{"status":"RECRUITING"}}', '2026-11-24 09:01:00.737362+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 4, 'present', 'adecd0847906215f21f954a477edef89f80a0f7bb53fd3a7da8c35036dbd3495', 14, 12, '2026-07-01', true, false, '{"overwritten":{"status":"ACTIVE_NOT_RECRUITING"}}', '2026-11-25 08:01:00.131307+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_9b9c68fce0a82fe9', '2026-11-23 06:00:00.02475+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_62500e33a10b4e92', '2026-11-23 06:00:00.143672+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_16ccf6feb0e31d87', '2026-11-23 06:00:00.209919+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_e1095e734cd00a1f', '2026-11-23 06:00:00.256936+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_2e8954832e13c151', '2026-11-23 10:00:00.000588+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_182e0dc4488979a8', '2026-11-24 09:01:00.299433+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_c3b5a2ba8d446b0c', '2026-11-24 09:01:00.611905+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_d47ef1af9843b90f', '2026-11-24 09:01:00.653454+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_5d25f74da0a3204b', '2026-11-24 09:01:00.733388+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_594a267290329da5', '2026-11-25 08:01:00.121601+00');
INSERT INTO public.word_ending (ending, word) VALUES ('acute', 'acute');
INSERT INTO public.word_ending (ending, word) VALUES ('aemia', 'leukaemia');
INSERT INTO public.word_ending (ending, word) VALUES ('all', 'all');
INSERT INTO public.word_ending (ending, word) VALUES ('astic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('blastic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('cute', 'acute');
INSERT INTO public.word_ending (ending, word) VALUES ('emia', 'leukaemia');
INSERT INTO public.word_ending (ending, word) VALUES ('emia', 'leukemia');
INSERT INTO public.word_ending (ending, word) VALUES ('eukaemia', 'leukaemia');
INSERT INTO public.word_ending (ending, word) VALUES ('eukemia', 'leukemia');
INSERT INTO public.word_ending (ending, word) VALUES ('hoblastic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('kaemia', 'leukaemia');
INSERT INTO public.word_ending (ending, word) VALUES ('kemia', 'leukemia');
INSERT INTO public.word_ending (ending, word) VALUES ('lastic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('leukaemia', 'leukaemia');
INSERT INTO public.word_ending (ending, word) VALUES ('leukemia', 'leukemia');
INSERT INTO public.word_ending (ending, word) VALUES ('lymphoblastic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('mia', 'leukaemia');
INSERT INTO public.word_ending (ending, word) VALUES ('mia', 'leukemia');
INSERT INTO public.word_ending (ending, word) VALUES ('mphoblastic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('oblastic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('phoblastic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('stic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('tic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('ukaemia', 'leukaemia');
INSERT INTO public.word_ending (ending, word) VALUES ('ukemia', 'leukemia');
INSERT INTO public.word_ending (ending, word) VALUES ('ute', 'acute');
INSERT INTO public.word_ending (ending, word) VALUES ('ymphoblastic', 'lymphoblastic');
INSERT INTO public.word_ending (ending, word) VALUES ('04787263', 'nct04787263');
INSERT INTO public.word_ending (ending, word) VALUES ('cells', 'cells');
INSERT INTO public.word_ending (ending, word) VALUES ('eered', 'engineered');
INSERT INTO public.word_ending (ending, word) VALUES ('ells', 'cells');
INSERT INTO public.word_ending (ending, word) VALUES ('engineered', 'engineered');
INSERT INTO public.word_ending (ending, word) VALUES ('ered', 'engineered');
INSERT INTO public.word_ending (ending, word) VALUES ('gineered', 'engineered');
INSERT INTO public.word_ending (ending, word) VALUES ('immune', 'immune');
INSERT INTO public.word_ending (ending, word) VALUES ('ineered', 'engineered');
INSERT INTO public.word_ending (ending, word) VALUES ('lls', 'cells');
INSERT INTO public.word_ending (ending, word) VALUES ('mmune', 'immune');
INSERT INTO public.word_ending (ending, word) VALUES ('mune', 'immune');
INSERT INTO public.word_ending (ending, word) VALUES ('nct04787263', 'nct04787263');
INSERT INTO public.word_ending (ending, word) VALUES ('neered', 'engineered');
INSERT INTO public.word_ending (ending, word) VALUES ('ngineered', 'engineered');
INSERT INTO public.word_ending (ending, word) VALUES ('red', 'engineered');
INSERT INTO public.word_ending (ending, word) VALUES ('une', 'immune');
INSERT INTO public.word_ending (ending, word) VALUES ('00000002', 'nct00000002');
INSERT INTO public.word_ending (ending, word) VALUES ('nct00000002', 'nct00000002');
INSERT INTO public.word_ending (ending, word) VALUES ('00000003', 'nct00000003');
INSERT INTO public.word_ending (ending, word) VALUES ('nct00000003', 'nct00000003');
INSERT INTO public.wording (sha256, text) VALUES ('5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', 'Shall we send you emails about what is listed here?
Yes, send me these emails
[…]
What you say with this button
I agree that Example Updates sends me emails about what is listed here, and about nothing else.
I know that what I follow can reveal something about my health, or about the health of somebody close to me. It is used only to send me these emails. My address is kept encrypted and given to nobody.
I can change or stop this at any time, with one click, from every email.
The terms (version 2026-11) apply. The privacy notice says what happens to my data.');
INSERT INTO public.wording (sha256, text) VALUES ('440fc888f3288e61ff484604dc7bd6160fa3643c820426fb782a53967b6402bd', 'Dürfen wir Ihnen E-Mails zu dem schicken, was hier aufgeführt ist?
Ja, schicken Sie mir diese E‑Mails
[…]
Was Sie mit dieser Schaltfläche erklären
Ich bin damit einverstanden, dass Example Updates mir E-Mails zu dem schickt, was hier aufgeführt ist, und zu nichts anderem.
Ich weiß: Die Themen, denen ich folge, können etwas über meine Gesundheit verraten oder über die Gesundheit eines mir nahestehenden Menschen. Diese Angaben werden nur verwendet, um mir diese E-Mails zu schicken. Meine Adresse wird verschlüsselt aufbewahrt und niemandem gegeben.
Ich kann das jederzeit mit einem Klick aus jeder E-Mail ändern oder beenden.
Es gelten die Nutzungsbedingungen (Version 2026-11). Was mit meinen Daten geschieht, sagt die Datenschutzerklärung.');
INSERT INTO public.wording (sha256, text) VALUES ('caf12a846139bc603922c120f649b8615125b2f69b368e898775c7a97a7327e2', 'Pouvons-nous vous envoyer des e-mails sur ce qui est indiqué ici ?
Oui, envoyez-moi ces e‑mails
[…]
Ce que vous déclarez avec ce bouton
J’accepte que Example Updates m’envoie des e-mails sur ce qui est indiqué ici, et sur rien d’autre.
Je sais que les sujets que j’ai choisis peuvent révéler quelque chose sur ma santé ou sur celle d’un proche. Cela sert uniquement à m’envoyer ces e-mails. Mon adresse est conservée chiffrée et n’est donnée à personne.
Je peux modifier ou arrêter cela à tout moment, en un clic, depuis chaque e-mail.
Les conditions d’utilisation (version 2026-11) s’appliquent. La politique de confidentialité dit ce que deviennent mes données.');
INSERT INTO public.worker (id, host, started_at, seen_at, status) VALUES ('vm:22235:a4881769', 'vm', '2026-11-25 08:01:00.26144+00', '2026-11-25 08:01:00.261471+00', '{"mail": null, "paused": {}, "failing": [], "waits_for": []}');
INSERT INTO public.wrapped_key (name, sealed) VALUES ('address-index', '\x2e63be4b585b7468b66e6535509eb4f632028ed452560a6a3d1468dca63deebb827e9c2fee16e8d458e11082fab0c47b0d1bb384a444d33773e34416ee47592165fb1037');
SELECT pg_catalog.setval('public.audit_id_seq', 3, true);
SELECT pg_catalog.setval('public.event_id_seq', 12, true);
SELECT pg_catalog.setval('public.liveness_id_seq', 1, false);
SELECT pg_catalog.setval('public.log_head_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_hold_id_seq', 1, false);
SELECT pg_catalog.setval('public.row_id', 229, true);
SELECT pg_catalog.setval('public.run_id_seq', 8, true);
SELECT pg_catalog.setval('public.slot_id_seq', 4, true);
SELECT pg_catalog.setval('public.terms_id_seq', 1, true);
SELECT pg_catalog.setval('public.topic_id_seq', 5, true);
ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_pkey PRIMARY KEY (bucket, id);
ALTER TABLE ONLY public.address
    ADD CONSTRAINT address_pkey PRIMARY KEY (email_index);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bounce_count
    ADD CONSTRAINT bounce_count_pkey PRIMARY KEY (bucket, subscriber_id);
ALTER TABLE ONLY public.bucket_lease
    ADD CONSTRAINT bucket_lease_pkey PRIMARY KEY (bucket);
ALTER TABLE ONLY public.canary
    ADD CONSTRAINT canary_pkey PRIMARY KEY (frequency);
ALTER TABLE ONLY public.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.change_topic
    ADD CONSTRAINT change_topic_pkey PRIMARY KEY (topic_id, seq);
ALTER TABLE ONLY public.condition_closure
    ADD CONSTRAINT condition_closure_pkey PRIMARY KEY (condition, ancestor);
ALTER TABLE ONLY public.condition_name
    ADD CONSTRAINT condition_name_pkey PRIMARY KEY (topic_id, folded);
ALTER TABLE ONLY public.condition_parent
    ADD CONSTRAINT condition_parent_pkey PRIMARY KEY (child, parent);
ALTER TABLE ONLY public.condition_state
    ADD CONSTRAINT condition_state_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.condition_xref
    ADD CONSTRAINT condition_xref_pkey PRIMARY KEY (key, xref);
ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (bucket, id);
ALTER TABLE ONLY public.cursor
    ADD CONSTRAINT cursor_pkey PRIMARY KEY (bucket, subscriber_id, frequency);
ALTER TABLE ONLY public.daily_figure
    ADD CONSTRAINT daily_figure_pkey PRIMARY KEY (day, name);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (bucket, id);
ALTER TABLE ONLY public.digest
    ADD CONSTRAINT digest_bucket_subscriber_id_run_id_key UNIQUE (bucket, subscriber_id, run_id);
ALTER TABLE ONLY public.digest
    ADD CONSTRAINT digest_pkey PRIMARY KEY (bucket, id);
ALTER TABLE ONLY public.ended_session
    ADD CONSTRAINT ended_session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_source_event_id_key UNIQUE (source, event_id);
ALTER TABLE ONLY public.liveness
    ADD CONSTRAINT liveness_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_hold
    ADD CONSTRAINT mail_hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mail_quota
    ADD CONSTRAINT mail_quota_pkey PRIMARY KEY (bucket, id);
ALTER TABLE ONLY public.mail_release
    ADD CONSTRAINT mail_release_pkey PRIMARY KEY (what);
ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (bucket, id);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_slot_id_due_at_key UNIQUE (slot_id, due_at);
ALTER TABLE ONLY public.send_receipt
    ADD CONSTRAINT send_receipt_pkey PRIMARY KEY (bucket, claim, number);
ALTER TABLE ONLY public.sent_count
    ADD CONSTRAINT sent_count_pkey PRIMARY KEY (since);
ALTER TABLE ONLY public.slot
    ADD CONSTRAINT slot_frequency_zone_hour_weekday_key UNIQUE (frequency, zone, hour, weekday);
ALTER TABLE ONLY public.slot
    ADD CONSTRAINT slot_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.subscriber
    ADD CONSTRAINT subscriber_bucket_public_id_key UNIQUE (bucket, public_id);
ALTER TABLE ONLY public.subscriber
    ADD CONSTRAINT subscriber_pkey PRIMARY KEY (bucket, id);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_pkey PRIMARY KEY (bucket, id);
ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_pkey PRIMARY KEY (address_index);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT terms_version_key UNIQUE (version);
ALTER TABLE ONLY public.topic
    ADD CONSTRAINT topic_key_key UNIQUE (key);
ALTER TABLE ONLY public.topic
    ADD CONSTRAINT topic_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.topic_word
    ADD CONSTRAINT topic_word_pkey PRIMARY KEY (topic_id, word);
ALTER TABLE ONLY public.trial
    ADD CONSTRAINT trial_pkey PRIMARY KEY (nct_id);
ALTER TABLE ONLY public.trial_revision
    ADD CONSTRAINT trial_revision_pkey PRIMARY KEY (nct_id, revision);
ALTER TABLE ONLY public.webhook
    ADD CONSTRAINT webhook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.word_ending
    ADD CONSTRAINT word_ending_pkey PRIMARY KEY (ending, word);
ALTER TABLE ONLY public.wording
    ADD CONSTRAINT wording_pkey PRIMARY KEY (sha256);
ALTER TABLE ONLY public.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.wrapped_key
    ADD CONSTRAINT wrapped_key_pkey PRIMARY KEY (name);
CREATE INDEX address_change_of_subscriber ON public.address_change USING btree (bucket, subscriber_id);
CREATE INDEX change_topic_of_change ON public.change_topic USING btree (seq, topic_id);
CREATE INDEX consent_of_subscriber ON public.consent USING btree (bucket, subscriber_id);
CREATE INDEX cursor_behind ON public.cursor USING btree (bucket, slot_id, subscriber_id) WHERE behind;
CREATE INDEX cursor_slot ON public.cursor USING btree (bucket, slot_id, subscriber_id);
CREATE INDEX delivery_created ON public.delivery USING brin (created_at);
CREATE INDEX delivery_leased ON public.delivery USING btree (bucket, lease_until) WHERE ((state)::text = 'claimed'::text);
CREATE INDEX delivery_message_key ON public.delivery USING btree (bucket, message_key) WHERE ((state)::text = 'sent'::text);
CREATE INDEX delivery_of_run ON public.delivery USING btree (bucket, run_id);
CREATE INDEX delivery_of_subscriber ON public.delivery USING btree (bucket, subscriber_id, id);
CREATE INDEX delivery_queue ON public.delivery USING btree (bucket, priority, due_at, id) WHERE ((state)::text = 'queued'::text);
CREATE INDEX event_in_trouble ON public.event USING btree (state, id) WHERE ((state)::text = ANY ((ARRAY['dead'::character varying, 'conflict'::character varying])::text[]));
CREATE INDEX event_waiting ON public.event USING btree (id) WHERE ((state)::text = 'received'::text);
CREATE INDEX ix_audit_at ON public.audit USING btree (at);
CREATE INDEX ix_change_nct_id ON public.change USING btree (nct_id);
CREATE INDEX ix_condition_closure_ancestor ON public.condition_closure USING btree (ancestor);
CREATE INDEX ix_condition_name_folded ON public.condition_name USING btree (folded);
CREATE INDEX ix_condition_name_name_key ON public.condition_name USING btree (name_key);
CREATE INDEX ix_condition_parent_parent ON public.condition_parent USING btree (parent);
CREATE INDEX ix_condition_state_replaced_by ON public.condition_state USING btree (replaced_by);
CREATE INDEX ix_condition_xref_xref ON public.condition_xref USING btree (xref);
CREATE INDEX ix_event_received_at ON public.event USING btree (received_at);
CREATE INDEX ix_run_frequency ON public.run USING btree (frequency);
CREATE INDEX ix_run_planned_at ON public.run USING btree (planned_at);
CREATE INDEX ix_topic_joined_id ON public.topic USING btree (joined_id);
CREATE INDEX ix_topic_last_any_seq ON public.topic USING btree (last_any_seq);
CREATE INDEX ix_topic_last_seq ON public.topic USING btree (last_seq);
CREATE INDEX ix_topic_slug ON public.topic USING btree (slug);
CREATE INDEX ix_trial_topic_id ON public.trial USING btree (topic_id);
CREATE INDEX ix_webhook_received_at ON public.webhook USING btree (received_at);
CREATE INDEX mail_quota_at ON public.mail_quota USING btree (bucket, at);
CREATE INDEX mail_quota_mailbox ON public.mail_quota USING btree (bucket, mailbox);
CREATE UNIQUE INDEX one_active_subscription ON public.subscription USING btree (bucket, subscriber_id, topic_id) WHERE ((state)::text = 'active'::text);
CREATE UNIQUE INDEX one_delivery_per_digest ON public.delivery USING btree (bucket, digest_id) WHERE (digest_id IS NOT NULL);
CREATE UNIQUE INDEX one_pending_subscription ON public.subscription USING btree (bucket, subscriber_id, topic_id, confirmation_id) WHERE ((state)::text = 'pending'::text);
CREATE UNIQUE INDEX run_in_planning ON public.run USING btree (slot_id) WHERE ((state)::text = 'planning'::text);
CREATE INDEX slot_due ON public.slot USING btree (due_at);
CREATE INDEX subscriber_key ON public.subscriber USING btree (bucket, key_id);
CREATE INDEX subscription_catching_up ON public.subscription USING btree (bucket, subscriber_id) WHERE (resume_after_seq IS NOT NULL);
CREATE INDEX subscription_in_planning ON public.subscription USING btree (bucket, topic_id, frequency, subscriber_id) WHERE in_planning;
CREATE INDEX subscription_of_subscriber ON public.subscription USING btree (bucket, subscriber_id, state);
CREATE INDEX subscription_over ON public.subscription USING btree (bucket, subscriber_id) WHERE (in_planning AND ((state)::text = 'ended'::text));
CREATE INDEX topic_word_of_kind ON public.topic_word USING btree (word, kind, topic_id);
CREATE INDEX trial_revision_received ON public.trial_revision USING brin (received_at);
ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_bucket_subscriber_id_fkey FOREIGN KEY (bucket, subscriber_id) REFERENCES public.subscriber(bucket, id);
ALTER TABLE ONLY public.bounce_count
    ADD CONSTRAINT bounce_count_bucket_subscriber_id_fkey FOREIGN KEY (bucket, subscriber_id) REFERENCES public.subscriber(bucket, id);
ALTER TABLE ONLY public.condition_name
    ADD CONSTRAINT condition_name_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES public.topic(id);
ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_wording_sha256_fkey FOREIGN KEY (wording_sha256) REFERENCES public.wording(sha256);
ALTER TABLE ONLY public.cursor
    ADD CONSTRAINT cursor_bucket_subscriber_id_fkey FOREIGN KEY (bucket, subscriber_id) REFERENCES public.subscriber(bucket, id);
ALTER TABLE ONLY public.cursor
    ADD CONSTRAINT cursor_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES public.slot(id);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT run_slot_id_fkey FOREIGN KEY (slot_id) REFERENCES public.slot(id);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_bucket_subscriber_id_fkey FOREIGN KEY (bucket, subscriber_id) REFERENCES public.subscriber(bucket, id);
ALTER TABLE ONLY public.subscription
    ADD CONSTRAINT subscription_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES public.topic(id);
ALTER TABLE ONLY public.topic
    ADD CONSTRAINT topic_joined_id_fkey FOREIGN KEY (joined_id) REFERENCES public.topic(id);
ALTER TABLE ONLY public.trial
    ADD CONSTRAINT trial_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES public.topic(id);
