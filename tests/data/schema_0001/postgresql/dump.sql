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
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x7efde2e401c8d416ec963e39540da5b4c8a76e4a02bccd2c59a95a20cb3f8045', 30, 542);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x0c027045c831d2dd9251f28f7f17fb5a8df426d5832a786413e6cec413585b32', 12, 2572);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xedbe0191a8df30d399db0d26497ab91c1a42692ebd65a60ee571fe8b1baf8139', 13, 4621);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x23b24edbf6a341e3ff15a7799db7b4038d9a968d8882a95afb091a3b684410b3', 3, 6915);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x2b4cb80e2ae7882c27436932afa3957dedcbf239cb15775ad89d7c8177346fa6', 11, 8971);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x0f51bab31bc0e530f6fcff9ae6cb1c42e63da6096601300876c1569f20329e67', 15, 11023);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xb808145b0268a06ac1115f3c4c8f89186e4ea94fbf3d6a282cee817a185179fa', 24, 13336);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xa252eb2e2566ad386a5e317707d8d1eb17394a9c542ab056dbe3261f9c1299eb', 2, 15362);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x3fda9fe3804a55aa1af3e55db86f812a08301e4bac78da7c796ff8f2ad1327e7', 31, 17439);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xeb0fe4e5ce5bb8bb5b8a7a89d788122c6a7e2583881a03d423bcbecf537c312b', 11, 19723);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x1e2c961ae3765a2a0ad09a47785f716cf3c4a8fca8c05b39d93e64e516868761', 30, 21790);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x5a28c89141922b99ff1fb5e411cf1e11295bb4b0942985e142ed48385ca78422', 26, 23834);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x2e2bd9ac6189e6374ab25f4018dc4f985010f5335203f87e2a3e90c5264b27e2', 14, 25870);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x741eba613215a445b966fa6df73b11d977abdd86497e0249db8afcd55330193b', 20, 27924);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x19f9ca20dc43b7aa49c0551f426b01c412c118e7c760a291e102d823536a3f05', 25, 30233);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xe6545a84a70519b7275b246fb4a19e05e1effab21bcc3b16ca6e1a9dba0a01c5', 6, 45062);
INSERT INTO public.address_change (bucket, id, subscriber_id, sealed, created_at, done_at) VALUES (2, 43522, 15362, '\x5b8e6379bf60685cd9695f2d4fd43529b2351ef3bbd14a93eaeed366f8ded0816b8c0e07a69898b4f23e89c081b5ab864f8b447bee59cebe06186a55cff73304dc', '2026-11-24 08:01:01.061251+00', NULL);
INSERT INTO public.alembic_version (version_num) VALUES ('0001');
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (1, '2026-11-23 06:00:00.376206+00', 'api', '127.0.0.0/24', 'terms.publish', 'terms:2026-11', 1);
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (2, '2026-11-25 08:01:04.129072+00', 'dashboard', '127.0.0.0/24', 'dashboard.sign_in', NULL, NULL);
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (3, '2026-11-25 08:01:05.158682+00', 'dashboard', '127.0.0.0/24', 'dashboard.sign_out', NULL, NULL);
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (0, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (1, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (2, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (3, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (4, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (5, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (6, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (7, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (8, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (9, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (10, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (11, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (12, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (13, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (14, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (15, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (16, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (17, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (18, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (19, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (20, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (21, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (22, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (23, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (24, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (25, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (26, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (27, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (28, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (29, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (30, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (31, 'vm:2447:772bbf58', '2026-11-25 08:01:18.957343+00');
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (1, 'NCT04787263', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:02.326273+00', 3, NULL, 1, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (2, 'NCT00000002', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:02.916145+00', 4, NULL, 1, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (4, 'NCT04787263', 'status', 3, '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '{"status": "RECRUITING", "why_stopped": null}', '2026-11-23 10:00:00.134658+00', 7, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (5, 'NCT04787263', 'now_recruiting', 3, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 10:00:00.134658+00', 7, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (6, 'NCT04787263', 'status', 3, '{"status": "RECRUITING", "why_stopped": null}', '{"status": "ACTIVE_NOT_RECRUITING", "why_stopped": null}', '2026-11-24 09:01:02.965911+00', 8, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (7, 'NCT04787263', 'now_recruiting', 2, '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "ACTIVE_NOT_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:02.965911+00', 8, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (3, 'NCT00000003', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:03.47343+00', 5, NULL, 1, NULL, NULL, 8);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (9, 'NCT00000003', 'removed', 3, NULL, '{"explanation": "withdrawn"}', '2026-11-24 09:01:06.365986+00', 9, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (10, 'NCT00000002', 'status', 3, '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '{"status": "RECRUITING", "why_stopped": null}', '2026-11-24 09:01:07.030796+00', 10, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (11, 'NCT00000002', 'now_recruiting', 3, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:07.030796+00', 10, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (12, 'NCT00000002', 'status', 2, '{"status": "RECRUITING", "why_stopped": null}', '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '2026-11-24 09:01:07.931116+00', 11, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (13, 'NCT00000002', 'now_recruiting', 2, '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:07.931116+00', 11, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (14, 'NCT04787263', 'status', 3, '{"status": "ACTIVE_NOT_RECRUITING", "why_stopped": null}', '{"status": "SUSPENDED", "why_stopped": null}', '2026-11-25 08:01:01.266331+00', 12, NULL, 4, NULL, NULL, NULL);
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
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (30, 1822, 542, 'requested', '2026-11-23 06:00:04.065395+00', '2026-11', NULL, '\xac0942430d7b25fd0316e2b4cf769c68d258e2c41ae822eef39c43104677027b1af67af0875305119e2a966c9363d0b36523cdbc6b42d804dc32ad0c4746138d6a34001391c330d384ebe5da49096ff0745111218e923b442241e72559d916c96f695895ec9ac08d9d8fe742a2fb5df06c9a63e02f59413c10cb4ce7c23188298482ad0d688ca3cdcc14c451094e4cfeb377659f919063dd79b52102217a9a877b09ee32623c4b9f1ac397b9b796cdb31da07382ccc42d37b0a0f8994e3d49942fc25cbb4ec9d5764b729d2fbffe0bfa9236e13a01e8ac9a8f5381d1449ab1359dcffae050c721ec34d8c0');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (30, 2078, 542, 'confirmed', '2026-11-23 06:00:05.91202+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd010d3331ea9af5712bd9c72e1d50ed165b289b1524a0068bc4cb704c0404f21489f9d4df92e0c45c7b92c7c02680dce5d70bd5835ab854976429a13d1758262fc6445a3afcf94fd89d296da7ad7c6e2a0d458cd62f2bebeacf4874c11a68f4708fe88f0dcfa450d9f3be83ab60baf9c5e6544f5fc9197dfb2a0f027361e252d46d2d04549b03a7051a39d09adab8cc1912f6eac1f71be82474ddaf3fde627e4c87c3b8c139df7e32a030796de0f242398c38364a6e52ed7b1486fd7d7d4741037a177cb2932089db8397be6390bfb9cc927a795c81de26102f191d396583a89189feae2c9c164b7f46c8edd3ffce5139a2a46e19f8c70ebdb333a16ca43c73a2cda06ec1e26d75c6bb9dd975447920788291');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (12, 3852, 2572, 'requested', '2026-11-23 06:00:06.46451+00', '2026-11', NULL, '\xac0942430d7b25fdc83c4b60a60f7ccbe49a98d3a9e96a2e96bc0ceaf1cdb00e1edb43aa399a3952900744d898c3824c42b987b385eb156642af64be3102007e4f050f4255fd02ce1235d00c728bcb83b64e3f9cbac9dcbbd4610bd1c45b87aa28ec1cfa47a96f1782dedc92e1b44f0aac30d5d896cec57f8a3affc92d4ca45d8735846397b7f855f9888dca5aa7f79dda79d2b9cdf671ed727244b013f36c2342ba7b0399198fd13af1f0d7b220489c57f15194123299ac38e0087432c79efa6e0362b69d1857369b1672fc15e3d6a0bdcc51f13f0e7f0b839789de0d22bf68a678');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (12, 4108, 2572, 'confirmed', '2026-11-23 06:00:07.78999+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd13f41db99324d814bf7e10382ddf445815d6a444b52ed1f5b97dd5c8012c95f076b5aec9e1fccd1e9ad26b0a0936290e87ebe313e8a6c220ddb9308efe035bbbc1d6dab4e2bf999c63c6e09b5ce042e1eda0b8a3aabd7dd4542027dc8df58904c0a47ec2aa952c157c67a72c051f021cad7f3b1bb7ba074e3b5abf1fcd7271c8da7cd6a99cd5a7472ecfdb31e6b028784f426762fcc603b91332fe838610c48d77fcd2acd87dfba2875a1a779a7578bd7ef572dbdc6e173c955c92b24812f4ccc19267e1f93af28a1d03f30589a603ae658d49c98cebee524fed139bb21f59f3b86872582e321f192a5443705665accb5a36d6d1c492947682cb42129c9827feac1885853bfb4d8eec011788edb40280d5');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (13, 6157, 4621, 'requested', '2026-11-23 06:00:08.288489+00', '2026-11', NULL, '\xac0942430d7b25fd210d7d807c200cfe4c35308f911d406577e29f3b470890d6e7c7d3d94e8022825eac16e226d47430df9a3cde36ef996a84846c34932757fc527da6a2a8047940642cf6aee96481b37269a28ed213345c8ded597113a602373521d8df81a753ea63472856892400f2d80dd6556f7d5804636cb22c8ae9d42a46224ed704542a7d9af91a220e438ea3559914dd41b07815488120c9a42e49bf9f0d8cfabc603a545ce828a4929251c215fc686baea33ae98f357b0fb29f16442105ff89739eab9c5702bfcd3682da8982f2e3f72d8edfdbd31daad740c99dbb0d7579e02001a213b844227f57d0b47c35d1c32793a6184bfe2fbb010fd36d52');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (13, 6413, 4621, 'confirmed', '2026-11-23 06:00:09.731513+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdb6dd6e350b66f2dba1cf03a838b8d958a1deba982caad86dc1f50ddf3983dd4036307ec8172ab95c72291b2c58708023a5f95fa2ead75f57763c475dd8da34cda8a5a34c1a1e17174ed71cd8eba022f3fcb0dccf42f8fa1643a8c966f06d9dccd78c6b0c43d115f1ebd35af468a08ddf0d9d7fc9000a6f70598b5363f3a80ceaab20f6d03cd1c1c2fd4f626e2236d86d5cb2728da4e5d0e7b553ca50bb2ddacb83f014386e815521d6261f940c2f565156a54725d44677995bdb31a6e4e303777b0b83bf09282714f600d4b52a25608a04bdd5ae0d9056fca92f5eee7cb5a8cb77e0b38c9081378dcc166ee87969c12dfc66f57c57290e408cda3fbacdeda684ad731b64b7490663220751fff7e3d2711807b863c3b1270232ba4de291f01e402246b82737a8ce518e2c4c8a822ba8f4825b3ad2da10717d9e0b864252ffd20a49a42eb49ea554babdbdbe59a879ec3d1225109fd3b866d7ba7ecd93b8cf');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (3, 8195, 6915, 'requested', '2026-11-23 06:00:10.230354+00', '2026-11', NULL, '\xac0942430d7b25fdc7e5d3e67b82c439d2938aab990f65e63cc75d0d8b858f2ceef6096847a515d1a8b2c0530b6750e50c322ed2093a2dbd9a8f18019056c5dd5da1a1055ef167ec6cfe2004a449894d2cd7cf2e1b6b1c1e03b1d1796dae6db2875361c273232fdbd8bb673efe19f91454f8294032d7424e575d3bfe91468e78e8820ebf134ec52f98006dfab01fc5a37ed8e04556ace0807e4e3df1e236cb5e8f85b4254c4665112e405d91921852ecd90112eab66c8285373a3ede77e0b3a173fe7048c004afcff161beac565e2ae8e47c1562077d7981250c2c7a0bed55e32bd69a9091b5');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (3, 8451, 6915, 'confirmed', '2026-11-23 06:00:11.413803+00', '2026-11', '9c79c0908a48806b4d23ba13b87400062a3dbe473332c1479e9e717f44dedb08', '\xac0942430d7b25fda220619eeeeb7c0c141315338c126bd1f4960ca9d312d642f83a268629f797f610b989e025d617e86c005302fb1dec7868dd8167fcb1184cdb88c4a04f5cad91cc3160f94c1818755ceb75275cb745691cf33be8bd5e3beaf7a21850bede18d2e3a0542683475a7445ce110aff57814200c1eac0e296432c0a32c707e9feafb788dd34c6f48e379e3d9bdb11a3048447374aec12ceb58f8f5bad4a135083c3c87d81e5b068b102894b29ae030c2242b805dba50485f61e6b3a3593875d01cb01cdfd7c4add74de44f3d8c87f56bd20c4f2e48ff69703e8fbb6a7285fdfd04240c9c47c74e384ef8ddc98b29584c19bbb7d8763f5fc52c4e9c2dff2984da56e4c1f510d0ca31466f71f1f6b7736d46d718ed46c895c3bb9b2');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 10251, 8971, 'requested', '2026-11-23 06:00:11.781189+00', '2026-11', NULL, '\xac0942430d7b25fd5c4bfaa9d727751b1481a0dde7920c051f1f71986e52ca7703dfefe12d28e9e49621081dfffef99a2ee7d6d507940121e02bcfacb7f937490b28df92d30711c83252ee15503610c058cdbcbf1d56c52836bc48ee17bcaa0b056daff123a28ef9ca1cee26756953e24ae988f89c3610bec3742b9b934e25a9e062b2e67fb264fdace4665f4484d652e0a028a78f0198553b0c8e66ec6235756a28db24a58dd9e8a6852c791ec4581f5c1fb926c0127e986c3dae361ec877c4a28d2c8ecabb566d6f4cc05502df717144dd120621990ff5b2b7a45347baf0d70c7367766c9f');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 10507, 8971, 'confirmed', '2026-11-23 06:00:13.198736+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdb203be089f91f26eddcf025634c33e55b874a9c4af3caf956cb51310b5ae66e380554bc106a8efe42182b2f7dc88be82d8cc453b1decff90a3827deec757d63af5d22a0ba37e70fffaddab9a90237240f90d4206b7ef3343b42e6b7c91981dd5628a6c78c360d699e1f56afa90b085eaa721bf90eace58d6cda834fab0ff78e46528937ec63ac667c9872b1a6bfa8acad4427874116c1e3be0eaadce4102f09fae1e6a83d0ab739be1671669292ed33bb4e7846eb31c230268d45782e7eff554494cd791aa07db290177594a41ede12a2a992e505121067ea50f240546acd232a564dd04281d4410075c73d52e7efd27e22e62c15685ac985ed2877e97057febebd723d4491ad828c6717202889a0db077ed1bcec13b8254f743a2');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (15, 12559, 11023, 'requested', '2026-11-23 06:00:13.808163+00', '2026-11', NULL, '\xac0942430d7b25fd3dc1d29e4a49ee252ccc28b95ad840a83f023bc356f3b013e4399f306803c6e26c95dd126e4f9ba54dbfcbcae3c75878aed82cc1abf7d933e92b657a190f38c77c114e9fa138bafdca4ca581248dddf427f6e6e495c26788fbeaf1508f222705d58e4e4372b579f37f1d28c2f5395e13b1723fb2ebe0263a9ecb2e4939036c85a9004cb74acdbe32c2591b5695117c6e0b2fbc02d81977d806f9184868ab3ffdb2182c0af9b9134f751b16ca1a4d943034ad0e52f664d7541f21bfdcb85430f8d09c471a5d88056da9c5aef3d28ec78ab10432132a9248a2b645f4cfe445b5a41c09545aa60567b3a09a22f0125d');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (15, 12815, 11023, 'confirmed', '2026-11-23 06:00:15.146582+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdf35f9ed7527260c8388627915bcb03d666c551c7d44771602f76fd00f00a25759ffe43812bc492fc7ca7aceeed7f0be1eaf15877fbcb8839cd5205656a78d4eb05a690af6c1473bc2200a9956ba2c2a1d97219c453a193728d63e9d9d259d9b5b7c37739afebac03106c7f6bca3837eb8bd11ea81c9fe2f3c88e2be0d5f26501db9438d652e712140c314bc92d7393b8feaf06e572bc0c7e2ecb4ffde612fc8b173634281da3900b40bc0b2dbd4079658969c9b092bba1867eacf29ea6fe53f0c8d2ed833c9339f16d9674581cb12c9c021366682c6c7c1e7d9087171b181284a7edf7a9150fc9d84cf52c508c0a9a36157a51864984125347acded348a985df417a0115ef333a83e5ac249552350ac195fb5b69315aa5809c5f6257e2a17668ca1ac12bf706e4d27f07afc41d678d2d088c986eb081aa0fbd675ae024e13daf0d047344c1e57bcf091d08eb02b5be36d51a5bd5426e3537b950986692cb2eca7d');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (24, 14616, 13336, 'requested', '2026-11-23 06:00:15.903361+00', '2026-11', NULL, '\xac0942430d7b25fd9fc3879aaa20ca5f591f0be7351e770261191ae9f4619b998d3083ed5b4728064c2c067db0c643ed2e2228af6c88abb9ba2d4faf80ce0f07ddae1afa999189a8271a3f36571ab94c82a2b1c66039c9f833b12d63023e21f0bf5359239ba09388e623600ec721eeeb675239fcf95d0928457ce5ec7f0e84ddcd8b7dd0e8d5c834f9d2823ff01f8d60277543da9917a175eea4af647aa1616f66a45a3c7b99256b984a412248d4330c52fd33fe0a3534564d139209d01ccdb4af0f8038cef77dc6d84c1fb2c2e2fbd9cbd07c8af2904a7c80980f37fba1b6dc1f6169c3480d');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (24, 14872, 13336, 'confirmed', '2026-11-23 06:00:17.367734+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd14cd73cb634c03ce73bda5e772896807785ef35efc064c83a77dfee6fa5f1dd254768fa3db67c0e000914a55b536e1963f6bf256437ad7a4c6e2d35f857ec1763bc85472c09a3ebc4c121df9015bd4da2e92e5969125f0d0b39e372cfbb8376f56f6db0e99f55ccaf1fe509ca352333acb70183a9920cce46d204e5281bd27d7b15c0aabe1648b07863e2f69c7bcc8af7c06fe3346d0b34a8cd9968766ba1e48411b63ff0ef187a6565010d709d91048ec8ec70d9897029f54d1c43823d85eb54639d9bb43320bdc34442b1b8afc1095b9442240a3b1166869de4d24b0d54ab05c565169e65d09b9fcfbb2e2ce878cace28249110cfab206b4e19c8567b7a5ccbe11f14b195a8da582437a622155bcc8aaf061666d84562e60d2a7');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 16642, 15362, 'requested', '2026-11-23 06:00:17.688709+00', '2026-11', NULL, '\xac0942430d7b25fd2ae7a30788b940a829210cf15ab47233e2a2016aee4e49142398df3bde49235a3e6313991b4e1c71f5abe4baf376bf116b11f2a0fc4dbfd55f818f5932c2df5bcab47981b95bf336c7c64c75e7c45111db94a7208138e1a54f3e6dd53311eeaf44cc2644036d243ad81048044f85f3f02235c3bd0aaea1beca7068e3b61c5d7551b3cb8ff4df9cd97cf412eaeb4ec74cbc94ab221b28161281dfc090af0e74881084e0cbfdbaa8000581819ca07ac20270aabafbbeb4fd6177bda14dda6e641eed557991fc67428e104efb6d9ef15a025a1602a97b10750294f4');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 16898, 15362, 'confirmed', '2026-11-23 06:00:18.843485+00', '2026-11', 'df7f4e7e4f5c1f8f056c21473b08ee4f50342bc4f574ba9c4dc91b8e4eb11e9a', '\xac0942430d7b25fd49d5dd1555ffa4b65b0f00b0da3e257ddbc7f9e628fb124cf3b1e196a29f50d15bebcc9f9be42e6aa34a057cffc1bed82579877ebb390fa121d6c93cde51a7174a3fdcbd1605a91e7ca577a6ad3e944bda97815f9936fabcf11b74cfbbb9a4d9116ab25a599bdb11efee610c0895a2aa59967b12877b43fd8bd5c80d032717fb5e40483a5b9de2e2d31a6bc0d6a98fa81a2a034bfe423d2ecbe4b5c529b808bb0bb9ecd7ebb0421b34806a6052a75d340321d6cb09f7bbb6f98fd61e56c365f10856a1e1f99bf38b45f4067308c1266ea0144a357360710dc40cd1a1ffca660e3e3eeb3463ac1bd32487097562bc6df7825b87374e483ae00d32ebfc437f25627a8f9aa4d49bfa447c5ef13099c102c14550ea608e13fcbe7a77');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (31, 18975, 17439, 'requested', '2026-11-23 06:00:19.502555+00', '2026-11', NULL, '\xac0942430d7b25fd7678f5a02bb5d6b889dc99eb7b0fbcc8cfa0f7aa6b3a2a3ad740ccc9c26be6fa0538ddb252816d82c1f0f489a39ee8e692b2041aafbd36c6bde07acb2dfe35af096ca4d12b8561c7d352df9a9cb94fb85a977bcca2b021a721da6f5fc09c4bd98d1c90d42ea9d20a0bde053f4a1146f298c03b604095545bc166de821abc0c3d9ad62e113e54749b14f36aec8e4bf10047f3e4409e10425c3f5705a6771b2687442c2c1d5b2708bf85aefcbeec09656519ce25abe58b17ebbb5c2e2ba0d8acc4dc4fae9181631f3afb78b10668d232ea84413da1dba4b9fdd6a6c87d79fd269019f7e527b3a485eae5fa82d2546fc283745d21faebc65db8dc13852f2afc4672');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (31, 19231, 17439, 'confirmed', '2026-11-23 06:00:20.76724+00', '2026-11', '9c79c0908a48806b4d23ba13b87400062a3dbe473332c1479e9e717f44dedb08', '\xac0942430d7b25fdc5c5bab60591dd9880a2902eba0b1df2783d8c62a25a5e3b084ca5cab3acb5a9508098ac89f4dea4aef6fe0746d953adb855a31b2a9c73ec80535c98cb70ffae326cf153e66382feb8931b668a53aea3bc42698f83e39d3466273d0a0076c4c4d130f5feaf158a00de8773101102db4edb163fc822289a6e410b39112d098e094a430a946bef816ed5eea50cfe7c9909efd5e3d91b9b9a2d079a1a5d86f2d3fed5207f05158c3240e1b2cafabcde34a58b2c6f2a563c02e77ca2f7de7eefe3f566088517a581a691984f389d9dc41e796e30bed4d0681c76dd1f3d4e1dfe1a4ee6e8647276172e689fb8f727b864f4279f7f54521042f348e6c52088fcb5875ebbfecb211e8139085b0a5ded42e824be8803ad64fe1837e8fefd1b6291d81ff1314e58daa3cf076d8d7055ffc9bc66cad11a340d53fb18d9446c7e2f4c98814f5be2e017f64a4ba15b3879757d0a9f1eff4b17e059a99a425131');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 21003, 19723, 'requested', '2026-11-23 06:00:21.165417+00', '2026-11', NULL, '\xac0942430d7b25fd39175ad8bcfcb1defbe076ba04ccda48c78cc1aadc8d49f6f71fd32107cb1a3b2f55d4cbfe1f6223460ec7edcc1bf8f121945e1d6bbcaf64467144a83eac2ff696a77dff5fcd89dd06840106941b9c091f4f5d80e2e0d38262119fb6ba66f6f1dcb92602ed77618759a919870c638997c6e4aff060e54db1236c8bff024bb2b3a959c4e96629bd7083ad1cf90d7c5513a734a4adc612ec4f3abb46b4a3373c16fd8d76b2c7175fc6d356f85f172af081e3fbf3f4265158578b6f5567e916e543a35b8fd6b77dc517995cae3320e1a03cda12e13ba7774fa17c70');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 21259, 19723, 'confirmed', '2026-11-23 06:00:22.095778+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fda1ad14b798e5d5fa160766eca03f375dbf9783716fd9f41446dac5d551d7c7446dcef633d2c8b27e344473ec34271245544c27277caa0cef00e06b5e738302d039b209b879b43a741978b7e9122de6a182b003d01de4cf07a99e8bbee5984ed7223607e8b075808f77f3f3220ac0799230212a967b7b78c0f8fd97fd654b6d8f921975e232faac6012583ec9ebec7457559685552c42c00d48114d63dc15e9ae9cc2a76c0e9ee6a02eed6693e46c4a1ef11c85990be4ae57d66d6b3725c98a7e0b46398f94c5bb781c5e7f9ca438b54fd122db7bd216d55d1f21ba138dd6a4d75454db6dadb43ba921971452aa9a9c06719b0f6514291bc89db6c3a9b1068c202013d2a0af3178e4cdd9514d90174f6792');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (30, 23070, 21790, 'requested', '2026-11-23 06:00:22.403523+00', '2026-11', NULL, '\xac0942430d7b25fd3c0920295981fec1b326a733f8ddee51c7089aeef2236062ef43b177a7dc1e4e7867171414155e79d41a5776504e92f718111a94dfcc7186d559b86a93da10a2933c62dfd1386d3824425a7f400c0acab0f733438f581bc940e415d999296994b2b5eb11c972b17f61db1d3eedfdf404b061d6f5f5473d4e385909eb1540422c083802700f9801876a21f71a8d149c99c4d5c2088c37d45742112cfa7e0e5e2caa03602351d48a3d70fd32134998e1f0a426a3f01839ce55ba2af046ca249d18a5c678225baab69c6b45634c0cc9a23036de779ee6a4a6d0c3acefcb4284');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (30, 23326, 21790, 'confirmed', '2026-11-23 06:00:23.469603+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdcc6a54a59719f68ff8843fc27031b56413180e6ee80d0ecad78795299fcee7e22ac628ebaf2dc13b5e95ff07267f4567ed7ecf8c38ce7ab894350801bb10f1200f38c5c9ffa599632c420cc4022ea555d93954e9f9204ac3a350c731b337fd38eab02fb7f3ac5b4bbdd6752eb19f3585c64eb3dd36865d93a899b49c222b9435c94215a487aeda3439cc8b62480f966c45fbdfe04c57e22583ee0c2b65a5ac31f4806727fbf30aa173453563b130091ef383d3a00a3bc3f351692d6b71a3d48c714cf14c338b027be9dff679ac7e9181f6683f21afb5d40cf17f50ed7c1c4736214fde4ef3a3950faf3086dcf0f1a1901a57ce697377d8ff0972a9b4257c9ea623365560c7e8f4f09d97a0095fc0460e07e6f6f0650c2d9abb287c');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (26, 25370, 23834, 'confirmed', '2026-11-23 06:00:24.891129+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd0b1062037114feb597269897dfe1744da2feebabe16d707a051cb60f9c4558d6b50934fbdc884b76065a22769e0045ad2139a445dd6ab6f2479e58d7933fd6a9e42c44ff430b5d4f20116c9958e251ad74324b634da0b5691307908fbda68ab46968a1a9e0f575b2bcbdce9d3f69425bbb701e5127c215bd865229c30d45bc6ef7c33973f014f889a9e978266d49e190d627568d0470904ce4e460cbc5bbf25f5014a0c524a97ead27bde6eda548bf9c84ff24e4a5188eef838a5ca2b2f74f2b33cc17dcdfef92242e7a7d898d072389cf3e11795b5327ec419975647aa87cb88a0c87c35b99caa763f4b994b36dd980aec890160948882ff7cf5b400a2d917f57911a340eae3493023e268714deced68a707489643c16bf1492af');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 27406, 25870, 'confirmed', '2026-11-23 06:00:26.135853+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdd64492e9a07456bb77a8f4d47f1e5c4a55dcbd86b668fa24471702bfc256382ffc494efb183997c037f5a929971490cce110d1fc14e8d4d15fe61f153a44abc89ab4071a800a2b9f8c12b6943657716579f307754581bd890eed12605f8bf1a2b13945403f9c0ee0e23305d2429d9a6404314ad8f0ba0f33ace53b4aeec9a69594864fc1e86d592a368a8278e214fb09a8e707bccf4ee725d6fc3c97e1110a3a746a10cf469f807149f49c3c8c873a3b0b659e9dc3f53c319ed15aa1a0550d3a3b3e6743f4f3ee583456b5c0c4bebbfba3bc97854a9016966f4e91286878890226cad3157ff1a27ee7bcec9894b73279e875ffbffc5d9a7df71d20fcc9180d163f54059e1a76a75c279f7cc66df51ac42124aed42683ca49215567');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (20, 29716, 27924, 'confirmed', '2026-11-23 06:00:27.297746+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fde154e856e18ea2b1bd6efb41805d89cf7e748a73770e4db698bfdba01097e5ca351cc36e0a4ae43e936db00a12bb2a26253df778d86d78b26bfab171617c54f2d3d2e85cd69c744b9725cb1eacb8b337216ed7939af5586da31b46f8e9d5036384031f97d0fb26629f1851e4475acd1b50c427e3c2b68f86e0d53f39d47831e7f6ff343d06c734ecb2bb2082842afb407fed3bf006b2cd157e6e2c28bb8904a012a2e377470e61116a8c47fd46b881db9d6ec93efa1de063bfc5b20b33ba3aabfa9c2f38ed379028bf4ac92a654497525e2b93e7b12cbff30090390837f6da369aa0830988e5756713d921c2400ce94842baf442580eefac0a62a305dea30b61c356cfa1dd00b46ffda92be9488885dbfefd656e2b48c173ed9640e65301ad100e6231478c8d8b1a20eaa7ba13bd66df33d6027b73a533f4313ee8355cf081aee4238563f332e4f407bf9cf7e84b13facf4b1c2fbcd89953e6b80975fd69885ad2916b0d6941020b8a4b494e22a6a4f583398bf473');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (25, 31769, 30233, 'confirmed', '2026-11-23 06:00:28.714867+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd7cfa1b87d88569cbf6f60f856c8bf928653c35b216cbeb3fa569e69a9ab183f2dc26ded6d4688cd4630d8ad7ddb28be0fde99c6d519f128d272e434be29bd1b80d674686664534c7a9e84543caceaca7ea66d487d349d5660a74cd667da6fc6d1496ed5bea5bf082be673e10689c82cef591f3d20cb645f4d663450091183a36a73d9b8db9efc64a407543554b80fc6b13a1ce9f2924ade7671ff012391f4a7fc45af4f409262b267a66feeed522baf72465a4746c3e4421ba5ea7b6b210c53a42d5b76301d929d57e0ca8f130401de0a901b74435d6e458f26ff919ce0cfb89c0954268533851a1e066a335a991f84757ae2a5ac82719f09f803a37f0fc7acbf187ed0c3899c03aaac354361f2a80a7ab');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (26, 25114, 23834, 'requested', '2026-11-23 06:00:23.771636+00', '2026-11', NULL, '\xac0942430d7b25fd2f41cf6fac3fa445acea61a7ad16b18358012003ecfd0723acaefe7da2183e78f14a5c6b9e4f357a3669bef5cfc6ee5ec11c8ce27e9d49e6be210c9b53156382fa0a827baae98eb188897957f9338b49ed440ebda35bbb8cc63a5dde7c6678e19d7ccbea4a747e8c1b315132990d911d3eba9241c231e078baa0bbaed857b0480ece743b7adddce017feb89070d817e5b9afbbd8c6a1f5059ad9ba30b884e1d05e93f690f7aeefc1055e2257f6983f731e0867be08562663bfa5e08f20861f7dcdc0a5fa0574abe6eaaaea6e28c8216c9135812135e1387f9617e01f6e88');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (25, 31513, 30233, 'requested', '2026-11-23 06:00:27.743717+00', '2026-11', NULL, '\xac0942430d7b25fd00f39309319b5934faf03467ecc259c07e980ef2224e4add2a664bc4a6785c9548eb59af432ef45fed016249353eb231f666424628b03b8a4ff73bcc9ba388100c97260b1cecc007beb75081ed145ae4d472c6bf552fe0e404773cfc82fdc66ea348ac943fc10822f9434b747a836fa981528ec76e2b800cc4cf5757171635b4a7a969a652e486de8297d66ebc2b317bf64084f6f875bfebf847ec2dce36228faf5f3ea3dd0e8845a95cef85efd1eec15644e77a8ca2d0c9b9fef59445648a4955229ba8784454f5fa49aa28e47f8b48cb0e64e9f4f4b6058867');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 27150, 25870, 'requested', '2026-11-23 06:00:25.12564+00', '2026-11', NULL, '\xac0942430d7b25fd5c16d03443e8e178ec5e8fa6474bdf41dac4982697501b77cb86f26337a0f0654184dc2519927969b6a8e21ab66115436023ea5bcc1afeafd0cfb44db0cb2a95d0fd89a727f7fa7fd99dd3b7a8136f62c41d26a026f3c08d06b60f1c6a558ef2dbbba093cecb8d43ca766aa6c45ada8b9ae5ff6e114cdab963c874205a0070e5ad3106c10a54466cbe3936c068da11fd2e90f61f960be6c7b67e345dbeb769479da34932956a63823789d521e97d408b5c87cf8a657edf86bdd8596684007c17530ead843704562c4cbf516f85f6609ff95a93fbd9f62e7417fa1f5f00e3');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (20, 29460, 27924, 'requested', '2026-11-23 06:00:26.425406+00', '2026-11', NULL, '\xac0942430d7b25fdbaa543d271e85eb3787c20797e2a2268011779ec88a6df791389961ef6db1780b5aeaed3c7bbdec56fba118e704d848106079c7ea2b1a53eca43a258c9ae16ec136d0710ceefabe74e6624fb63eb8be9a0396e2ee58e74bfdb5bd0c94015ddfe6f0db1edfc74a16cc9e3115aad806ffb3656e67581de37caaf99414416d627217eb7199a395bfe7e1286fdf74937f4a872e3439c2bc0783fee3646d6b3f9acdebe1ef88136897e582a002d83146718da74cc5528a3a2c49a462927cc5ad8845dbbb2c2867a9debf9cdec3d89def6b3f5c2547d2336b8185e99f976411f5ab16f0334bdf1e1c638cfaa80ef9ddaca417233f9');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (15, 43023, 11023, 'withdrawn', '2026-11-24 08:01:00.434795+00', '2026-11', NULL, '\xac0942430d7b25fd1bbe35df2f4d071086a52f4a6fdaa169ccd382ead476c430a7d65e60aaefaefcaaea4ae5ddc3ff61a65c78ac673a3f57be4ad5d398d7de6bffa81f74f18884897de49d430a4a85351a9265adb6459a865ffe17c3de34751e3295d0a62241ccc012ce6f1ec320736d74c5cc572ac6b638fe61ebc1c869b7d049a030');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (24, 44568, 13336, 'withdrawn', '2026-11-24 08:01:01.304076+00', NULL, NULL, '\xac0942430d7b25fd622a27761099f5d6898ad8679947e853cb81895f9a60d972f58551b97c509de174ce217b4756aca025b38fa309deacf5bd86abaec3fa81353b05f0ff77ab4617');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (6, 46342, 45062, 'requested', '2026-11-24 08:01:01.52196+00', '2026-11', NULL, '\xac0942430d7b25fd92228b9c494e36bf07a4a10c357836b52187ba61e7a36569f9a8bf33d124af0534ac589167d772065fd4f3d7e39ec86bdf20149e16cc3e01a4efe120553f052772be015c263894d51c139496ae529a6355f73b4b2edd33f8b0abdb03c14e1948e2099b5a89020c7b3f47df2940a0df0505eacf717f9920a19623fdeed20dea0d49f4134649ee1f711a05944037d6914cd0423a1e2a17099e9ce54ba0d60726d5a0c5a37b61f513d3fbc8e5d7ec26c877b489fe532a46f3818a34e064e2ab62223c504890f95fca1efad743587d8d445a636f0f52d32637607e5f');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (26, 50458, 23834, 'withdrawn', '2026-11-24 09:01:04.599327+00', '2026-11', NULL, '\xac0942430d7b25fdad7cc38a55462d2638396f36fd7ddc4ec104e92dc4794dbd8778b1bc6353f7f3bde93023c8e887127c184ad83cf7eec60453c5f1713a7ae9e9b94a8d7e0fe3cf31bdab065118904ba9b9acf8b123a41ef1d326d1fdd6ffabde8a1417bf7c0ac19bc25495c59187');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (20, 50708, 27924, 'withdrawn', '2026-11-24 09:01:04.783671+00', '2026-11', NULL, '\xac0942430d7b25fd6fe17c4dc6710e042a8b3d378de48c81daba4700cd170b52909120a1c2af9499e81cd337e861d4b0fd5efe18a165bc77a9a0f06109acdaef5f692c3a82c5e11712413f27e24bed650994229a0185bfbc069990b6ae530189efef97170d169853c79a1a1ae95ab2');
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (31, 17439, 'monthly', 4, 3, 0, NULL, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (30, 542, 'weekly', 1, 5, 3, 1, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (3, 6915, 'immediate', 3, 14, 11, 8, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (30, 21790, 'immediate', 3, 14, 7, 8, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (15, 11023, 'daily', 2, 5, 3, 2, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (24, 13336, 'immediate', 3, 5, 3, 3, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (11, 8971, 'immediate', 3, 5, 3, 3, true);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (26, 23834, 'immediate', 3, 7, 5, 4, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (13, 4621, 'immediate', 3, 7, 5, 4, true);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (2, 15362, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (11, 19723, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (12, 2572, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (25, 30233, 'daily', 2, 13, 3, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (14, 25870, 'immediate', 3, 13, 11, 7, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (20, 27924, 'immediate', 3, 13, 11, 7, false);
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
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (30, 1310, 542, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:04.358271+00', '2026-11-23 06:00:04.358271+00', '6b03d6647d636c4b302ac42fc3dafbb4', 1, NULL, NULL, '2026-11-23 06:00:04.912971+00', '2026-11-23 06:00:05.489591+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (12, 3340, 2572, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:06.563285+00', '2026-11-23 06:00:06.563285+00', '6b03d666bbb759797ea243b66135405f', 1, NULL, NULL, '2026-11-23 06:00:07.017707+00', '2026-11-23 06:00:07.467643+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 5389, 4621, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:08.448649+00', '2026-11-23 06:00:08.448649+00', '6b03d6685d50873e77f56c947648f9b2', 1, NULL, NULL, '2026-11-23 06:00:08.940925+00', '2026-11-23 06:00:09.400444+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 7683, 6915, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:10.384918+00', '2026-11-23 06:00:10.384918+00', '6b03d66a353643bda0e99528017f26d7', 1, NULL, NULL, '2026-11-23 06:00:10.694517+00', '2026-11-23 06:00:11.160196+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 9739, 8971, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:11.915216+00', '2026-11-23 06:00:11.915216+00', '6b03d66bc1ca9c51f5ef196dc067d04d', 1, NULL, NULL, '2026-11-23 06:00:12.383124+00', '2026-11-23 06:00:12.918857+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (15, 11791, 11023, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:13.945092+00', '2026-11-23 06:00:13.945092+00', '6b03d66d838c0a08a48d4bc18546532a', 1, NULL, NULL, '2026-11-23 06:00:14.347421+00', '2026-11-23 06:00:14.820966+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (24, 14104, 13336, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:16.040635+00', '2026-11-23 06:00:16.040635+00', '6b03d670eff7277419b798ee23bd8329', 1, NULL, NULL, '2026-11-23 06:00:16.51249+00', '2026-11-23 06:00:17.15902+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 16130, 15362, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:17.757102+00', '2026-11-23 06:00:17.757102+00', '6b03d671aba93eceebbecbf54323fbb2', 1, NULL, NULL, '2026-11-23 06:00:18.061744+00', '2026-11-23 06:00:18.672702+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (31, 18207, 17439, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:19.68652+00', '2026-11-23 06:00:19.68652+00', '6b03d673637c579c788ce4f654c03e1f', 1, NULL, NULL, '2026-11-23 06:00:19.915605+00', '2026-11-23 06:00:20.491395+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 20491, 19723, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:21.251463+00', '2026-11-23 06:00:21.251463+00', '6b03d6752e25f547a9dc1c9be7745f24', 1, NULL, NULL, '2026-11-23 06:00:21.518256+00', '2026-11-23 06:00:21.888582+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (30, 22558, 21790, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:22.517412+00', '2026-11-23 06:00:22.517412+00', '6b03d676a9b744e840ad33ebe58d8a0c', 1, NULL, NULL, '2026-11-23 06:00:22.810954+00', '2026-11-23 06:00:23.243766+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (26, 24602, 23834, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:23.897355+00', '2026-11-23 06:00:23.897355+00', '6b03d6772b31d81199cca1fee45469a4', 1, NULL, NULL, '2026-11-23 06:00:24.202578+00', '2026-11-23 06:00:24.670451+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 26638, 25870, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:25.219206+00', '2026-11-23 06:00:25.219206+00', '6b03d679a5abc19b7c29ccca79ae8498', 1, NULL, NULL, '2026-11-23 06:00:25.461693+00', '2026-11-23 06:00:25.876287+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (20, 28692, 27924, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:26.502199+00', '2026-11-23 06:00:26.502199+00', '6b03d67a3c28b1f633add316b6b214ba', 1, NULL, NULL, '2026-11-23 06:00:26.760556+00', '2026-11-23 06:00:27.057506+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (25, 31001, 30233, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:27.848023+00', '2026-11-23 06:00:27.848023+00', '6b03d67bfae3d035e2d446766eaa0156', 1, NULL, NULL, '2026-11-23 06:00:28.164666+00', '2026-11-23 06:00:28.553275+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (20, 40468, 27924, 'digest', 40212, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.547296+00', '2026-11-23 10:00:01.547296+00', '6b040ea12337245e88b559ebe5fae7c8', 1, NULL, NULL, '2026-11-23 10:00:02.332287+00', '2026-11-23 10:00:02.928598+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 38667, 8971, 'digest', 38411, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.547296+00', '2026-11-23 10:00:01.547296+00', '6b040ea1bcb742fbefef33ba271e77bd', 1, NULL, NULL, '2026-11-23 10:00:02.33269+00', '2026-11-23 10:00:03.027916+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 35851, 19723, 'digest', 35339, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.091221+00', '2026-11-23 10:00:01.091221+00', '6b040ea10a0170aff048750191721816', 1, NULL, NULL, '2026-11-23 10:00:02.33269+00', '2026-11-23 10:00:03.027916+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (24, 41240, 13336, 'digest', 40984, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.547296+00', '2026-11-23 10:00:01.547296+00', '6b040ea198801326fb5a0188be603f78', 1, NULL, NULL, '2026-11-23 10:00:02.332562+00', '2026-11-23 10:00:03.050932+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 39949, 4621, 'digest', 39693, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.547296+00', '2026-11-23 10:00:01.547296+00', '6b040ea13d309b7b0cb07ecb66a5f5f9', 1, NULL, NULL, '2026-11-23 10:00:02.98624+00', '2026-11-23 10:00:03.642561+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 35586, 15362, 'digest', 35074, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.091221+00', '2026-11-23 10:00:01.091221+00', '6b040ea1fdffc37e58b7de64de9aa4f1', 1, NULL, NULL, '2026-11-23 10:00:03.107941+00', '2026-11-23 10:00:03.717871+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (30, 34334, 542, 'digest', 34078, 1, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.768588+00', '2026-11-23 10:00:00.768588+00', '6b040ea0cad479f3f90951474f7021af', 1, NULL, NULL, '2026-11-23 10:00:03.166756+00', '2026-11-23 10:00:03.855412+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (30, 42782, 21790, 'digest', 42526, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.547296+00', '2026-11-23 10:00:01.547296+00', '6b040ea17e60d4516e1ebc0d39840b70', 1, NULL, NULL, '2026-11-23 10:00:03.166756+00', '2026-11-23 10:00:03.855412+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 38915, 6915, 'digest', 38147, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.547296+00', '2026-11-23 10:00:01.547296+00', '6b040ea1585b3925ef4299ab743f6319', 1, NULL, NULL, '2026-11-23 10:00:03.942458+00', '2026-11-23 10:00:04.517572+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (26, 42010, 23834, 'digest', 41754, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.547296+00', '2026-11-23 10:00:01.547296+00', '6b040ea1abb1f1833979f952e07b68dd', 1, NULL, NULL, '2026-11-23 10:00:03.918616+00', '2026-11-23 10:00:04.524344+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (12, 37132, 2572, 'digest', 36876, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.091221+00', '2026-11-23 10:00:01.091221+00', '6b040ea15e525701cf5bc51f52713246', 1, NULL, NULL, '2026-11-23 10:00:03.918772+00', '2026-11-23 10:00:04.751448+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (15, 37391, 11023, 'digest', 36623, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:01.091221+00', '2026-11-23 10:00:01.091221+00', '6b040ea1636c0446d1ec61bbc42faaaa', 1, NULL, NULL, '2026-11-23 10:00:04.751964+00', '2026-11-23 10:00:05.262749+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (6, 45830, 45062, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-24 08:01:01.628493+00', '2026-11-24 08:01:01.628493+00', '6b05443ddddb10714593f1d5d0bf6f5e', 1, NULL, NULL, '2026-11-24 08:01:02.169351+00', '2026-11-24 08:01:02.572318+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 44290, 15362, 'address_change', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-24 08:01:01.061251+00', '2026-11-24 08:01:01.061251+00', '6b05443d2e2cffbddb8572ef4d721b11', 1, NULL, NULL, '2026-11-24 08:01:02.169624+00', '2026-11-24 08:01:02.701083+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (26, 49434, 23834, 'digest', 49178, 4, NULL, NULL, 'cancelled', 10, '2026-11-24 09:01:03.743232+00', '2026-11-24 09:01:03.743232+00', '6b05524f2933f7dde059046a8c254e82', 0, NULL, NULL, NULL, '2026-11-24 09:01:04.599327+00', 'unsubscribed', NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (30, 50206, 21790, 'digest', 49950, 4, NULL, NULL, 'queued', 10, '2026-11-24 09:33:50.509161+00', '2026-11-24 09:01:03.743232+00', '6b05524f9789ff40204b6a4c354e9963', 1, NULL, NULL, '2026-11-24 09:01:05.073311+00', NULL, 'retry', '452 4.2.2 mailbox full', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (13, 47629, 4621, 'digest', 47117, 4, NULL, NULL, 'bounced', 10, '2026-11-24 09:01:03.743232+00', '2026-11-24 09:01:03.743232+00', '6b05524fa0ad8c210bfd54b2d612a34f', 1, NULL, NULL, '2026-11-24 09:01:05.07356+00', '2026-11-24 09:01:05.943292+00', 'hard_bounce', '550 5.1.1 no such user', '[{"at": "2026-11-24T09:01:05.943292+00:00", "code": 550, "kind": "hard_bounce", "status": "5.1.1"}]');
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 47875, 6915, 'digest', 47363, 4, NULL, NULL, 'failed', 10, '2026-11-24 09:01:03.743232+00', '2026-11-24 09:01:03.743232+00', '6b05524f83806d6cb7744f076a688f10', 1, NULL, NULL, '2026-11-24 09:01:05.081047+00', '2026-11-24 09:01:05.943455+00', 'policy', '550 5.7.1 refused by policy', '[{"at": "2026-11-24T09:01:05.943455+00:00", "code": 550, "kind": "policy", "status": "5.7.1"}]');
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (20, 48660, 27924, 'digest', 48404, 4, NULL, NULL, 'empty', 10, '2026-11-24 09:01:03.743232+00', '2026-11-24 09:01:03.743232+00', '6b05524f6074a9c478e059b814ed1197', 1, NULL, NULL, '2026-11-24 09:01:05.843611+00', '2026-11-24 09:01:05.843611+00', 'nothing_to_tell', NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (20, 53012, 27924, 'digest', 52756, 5, NULL, NULL, 'sent', 10, '2026-11-24 09:01:07.545467+00', '2026-11-24 09:01:07.545467+00', '6b05525344508fc90fc4c5dc677d8dec', 1, NULL, NULL, '2026-11-24 09:01:08.190867+00', '2026-11-24 09:01:08.860339+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 51982, 25870, 'digest', 51470, 5, NULL, NULL, 'sent', 10, '2026-11-24 09:01:07.545467+00', '2026-11-24 09:01:07.545467+00', '6b055253353b35d3d4e94a7652d6a460', 1, NULL, NULL, '2026-11-24 09:01:08.19109+00', '2026-11-24 09:01:08.955659+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 54018, 15362, 'digest', 53506, 6, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.289517+00', '2026-11-25 08:01:00.289517+00', '6b0695bca7a599add2fe2e80f30486bb', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 52227, 6915, 'digest', 51715, 5, NULL, NULL, 'queued', 10, '2026-11-24 09:02:05.925406+00', '2026-11-24 09:01:07.545467+00', '6b0552530f0c85949c4f3196b701e057', 0, NULL, NULL, '2026-11-24 09:01:08.191251+00', NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (25, 56089, 30233, 'digest', 55833, 6, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.289517+00', '2026-11-25 08:01:00.289517+00', '6b0695bcf5ec3097be7c52bc69e7b1f1', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 56846, 25870, 'digest', 56590, 7, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.819566+00', '2026-11-25 08:01:00.819566+00', '6b0695bcaaa4c9b312b22c5270215579', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (20, 57620, 27924, 'digest', 57364, 7, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.819566+00', '2026-11-25 08:01:00.819566+00', '6b0695bc160268b0a32800a1ab0943cc', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 58371, 6915, 'digest', 58115, 8, NULL, NULL, 'held', 10, '2026-11-25 08:01:01.34573+00', '2026-11-25 08:01:01.34573+00', '6b0695bdd5d6dcba086fc04837061654', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (30, 59166, 21790, 'digest', 58910, 8, NULL, NULL, 'held', 10, '2026-11-25 08:01:01.34573+00', '2026-11-25 08:01:01.34573+00', '6b0695bd203e86348e4d2d400147f863', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (12, 55564, 2572, 'digest', 55052, 6, NULL, NULL, 'claimed', 10, '2026-11-25 08:01:00.289517+00', '2026-11-25 08:01:00.289517+00', '6b0695bcb8b42e8d9bacb019f8a8ca0e', 1, '0c8e77e48f9eaa68aa', '2026-11-25 08:02:03.569529+00', '2026-11-25 08:01:03.569529+00', NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 54539, 19723, 'digest', 54283, 6, NULL, NULL, 'claimed', 10, '2026-11-25 08:01:00.289517+00', '2026-11-25 08:01:00.289517+00', '6b0695bc3c37f31c5902047492cf8618', 1, '0b3e1a42755475f9a8', '2026-11-25 08:02:03.629982+00', '2026-11-25 08:01:03.629982+00', NULL, NULL, NULL, NULL);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (20, 40212, 27924, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 35339, 19723, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 38411, 8971, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (24, 40984, 13336, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (13, 39693, 4621, 3, 'immediate', 3, 5, '2:3,3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (2, 35074, 15362, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (30, 34078, 542, 1, 'weekly', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (30, 42526, 21790, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (3, 38147, 6915, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (26, 41754, 23834, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (12, 36876, 2572, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (15, 36623, 11023, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (20, 48404, 27924, 4, 'immediate', 5, 7, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (26, 49178, 23834, 4, 'immediate', 5, 7, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (30, 49950, 21790, 4, 'immediate', 5, 7, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (3, 51715, 6915, 5, 'immediate', 5, 11, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, true);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 51470, 25870, 5, 'immediate', 3, 11, '4:3', '{"topics": ["trial:NCT00000002"], "trials": ["NCT00000002"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (13, 47117, 4621, 4, 'immediate', 5, 7, '2:5,3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', true, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (3, 47363, 6915, 4, 'immediate', 5, 7, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', true, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (20, 52756, 27924, 5, 'immediate', 7, 11, '4:7', '{"topics": ["trial:NCT00000002"], "trials": ["NCT00000002"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (2, 53506, 15362, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 54283, 19723, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (12, 55052, 2572, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (25, 55833, 30233, 6, 'daily', 3, 13, '5:3', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (20, 57364, 27924, 7, 'immediate', 11, 13, '4:11', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (3, 58115, 6915, 8, 'immediate', 11, 14, '3:11', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (30, 58910, 21790, 8, 'immediate', 7, 14, '3:7', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 56590, 25870, 7, 'immediate', 11, 13, '4:11', NULL, false, false);
INSERT INTO public.ended_session (id, ends_at) VALUES ('\x0cc59cac1a58551f6e26ec88e56d50ccc708ef3a8c1e3651b42d05129ca98cbc', '2026-11-25 09:01:04+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (1, 'https://ingest.example.org', '2e57cc049b1ce86a', 'condition.upserted', 'MONDO:0005059', NULL, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.522518+00', '{"specversion": "1.0", "id": "2e57cc049b1ce86a", "source": "https://ingest.example.org", "type": "condition.upserted", "subject": "MONDO:0005059", "time": "2026-07-01T08:00:00Z", "data": {"id": "MONDO:0005059", "name": "leukemia", "parents": [], "synonyms": ["leukaemia"], "xrefs": ["DOID:1240"]}}', 'processed', NULL, '2026-11-23 06:00:01.088786+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (2, 'https://ingest.example.org', 'a4eb5efa5e88f82e', 'condition.upserted', 'MONDO:0004967', NULL, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.522518+00', '{"specversion": "1.0", "id": "a4eb5efa5e88f82e", "source": "https://ingest.example.org", "type": "condition.upserted", "subject": "MONDO:0004967", "time": "2026-07-01T08:00:00Z", "data": {"id": "MONDO:0004967", "name": "acute lymphoblastic leukemia", "parents": ["MONDO:0005059"]}}', 'processed', NULL, '2026-11-23 06:00:01.088786+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (3, 'https://ingest.example.org', '2af23f9ea62e9669', 'trial.upserted', 'NCT04787263', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:02.273637+00', '{"specversion": "1.0", "id": "2af23f9ea62e9669", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 1, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:02.326273+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (4, 'https://ingest.example.org', 'e74665763bde7228', 'trial.upserted', 'NCT00000002', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:02.84559+00', '{"specversion": "1.0", "id": "e74665763bde7228", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 1, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:02.916145+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (5, 'https://ingest.example.org', '124682353585bbb6', 'trial.upserted', 'NCT00000003', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:03.369388+00', '{"specversion": "1.0", "id": "124682353585bbb6", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000003", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000003", "revision": 1, "url": "https://www.example.org/trials/NCT00000003", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:03.47343+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (6, 'https://ingestor.example.org', 'e900', 'trial.upserted', 'NCT04787263', 900, NULL, '2026-11-23 05:55:30.515262+00', '{"id": "e900"}', 'dead', 'unreadable', NULL);
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (7, 'https://ingest.example.org', '7900231c68295258', 'trial.upserted', 'NCT04787263', 2, '2026-07-01 08:00:00+00', '2026-11-23 10:00:00.000688+00', '{"specversion": "1.0", "id": "7900231c68295258", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 2, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 10:00:00.134658+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (8, 'https://ingest.example.org', '9d106778e923b06d', 'trial.upserted', 'NCT04787263', 3, '2026-07-01 08:00:00+00', '2026-11-24 09:01:02.828514+00', '{"specversion": "1.0", "id": "9d106778e923b06d", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 3, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "ACTIVE_NOT_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:02.965911+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (9, 'https://ingest.example.org', '1046bd3dda7fa695', 'trial.removed', 'NCT00000003', 2, '2026-07-01 08:00:00+00', '2026-11-24 09:01:06.299399+00', '{"specversion": "1.0", "id": "1046bd3dda7fa695", "source": "https://ingest.example.org", "type": "trial.removed", "subject": "NCT00000003", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000003", "revision": 2, "explanation": "withdrawn"}}', 'processed', NULL, '2026-11-24 09:01:06.365986+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (10, 'https://ingest.example.org', 'dd5fe153a0ad34e5', 'trial.upserted', 'NCT00000002', 2, '2026-07-01 08:00:00+00', '2026-11-24 09:01:06.967715+00', '{"specversion": "1.0", "id": "dd5fe153a0ad34e5", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 2, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:07.030796+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (11, 'https://ingest.example.org', 'b2b3e1a41f4df05f', 'trial.upserted', 'NCT00000002', 3, '2026-07-01 08:00:00+00', '2026-11-24 09:01:07.846703+00', '{"specversion": "1.0", "id": "b2b3e1a41f4df05f", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 3, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:07.931116+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (12, 'https://ingest.example.org', '196c6db93cf544e1', 'trial.upserted', 'NCT04787263', 4, '2026-07-01 08:00:00+00', '2026-11-25 08:01:01.166034+00', '{"specversion": "1.0", "id": "196c6db93cf544e1", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 4, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "SUSPENDED", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-25 08:01:01.266331+00');
INSERT INTO public.liveness (id, at, database_id) VALUES (1, '2026-11-25 08:01:03.749799+00', 'postgresql:17020');
INSERT INTO public.log_head (id, seq) VALUES (1, 14);
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (11, 779, '\xeb39898e6868145585690aafbbe6f31cf6576450564940dee27130c4998fa97f', '2026-11-23 06:00:04.358271+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (16, 1040, '\x70fa61f23dfb468421d951c7d003588df1f19737135cc51b67610785b12403b0', '2026-11-23 06:00:04.394271+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (19, 2835, '\xb3d8ebac421f1ae092340ff341d4675e3cd2688c297c5df36b70a06bded370a1', '2026-11-23 06:00:06.563285+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (23, 3095, '\xd76e50747593d0765aef7207280380c06cd0fc71dfae39dc89ab3bf4296e6629', '2026-11-23 06:00:06.599285+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (29, 4893, '\x3dfc889c0009edd05e2e6a42499085564ef857dbc6667beb9b1a1061a3646005', '2026-11-23 06:00:08.448649+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (26, 5146, '\x7a5afc096aad1ca1ddecf1d859020403a0c70ed51b7d0f46858d6310d5dd4d8d', '2026-11-23 06:00:08.484649+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (1, 7169, '\xe17379d1b5f70c0f6072092cbaf0de7b07e457659652b370f28434310cf57797', '2026-11-23 06:00:10.384918+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (25, 7449, '\xb9779e89849ff165aff6278cf95940de23f90f198d05c4314e510f7d5dde1078', '2026-11-23 06:00:10.420918+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (9, 9225, '\x6925f1547a630da42bd04d202d5ec19919bc5992e4634d1419259c943a3bfdfc', '2026-11-23 06:00:11.915216+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (29, 9501, '\x3dafb448bc76e517582a296d543b177d72974b8db94ebcb97af7c10afb909d88', '2026-11-23 06:00:11.951216+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (15, 11279, '\x2ff1ea0a6fb40cfe4fcd89a7b64c6b21ba4c486de64c205840b63e9a5a489dae', '2026-11-23 06:00:13.945092+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (15, 11535, '\x6fcf054c37640c39394e40973cc8218fd07925321a4c0de19852e89639d679f0', '2026-11-23 06:00:13.981092+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 13582, '\x8e28d8d978abf71ec88fc1558adcff6436ed6ff407b283df40f97408d31e48bb', '2026-11-23 06:00:16.040635+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (22, 13846, '\x36b6e01c8b61d30c5faa3aabb3c6ee26c4857e2598307248d83773c430db62af', '2026-11-23 06:00:16.076635+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (25, 15641, '\x39ec936695aab5650d9c23ea1db68157bca23f0ac95cbd716a4bcc88cb682c5c', '2026-11-23 06:00:17.757102+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (0, 15872, '\x0026283073d5534d1e22234a9d0e8d38d5c96abc33ad28591aa2e1388af43666', '2026-11-23 06:00:17.793102+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (23, 17687, '\x9758d928120081715f489bbfdb47842c7a1d98a0192418872d296bb491dc13bf', '2026-11-23 06:00:19.68652+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (16, 17936, '\xb094a76a3d1caae458d1e6ee9a58dd4f161b155b121e3f966ba6c8c3269b13ce', '2026-11-23 06:00:19.72252+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (16, 19984, '\x307bca93c0a5bac75fece9f9c81dd553710f593a97e7061f8583af3e6877926b', '2026-11-23 06:00:21.251463+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (18, 20242, '\x5288149eedebf6e5cb7585c6334919871d5d09db48e684338ebadd47bb5bc640', '2026-11-23 06:00:21.287463+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (19, 22035, '\x9309bd740ac7a1d7dba8e529f75dce316b1070ae9f064e55c41d7f627fa7f2a3', '2026-11-23 06:00:22.517412+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (25, 22297, '\xd976ed2f9e4b5a10d65b7f290e3701927e841d2b384fdee31f3147b88b107958', '2026-11-23 06:00:22.553412+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (19, 24083, '\xb39591af04e30b4b1353abcd543fe0640b74ee02fbf6a5d8da01b4acc3f5786f', '2026-11-23 06:00:23.897355+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (8, 24328, '\xe854830a0fec4ff312c99245694345bb8fa4c21e33ce39170719ca53c0660c2c', '2026-11-23 06:00:23.933355+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (0, 26112, '\xe0ddb7bf7e1cb2c5e14ae0d3ba7219528b91d9059ec24af7cf2f454b321b77d6', '2026-11-23 06:00:25.219206+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (24, 26392, '\x180ea2015f6717d5dc8b63e525fcb1c878b28077064a708697d987a8f5cd7d21', '2026-11-23 06:00:25.255206+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (1, 28161, '\x4186cc979d83c3d6ffa7a1ad6b20527f42149f9c9b6b4100e89be0cd8c9e3ee8', '2026-11-23 06:00:26.502199+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (23, 28439, '\x372fe3ccaec831b3006267f870646e32120649479f12771ff6f0b9a1ffd9874a', '2026-11-23 06:00:26.538199+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (19, 30483, '\xd3b4b5f7f33e90b7cd6b14a4410cc6023fd7090be658edfb45756ab30c34602e', '2026-11-23 06:00:27.848023+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (16, 30736, '\x30cc48f97944b5b81f6ac112b932ced38d3bed48a01008d223f74d82a9d26917', '2026-11-23 06:00:27.884023+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (17, 32529, '\x517ea468698329dce7da79b7dc0e3bb645cf6ecc9cb8962edee983f0ed4bbf39', '2026-11-23 06:00:29.372768+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (10, 32778, '\x6a03cc8ab738f306f0a448a5acb8869171519dc6b3878eb1b9722398def4d628', '2026-11-23 06:00:29.408768+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (31, 43807, '\x1fe0ca1afc8620e91c475ae50e9e13d04ab64b1f6b9fc4c0f26618126878f7fa', '2026-11-24 08:01:01.061251+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 44046, '\x6e112cc7bb753046b987af941b8702b82085c76ce7e2f4343a8e4f1d6ceadd59', '2026-11-24 08:01:01.097251+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (13, 45325, '\xadf0eceab38f27e3f3c1d9c242d51f28b25f5ed66660b8e9416c51841337f4be', '2026-11-24 08:01:01.628493+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (1, 45569, '\x41704c0f5caa13615f13d9263b7d1e78b780630a8499df48c189152291736076', '2026-11-24 08:01:01.664493+00');
INSERT INTO public.request (bucket, id, kind, sealed, received_at) VALUES (5, 59653, 'subscribe', '\xf2c3146aa2f4a276fee3d3611a367996fcefa3c392bf2c77496079f23b8a31ffd84cfd5dd1f549f3b27a8918e59d9f002eac180be3759aa4a33ca9916acfae1606491d7c315ee9693f874f3fb95775d7300e3f9179555045aa0c6e5d31b9c44a51040484be32e8048e36d2797c775a7be489b0d03db3bc537cad2957c03d910d1b5a0cdd1b0a77264ca4834fcf32800ecff1dfb0996a01a6171b2834913adb09abb8116c08371d6a243af3195d7e15fa63b308df4dc1047a3758bbc498275dd0a217926891bb804b101a6b2873dbd28ec8b037850142a7c08b6050f6154ed007fcc65ba441ca7ebd32ddd12e4a0e72a88a61ba000e2963ad0fb61ca60e11fe4f192bfafd961bf026f66e3f8b0ecc79bdd164c3cad3aa0306913236605225ce5d3688cf66cb', '2026-11-25 08:01:05.280527+00');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (1, 1, 'weekly', '2026-11-23 07:00:00+00', '2026-11-23 10:00:00.689908+00', 5, 'queued', 1, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (8, NULL, 'immediate', '2026-11-25 08:01:01.34573+00', '2026-11-25 08:01:01.34573+00', 14, 'held', 2, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (2, 2, 'daily', '2026-11-23 08:00:00+00', '2026-11-23 10:00:01.059964+00', 5, 'queued', 4, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (3, 3, 'immediate', '2026-11-23 10:00:00.494915+00', '2026-11-23 10:00:01.510925+00', 5, 'queued', 7, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (4, 3, 'immediate', '2026-11-24 09:01:03.214314+00', '2026-11-24 09:01:03.696436+00', 7, 'queued', 5, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (5, 3, 'immediate', '2026-11-24 09:01:07.274657+00', '2026-11-24 09:01:07.481555+00', 11, 'queued', 3, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (6, 2, 'daily', '2026-11-25 08:00:00+00', '2026-11-25 08:01:00.249385+00', 13, 'queued', 4, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (7, 3, 'immediate', '2026-11-25 08:01:00+00', '2026-11-25 08:01:00.793494+00', 13, 'queued', 2, NULL, 0, NULL, '[]');
INSERT INTO public.send_receipt (bucket, claim, number, ids, at) VALUES (11, '0b3e1a42755475f9a8', 1, '54539', '2026-11-25 08:01:03.629982+00');
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-23 06:00:00+00', 16);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-23 10:00:00+00', 12);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-24 08:00:00+00', 2);
INSERT INTO public.sent_count (since, mails) VALUES ('1970-01-01 00:00:00+00', 0);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-24 09:00:00+00', 5);
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (4, 'monthly', 'Europe/Berlin', 8, 0, 3, '2026-12-01 07:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (1, 'weekly', 'Europe/Rome', 8, 0, 5, '2026-11-30 07:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (2, 'daily', 'UTC', 8, 0, 13, '2026-11-26 08:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (3, 'immediate', 'UTC', 0, 0, 13, '2026-11-25 08:01:00+00');
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (30, 542, '\xa1bf5d61c9e55767a39db5484a7018ec', '\x7efde2e401c8d416ec963e39540da5b4c8a76e4a02bccd2c59a95a20cb3f8045', '\xe07fdea422ddee2a867c64cbc12651f28cfa957844025df7d6defb8dbb16e93b5c8efa90ef7ddd7091a5e71c4183f1a03cb1314578009826afbbca7d93e33e4fc1bf95b2d9', -2269850890630468054, 'en', 'Europe/Rome', 8, 0, true, NULL, '2026-11-23 06:00:04.358271+00', '2026-11-23 06:00:05.91202+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (12, 2572, '\xd7db4aee548d01031d4f03ec2d8ee0d8', '\x0c027045c831d2dd9251f28f7f17fb5a8df426d5832a786413e6cec413585b32', '\xe07fdea422ddee2a395955e0bc7742e4e815c6d7f001a5f40e125fcb9544eae7a0b0555b79647c53a6d9d44c87082d37d1970c9d7831ff9ae570dde86d6512298e1e38', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:06.563285+00', '2026-11-23 06:00:07.78999+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (13, 4621, '\x424f94d0a4d776ec103f890f88bccf0b', '\xedbe0191a8df30d399db0d26497ab91c1a42692ebd65a60ee571fe8b1baf8139', '\xe07fdea422ddee2ad34db7d179bb7e373400503fa77f7d98b23832fad0c6e0d4411f5344fb8a6a67f6e56e7e920f8ec5b89360d796c904ee36647774a209c841ab591ff6410c3f', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:08.448649+00', '2026-11-23 06:00:09.731513+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (3, 6915, '\xb4b73070449863ff02bdc93ead33d9ae', '\x23b24edbf6a341e3ff15a7799db7b4038d9a968d8882a95afb091a3b684410b3', '\xe07fdea422ddee2a746847cac5fd60f135c98a57e623c7828520cf193af58a57e338d4e5671f9173a06deb9ce8343906ebf167f50ce3686a5fcca3cf1dad741ec005d959df', -2269850890630468054, 'de', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:10.384918+00', '2026-11-23 06:00:11.413803+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (15, 11023, '\x5758e2265e4c48c9f9216813bcc7fc41', '\x0f51bab31bc0e530f6fcff9ae6cb1c42e63da6096601300876c1569f20329e67', '\xe07fdea422ddee2a7944de18e2b964049abd31e1c0e10b3c60fc9bd832a5bcba4892f6687430b1994e134d9521d9f4bc529a59db3e48830a3fd86980779dfb0de0f4e6829fe049', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:13.945092+00', '2026-11-23 06:00:15.146582+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (24, 13336, '\xa0b81f0cdc4d4336c91d2863a86d6275', '\xb808145b0268a06ac1115f3c4c8f89186e4ea94fbf3d6a282cee817a185179fa', '\xe07fdea422ddee2a58465112182c146950bc26f85f4bd9ad2ee726d477fe58f9acbc45c21deaeb35fd834da2aa33dc22a6fc8139a9077b00f5a624cbcfec0c6432467ee32b1e4b', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:16.040635+00', '2026-11-23 06:00:17.367734+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (2, 15362, '\xdbd99fd5069b9f6411a519feda862779', '\xa252eb2e2566ad386a5e317707d8d1eb17394a9c542ab056dbe3261f9c1299eb', '\xe07fdea422ddee2aa2f6e96707e2f369e57d78833a9eb8072551f3ca2c642d89fbb75667d18be92062af67c8b93021c9a49ec7e5d3bdcee4f48aaf402c52ecced8bca0', -2269850890630468054, 'fr', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:17.757102+00', '2026-11-23 06:00:18.843485+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (31, 17439, '\x312e05d605c5de1fbd8a18abf56629f1', '\x3fda9fe3804a55aa1af3e55db86f812a08301e4bac78da7c796ff8f2ad1327e7', '\xe07fdea422ddee2a1a3d4156dd90b8467df1ab44a103efedcd88337bb3e14f07e6437594be1c9888398c7911a01272f3cabdcdc62ab863c33b360024222471a453f8ed56deebaa', -2269850890630468054, 'de', 'Europe/Berlin', 8, 0, true, NULL, '2026-11-23 06:00:19.68652+00', '2026-11-23 06:00:20.76724+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (11, 19723, '\x000b34ac8d6909c83dedb8ef1459d660', '\xeb0fe4e5ce5bb8bb5b8a7a89d788122c6a7e2583881a03d423bcbecf537c312b', '\xe07fdea422ddee2a59ff73e4e784be47d8c8dd45cec28c967a945bed3d37d21963078e261fcf9869007c99e6053b9eef25d1ccdbd1d7cf790d0d9de658fb736373f91c', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:21.251463+00', '2026-11-23 06:00:22.095778+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (30, 21790, '\x445a85206a4bfd1da99a33914183859c', '\x1e2c961ae3765a2a0ad09a47785f716cf3c4a8fca8c05b39d93e64e516868761', '\xe07fdea422ddee2ac87bf0f31684c70bbe93e7ef41d53c06cbc088270731e8b8ac8f46f3839cf4d1abf002830d3ea5ab5feaab34e281f98faf48ade9d31b15b46009536496', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:22.517412+00', '2026-11-23 06:00:23.469603+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (26, 23834, '\x9c86f3a72914a5b323268255efb02cd6', '\x5a28c89141922b99ff1fb5e411cf1e11295bb4b0942985e142ed48385ca78422', '\xe07fdea422ddee2a165a386a689e9e7c1514fd8ecca41f11212d209d93ecbd1a9031094abb80e6805ee8eabe5f904ad9ca448ff11461a6deb937ce43c448ea6f89c2071a8d', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:23.897355+00', '2026-11-23 06:00:24.891129+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (14, 25870, '\xe8e61334dd1dc874d97861a1f4d048e7', '\x2e2bd9ac6189e6374ab25f4018dc4f985010f5335203f87e2a3e90c5264b27e2', '\xe07fdea422ddee2a86fbf5f0946a70acd7df5a79c4d041ba2e2a3ca77ed7e5b4f30d7ee5104e528f90580e6380cd45b83faee921a30f9a1a1256833b277a7dce503bf1', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:25.219206+00', '2026-11-23 06:00:26.135853+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (20, 27924, '\x91854881c052645280cc7c61d21b1061', '\x741eba613215a445b966fa6df73b11d977abdd86497e0249db8afcd55330193b', '\xe07fdea422ddee2a2de06805baf181c68836a58394e607bd6f30a44c924e6734e69368f3df3567950714ef23a8045c705bfc1fc3e03b100ee9ceb2e7ec6896a64344adc9cc', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:26.502199+00', '2026-11-23 06:00:27.297746+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (25, 30233, '\xa3ba7a71b3b3f6118fff884fadd1907c', '\x19f9ca20dc43b7aa49c0551f426b01c412c118e7c760a291e102d823536a3f05', '\xe07fdea422ddee2a6efae3dea666f61762d8e548d055932da5ad174686f42e7a597217b7c87b6f0866c3f1077952962172e17ab6f7ae987fd5774f1b0eaf3e6cf92392efa3', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:27.848023+00', '2026-11-23 06:00:28.714867+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (11, 8971, '\x7f74d62cec912bd4e091163f6b26e184', '\x2b4cb80e2ae7882c27436932afa3957dedcbf239cb15775ad89d7c8177346fa6', '\xe07fdea422ddee2aef9f5824e3ac5217152af6237687eebf87767a7d5f968eb5e1f9a5376966778bb8e3cb7a447ad539b8f51d6f97e04944f2ee869fa857bb955593bea5e9', -2269850890630468054, 'en', 'UTC', 8, 0, true, '2026-12-24 00:00:00+00', '2026-11-23 06:00:11.915216+00', '2026-11-23 06:00:13.198736+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (6, 45062, '\x9d9b3a37a98d6010da3b24da03b0f726', '\xe6545a84a70519b7275b246fb4a19e05e1effab21bcc3b16ca6e1a9dba0a01c5', '\xe07fdea422ddee2a2955e1e0dfe1dbb6f29e71f0da8b8fa3e0da87c71a8df984b02a5e0327570ec2c4f29eea8c2cd1689388f23937eafe41fa8dc3048167ea202958d3', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-24 08:01:01.628493+00', NULL, NULL, NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (30, 1566, 542, 3, 'active', 'weekly', NULL, false, 3, NULL, true, NULL, 1310, '2026-11-23 06:00:04.358271+00', '2026-11-23 06:00:05.91202+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (12, 3596, 2572, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 3340, '2026-11-23 06:00:06.563285+00', '2026-11-23 06:00:07.78999+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (11, 9995, 8971, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 9739, '2026-11-23 06:00:11.915216+00', '2026-11-23 06:00:13.198736+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (2, 16386, 15362, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 16130, '2026-11-23 06:00:17.757102+00', '2026-11-23 06:00:18.843485+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (31, 18463, 17439, 2, 'active', 'monthly', NULL, false, 3, NULL, true, NULL, 18207, '2026-11-23 06:00:19.68652+00', '2026-11-23 06:00:20.76724+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (31, 18719, 17439, 4, 'active', 'monthly', NULL, false, 3, NULL, true, NULL, 18207, '2026-11-23 06:00:19.68652+00', '2026-11-23 06:00:20.76724+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (11, 20747, 19723, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 20491, '2026-11-23 06:00:21.251463+00', '2026-11-23 06:00:22.095778+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (30, 22814, 21790, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 22558, '2026-11-23 06:00:22.517412+00', '2026-11-23 06:00:23.469603+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 26894, 25870, 4, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 26638, '2026-11-23 06:00:25.219206+00', '2026-11-23 06:00:26.135853+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (20, 29204, 27924, 4, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 28692, '2026-11-23 06:00:26.502199+00', '2026-11-23 06:00:27.297746+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (15, 12047, 11023, 3, 'ended', 'daily', NULL, false, 3, NULL, false, 'unsubscribed', 11791, '2026-11-23 06:00:13.945092+00', '2026-11-23 06:00:15.146582+00', '2026-11-24 08:01:00.434795+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (15, 12303, 11023, 4, 'ended', 'daily', NULL, false, 3, NULL, false, 'unsubscribed', 11791, '2026-11-23 06:00:13.945092+00', '2026-11-23 06:00:15.146582+00', '2026-11-24 08:01:00.434795+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (24, 14360, 13336, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'complaint', 14104, '2026-11-23 06:00:16.040635+00', '2026-11-23 06:00:17.367734+00', '2026-11-24 08:01:01.304076+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (6, 46086, 45062, 3, 'pending', 'daily', NULL, false, 0, NULL, false, NULL, 45830, '2026-11-24 08:01:01.628493+00', NULL, NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (26, 24858, 23834, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'unsubscribed', 24602, '2026-11-23 06:00:23.897355+00', '2026-11-23 06:00:24.891129+00', '2026-11-24 09:01:04.599327+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (20, 28948, 27924, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'unsubscribed', 28692, '2026-11-23 06:00:26.502199+00', '2026-11-23 06:00:27.297746+00', '2026-11-24 09:01:04.783671+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (13, 5645, 4621, 3, 'active', 'immediate', NULL, false, 3, 5, true, NULL, 5389, '2026-11-23 06:00:08.448649+00', '2026-11-23 06:00:09.731513+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (13, 5901, 4621, 2, 'active', 'immediate', NULL, false, 3, 5, true, NULL, 5389, '2026-11-23 06:00:08.448649+00', '2026-11-23 06:00:09.731513+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (3, 7939, 6915, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 7683, '2026-11-23 06:00:10.384918+00', '2026-11-23 06:00:11.413803+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (25, 31257, 30233, 5, 'ended', 'daily', NULL, false, 3, NULL, false, 'removed', 31001, '2026-11-23 06:00:27.848023+00', '2026-11-23 06:00:28.714867+00', '2026-11-24 09:01:06.365986+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\x1a3d0dfcb0f09fd42453f7a5460007ca81be9c620508ac1d3703291aced9ca9f', 'declined', 'page', '2026-11-23 06:00:30.244695+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\xb808145b0268a06ac1115f3c4c8f89186e4ea94fbf3d6a282cee817a185179fa', 'complaint', 'feedback', '2026-11-24 08:01:01.304076+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\xedbe0191a8df30d399db0d26497ab91c1a42692ebd65a60ee571fe8b1baf8139', 'hard_bounce', 'smtp', '2026-11-24 09:01:05.943292+00');
INSERT INTO public.terms (id, version, text, sha256, material, published_at, pause_at) VALUES (1, '2026-11', 'We write to you about the studies that you follow.', 'd09d870a682aa524384cf7b7cbe38396828026fe5e54d08ee5262655ade5dea7', false, '2026-11-23 06:00:00.376206+00', NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (1, 'condition:MONDO:0004967', 'condition', 'acute lymphoblastic leukemia', 'acute-lymphoblastic-leukemia', true, 0, 0, NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (5, 'trial:NCT00000003', 'trial', 'Engineered immune cells', NULL, true, 9, 9, NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (4, 'trial:NCT00000002', 'trial', 'Engineered immune cells', NULL, true, 12, 12, NULL);
INSERT INTO public.topic (id, key, kind, name, slug, followable, last_seq, last_any_seq, joined_id) VALUES (2, 'condition:MONDO:0005059', 'condition', 'leukemia', 'leukemia', true, 13, 13, NULL);
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
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT00000003', 5, 2, 'removed', '{"nct_id":"NCT00000003","revision":1,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT00000003","title":"Engineered immune cells","status":"NOT_YET_RECRUITING","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 1, NULL, '929bdbedf82cc5bea4028811f528c9f807075cf56a4579aada764cf3ddb96017', NULL, NULL, '2026-11-24 09:01:06.365986+00');
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT00000002', 4, 3, 'present', '{"nct_id":"NCT00000002","revision":3,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT00000002","title":"Engineered immune cells","status":"NOT_YET_RECRUITING","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 3, NULL, 'be2263838bdb52c907c628d6079cd8bde6cfc1cccce80666b127e61cc9a2d645', NULL, NULL, '2026-11-24 09:01:07.931116+00');
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT04787263', 3, 4, 'present', '{"nct_id":"NCT04787263","revision":4,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT04787263","title":"Engineered immune cells","status":"SUSPENDED","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 4, NULL, 'adecd0847906215f21f954a477edef89f80a0f7bb53fd3a7da8c35036dbd3495', NULL, NULL, '2026-11-25 08:01:01.266331+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 1, 'present', '86c1ee2296f3c1c15a6051850d56774b242243f7ec25f29600f6f37f21c1334d', 1, 3, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:02.326273+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 1, 'present', '1d091131b05e812e76a2bb5bbdb73f15c58807b0ae5c097362178f86ed72e396', 2, 4, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:02.916145+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 2, 'present', 'fe339b499fd93b46c627e704bccc987ff6ab41f1b89f35428d1c9b20e2690839', 4, 7, '2026-07-01', true, false, '{"overwritten":{"status":"NOT_YET_RECRUITING"}}', '2026-11-23 10:00:00.134658+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 3, 'present', '6c9f8813b54560451501b475ec57dfa4df6cded079f6b5091b7704a3725cc034', 6, 8, '2026-07-01', true, false, '{"overwritten":{"status":"RECRUITING"}}', '2026-11-24 09:01:02.965911+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000003', 1, 'present', '4d3b6512394c254993545326698c86e73f90a76f834bd2c4b423649d0244ac6d', 3, 5, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:03.47343+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000003', 2, 'removed', '929bdbedf82cc5bea4028811f528c9f807075cf56a4579aada764cf3ddb96017', 8, 9, '2026-07-01', true, false, '{"ending":{"explanation":"withdrawn"}}', '2026-11-24 09:01:06.365986+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 2, 'present', 'b10d14543e153e29f4b1e53deeaab8c1fa851b9aaa22e16a6f2aa97b54d4db77', 10, 10, '2026-07-01', true, false, '{"overwritten":{"status":"NOT_YET_RECRUITING"}}', '2026-11-24 09:01:07.030796+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 3, 'present', 'be2263838bdb52c907c628d6079cd8bde6cfc1cccce80666b127e61cc9a2d645', 12, 11, '2026-07-01', true, false, '{"overwritten":{"status":"RECRUITING"}}', '2026-11-24 09:01:07.931116+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 4, 'present', 'adecd0847906215f21f954a477edef89f80a0f7bb53fd3a7da8c35036dbd3495', 14, 12, '2026-07-01', true, false, '{"overwritten":{"status":"ACTIVE_NOT_RECRUITING"}}', '2026-11-25 08:01:01.266331+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_78e0fade4820698b', '2026-11-23 06:00:00.522518+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_22e441f96d05e8cd', '2026-11-23 06:00:02.273637+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_d028797aaa4238a8', '2026-11-23 06:00:02.84559+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_d1a223478ec0751f', '2026-11-23 06:00:03.369388+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_fca13d2776b05ad4', '2026-11-23 10:00:00.000688+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_545d751e480d7747', '2026-11-24 09:01:02.828514+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_f5713460d63060ab', '2026-11-24 09:01:06.299399+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_e6dfd145933b64a8', '2026-11-24 09:01:06.967715+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_c1f18168c812f325', '2026-11-24 09:01:07.846703+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_f5b374b1055f05ed', '2026-11-25 08:01:01.166034+00');
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
INSERT INTO public.wording (sha256, text) VALUES ('9c79c0908a48806b4d23ba13b87400062a3dbe473332c1479e9e717f44dedb08', 'Dürfen wir Ihnen E-Mails zu dem schicken, was hier aufgeführt ist?
Ja, schicken Sie mir diese E-Mails
[…]
Was Sie mit dieser Schaltfläche erklären
Ich bin damit einverstanden, dass Example Updates mir E-Mails zu dem schickt, was hier aufgeführt ist, und zu nichts anderem.
Ich weiß: Wem oder was ich folge, kann etwas über meine Gesundheit verraten oder über die Gesundheit eines mir nahestehenden Menschen. Es wird nur verwendet, um mir diese E-Mails zu schicken. Meine Adresse wird verschlüsselt aufbewahrt und niemandem gegeben.
Ich kann das jederzeit mit einem Klick aus jeder E-Mail ändern oder beenden.
Es gelten die Nutzungsbedingungen (Version 2026-11). Was mit meinen Daten geschieht, sagt die Datenschutzerklärung.');
INSERT INTO public.wording (sha256, text) VALUES ('df7f4e7e4f5c1f8f056c21473b08ee4f50342bc4f574ba9c4dc91b8e4eb11e9a', 'Pouvons-nous vous envoyer des e-mails sur ce qui est indiqué ici ?
Oui, envoyez-moi ces e-mails
[…]
Ce que vous déclarez avec ce bouton
J’accepte que Example Updates m’envoie des e-mails sur ce qui est indiqué ici, et sur rien d’autre.
Je sais que ce que je suis peut révéler quelque chose sur ma santé ou sur celle d’un proche. Cela sert uniquement à m’envoyer ces e-mails. Mon adresse est conservée chiffrée et n’est donnée à personne.
Je peux modifier ou arrêter cela à tout moment, en un clic, depuis chaque e-mail.
Les conditions d’utilisation (version 2026-11) s’appliquent. La politique de confidentialité dit ce que deviennent mes données.');
INSERT INTO public.worker (id, host, started_at, seen_at, status) VALUES ('vm:2447:772bbf58', 'vm', '2026-11-25 08:01:03.749758+00', '2026-11-25 08:01:03.749799+00', '{"mail": null, "paused": {}, "failing": [], "waits_for": []}');
INSERT INTO public.wrapped_key (name, sealed) VALUES ('address-index', '\x2e63be4b585b7468e2a32c806c3725d3c83bc9a740333aa8324dae2b5caa48c810eed479414d8796c55a086a04da626376f95ea72c7f1c1d884c56a0662c9ecb03a3f0ab');
SELECT pg_catalog.setval('public.audit_id_seq', 3, true);
SELECT pg_catalog.setval('public.event_id_seq', 12, true);
SELECT pg_catalog.setval('public.liveness_id_seq', 1, false);
SELECT pg_catalog.setval('public.log_head_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_hold_id_seq', 1, false);
SELECT pg_catalog.setval('public.row_id', 233, true);
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
