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
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x83002bdaaba9c6cfb2eacb902476668736c4b866970c8e610876f0ee754b6939', 3, 515);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xbe8b7b8a740bd5f84e65bc6771bef84a9657986df526b6df21c0c62c19b612d1', 14, 2574);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x191f4275e15ee9c251adce10179acd2b668920016544a96dfd8a02e16623155d', 9, 4617);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x059cd759133283461d09dfeadce5dad1108da6c192fc67e40d3a4bbb49fb4cbc', 5, 6917);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x9363d64f665aef0c4b1d584744df3adf91e06cedae0e9bbd4f7d8402ad019525', 3, 8963);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xd95b565ddff8fa772e52e3bae4fce7b8d0127353156a015d84e66d62912a0b35', 9, 11017);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x1ee7795f82e6e54aa3b1baad2a4a899f6e6d20daa96fbfde797b85319d749a4b', 14, 13326);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xc755148197f0760a52a04ad4f9bc7a961ab50af28936d0492a5cec50b48237c5', 7, 15367);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xde0aa41b5743fd97c5235d296b893450c559e494072e04f2e6564762a845616c', 14, 17422);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x8a12705c4ea8e0a7adb8d5867ed8cacafa59148f213acee8af724456e45ac179', 10, 19722);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xc8298fc891ef222fcfe9640ad2d038d6b7914ea978483a606e928fd3a2c74184', 8, 21768);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xa2a8a371cf81e0d7a9c746d334d910681b021a54dbd172e4b39c3518121b1176', 2, 23810);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x5747fcdab393700ee105ab3b810bfa2af72a0e6456d7e72da819f08cec6cdecb', 7, 25863);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\xebfd047842e37993c6be56c084d13dee7c50e5f19de9756d2a44388041ad4a85', 11, 27915);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x28278e180d2bcc7172ac936cec6b9c1b7a71d95a33d0035af424d3a247466228', 8, 30216);
INSERT INTO public.address (email_index, bucket, subscriber_id) VALUES ('\x3172742cabb00a3360ff7946dcd0fa343bef3973a64b110e954e2b2f743e3f4b', 1, 45057);
INSERT INTO public.address_change (bucket, id, subscriber_id, sealed, created_at, done_at) VALUES (7, 43527, 15367, '\x5b8e6379bf60685cb38c95306c731d126d849e0217afe14d64ffa533c5b1b9a9858fcacf004cd91bbac4a9837d79eae14b2d6ec404cf328d7bcb638efc6e0e454a', '2026-11-24 08:01:00.078878+00', NULL);
INSERT INTO public.alembic_version (version_num) VALUES ('0001');
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (1, '2026-11-23 06:00:00.014641+00', 'api', '127.0.0.0/24', 'terms.publish', 'terms:2026-11', 1);
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (2, '2026-11-25 08:01:00.248511+00', 'dashboard', '127.0.0.0/24', 'dashboard.sign_in', NULL, NULL);
INSERT INTO public.audit (id, at, actor, origin, action, target, changed) VALUES (3, '2026-11-25 08:01:00.319481+00', 'dashboard', '127.0.0.0/24', 'dashboard.sign_out', NULL, NULL);
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (0, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (1, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (2, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (3, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (4, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (5, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (6, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (7, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (8, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (9, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (10, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (11, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (12, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (13, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (14, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.bucket_lease (bucket, worker, lease_until) VALUES (15, 'vm:6579:af2ef95d', '2026-11-25 08:01:10.242683+00');
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (1, 'NCT04787263', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:00.101895+00', 3, NULL, 1, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (2, 'NCT00000002', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:00.136025+00', 4, NULL, 1, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (4, 'NCT04787263', 'status', 3, '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '{"status": "RECRUITING", "why_stopped": null}', '2026-11-23 10:00:00.008592+00', 7, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (5, 'NCT04787263', 'now_recruiting', 3, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 10:00:00.008592+00', 7, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (6, 'NCT04787263', 'status', 3, '{"status": "RECRUITING", "why_stopped": null}', '{"status": "ACTIVE_NOT_RECRUITING", "why_stopped": null}', '2026-11-24 09:01:00.19609+00', 8, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (7, 'NCT04787263', 'now_recruiting', 1, '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "ACTIVE_NOT_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:00.19609+00', 8, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (3, 'NCT00000003', 'new_for_condition', 3, NULL, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-23 06:00:00.160179+00', 5, NULL, 1, NULL, NULL, 8);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (9, 'NCT00000003', 'removed', 3, NULL, '{"explanation": "withdrawn"}', '2026-11-24 09:01:00.425738+00', 9, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (10, 'NCT00000002', 'status', 3, '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '{"status": "RECRUITING", "why_stopped": null}', '2026-11-24 09:01:00.459233+00', 10, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (11, 'NCT00000002', 'now_recruiting', 3, '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:00.459233+00', 10, NULL, 2, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (12, 'NCT00000002', 'status', 2, '{"status": "RECRUITING", "why_stopped": null}', '{"status": "NOT_YET_RECRUITING", "why_stopped": null}', '2026-11-24 09:01:00.535376+00', 11, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (13, 'NCT00000002', 'now_recruiting', 1, '{"recent": true, "status": "RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '{"recent": true, "status": "NOT_YET_RECRUITING", "countries": [], "maximum_age": null, "minimum_age": null, "first_posted": "2026-06-01"}', '2026-11-24 09:01:00.535376+00', 11, NULL, 3, NULL, NULL, NULL);
INSERT INTO public.change (seq, nct_id, kind, level, before, after, recorded_at, event_id, corrects, revision, told_seq, due_seq, replaced_seq) VALUES (14, 'NCT04787263', 'status', 3, '{"status": "ACTIVE_NOT_RECRUITING", "why_stopped": null}', '{"status": "SUSPENDED", "why_stopped": null}', '2026-11-25 08:01:00.118273+00', 12, NULL, 4, NULL, NULL, NULL);
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
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (3, 1795, 515, 'requested', '2026-11-23 06:00:00.183611+00', '2026-11', NULL, '\xac0942430d7b25fdce6c98f6f0ca1159bc56d3662ded389d9509c90daf274d76183e0dc083f38c67cf22c0de259574f24628e8f7de27502206aab4fc2c29577bfe2ccee94c01b4117e7d1c0c2be1e7ea5729831ebea056e9442231030d327e27b8bd46fd1078350edb1020774c45636943fb60d454cd4bc6f7ed125373cae05d446f6bede486f8aad8441735c926cbf695f1b84932dfa42550db56f4c9ab2ae7c831cd5d86791cd715a9e49820edbedf3824d543cb92ee7aab524183fb4a960512caf6072671bc7173e018023230e14a062d27ff8bd6fd50ccae538acbdb4614d51a2e518a7e3dc8ba96f5');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (3, 2051, 515, 'confirmed', '2026-11-23 06:00:00.296571+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd8d7c66964786dd4dbdacb0ad89af1b2f38185670b984d2d4339bd74b41a031233a13fbbeb2bc6a6d0666d61ff8d735204ce29b5b1f65944d01de8f1a928a5b86cd7c8bc90af064f69eef7bee1c4ec3b195c6a47928a9b74d7824cf1fe51da21667278eda84acd1a4f2a6e3abf39cba431ded47e46dcb671d7ffbc0da7d7de0891a82f2acc37d946c9d97b0f45fe249d7a69aaccb8e9bdee09c2e1ccff9c417d559c51918f0d16b16740c03c19e7aa08743ecdb95c55634c6238a3214f08d19d89e2fb68bb547993cab887f72e032baafce3df597bbcd1d3ac874abf3cb43946d3291ec468b069909e665f8d48c04d0341ca4a3abb995206efcf817a62f5c0e977d4a3bb71f5fbc5ec8b5f14230ee34555f9c');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 3854, 2574, 'requested', '2026-11-23 06:00:00.334441+00', '2026-11', NULL, '\xac0942430d7b25fdf5795d4c87b368d00fb2b1d9e95edb505de22ae4680d3df18b747691014dfb538bf90893b3bd68c910a29fb31988f367d106331ab82d44be96213064512be9772b3b9560a244aeaed004a9ef604ece65e76354754c4c361f581b40c62ccd98fbe58e1cd6a9b0ec54d2de9f9365d7b044fae4309be4273d7a1b30684086d9562cafdcbb04d03c2481af128e6704abebb6c376cb6eccefc004b197bcd806f6366c46b99a8e3522d6a378b5364343f6fd796387c97ece1796ac1042a1f3ccedb7914550a40379ca7f083a1c6211c60df36be71d794c199f76');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 4110, 2574, 'confirmed', '2026-11-23 06:00:00.403742+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd4dbed38db40c4ce8410d3a3b6b354a1ab645f435bbd0724d379675eef3ce04a22af7ab17982e01b65267c4d469c876e67d085ce74396a239d2001861ec206cb29d7ec35716fe07157aa99ff6f00fa446f7240a5a3d67ef79843318027f25d6b1428d2f31871e01a3c184da3868472ea675c31b7ddff9fab675b425cf4aa3b03ed470b64b757374d915f93e423aa0c12431b7eed7435cde53d2195e15302586caf47f08514eddf28b03f8e1e732f82f0db5f5474d70a9d2f777044bc1b3403b7974904591efd2b04077a80b14080d4adfdbd718f1c62696fe88e15dabb08bb25cfee965a98a3d9c34a3709db26b2e6851f4e91da8a9217259d8fc74998b3f75fcb6fd38fb287b6a092b4a3b196fbed74fc3');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (9, 6153, 4617, 'requested', '2026-11-23 06:00:00.432675+00', '2026-11', NULL, '\xac0942430d7b25fd47d04af679f249b1d0bd0af3870d3078089d0a39cf7a4c5557d1b3c7dab43cab847c96914e6eaae3456fc9c6a606047c78a6fcaa49898606b2ad75f35dedad795fea2c2f8f6d6d85e86e840002ead28e8d73cafa0a21e3e82adfa557037a0ca3e5c8ff341f92c5e8922434287c0522332b2675479612fa00dae2a7f1cbc92fbc40b57cf9626358f3faebb5e515e80600e1c8891283976946598992207e2f02921df5486fe3c8b46d336a460168889750b9bb0ddb1e61c9ece205d576060027f1527619f331c5d008f1dd0474136e3bfc27e6b0a3ede066ab8aaced8537ee52461fce7efabee216cfe4823739b46938fdfed3f8e1ed');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (9, 6409, 4617, 'confirmed', '2026-11-23 06:00:00.505215+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd1ea5ba4345e2521e2693c1454e288d260bd6eb72337299dd69e87fe644b77feb328d3d4d1ac9bfe5d36ebfaa52e4c8e635d236e0179d857d070e1448cbf41d22695fa5507ee44a49291e74f3aa29f6772f264a69c6aa48055dd60c86c10d81dda7dcffec9dfaaf4233fd32548539e534924aa3417647b925967cf006f90e129a143b27b013b9b3cd164cc6b1e8c23abadb2545fb3fecc0b5eb162f173f1ec80edc84f63c35668ffaab1e644d9bb277a0e6aeb468c67da5e474bd07ba828ee28730c6e6fa887703af9c54ec719edfae56a2e2b8b0712567dfe59ef7888b8d82ce8043e851b18da04ce42d8cb621754d1480a6030ce1fd8ec2b063642c127852811e6edaf29e14cee83feb73af83a661a02c7fba8ad7757e10cc67238fe716eab80a07fb5198908871904cadaa700e47d51a8765fbc3760e78a71cfa77f6cb838ee4847a1b9daaae0e4db9e8ac3041fee6641f09db17fa3b8796998afdd421');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (5, 8197, 6917, 'requested', '2026-11-23 06:00:00.529578+00', '2026-11', NULL, '\xac0942430d7b25fdbef8dd1dfab8e64c1c136f0692692377071a7c2ba68b41590ef9d9dc2f3c1321c56a8b9dea7fc998ae492e4bd44e4743e3604049b52183ab8bd50b00e53ee85575c221fad6342946fe396270f4d12e378010602b471a038b790f6d3fdc0540a67c5a5b88982a39127210599dc8237b13111e6ed4af3defb90d0435654b8adabb2667692dbd52ac5c39a7240bbc4dec6c39a383726229529f0202f7ca1fb76ede998388e85322350a3f2cce9a500198aef250798771de1fbf092b3248087250c31e3b14641d72e87f6e0342a781acbe570644c735b69ac33e891585');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (5, 8453, 6917, 'confirmed', '2026-11-23 06:00:00.609847+00', '2026-11', '440fc888f3288e61ff484604dc7bd6160fa3643c820426fb782a53967b6402bd', '\xac0942430d7b25fdd68e15fa0d708b6701c9332202dfee09a10d1cc1ff301094fe0175ad156f779fb6ac9ce576742df1a0d6c3f748b37d4aca815404809dda9560ed7c3d008353fc72fdb1f2fa0143019e418a72532ed4c2ef18e590aeea259ebf39d0a4ad8165ac41a665ec4f12ea2d5edee32449d6b9aedb0f67ff4cd6aa0cfe8fd7ef7c5a3432eff2a7c8923f38cacb26eb51cea68d847768706a31cf2d8ad5726ce70dd3bd50d80001158dcf0dcad7a1212bc39ba9556dac169d870b8f48e18c43eff25a9068baca7e05ff6d7bdb55c18e53eb7c2faa9390c4837cb410c99340b243f40e5b9bcb45026acef0f2ea1809815f4d1f644ad7b2697890f41e6258bafb01be8abe0f23154f5fbe19d4300b085e6137c42fcb06f51c9396fe5ca9');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (3, 10243, 8963, 'requested', '2026-11-23 06:00:00.631056+00', '2026-11', NULL, '\xac0942430d7b25fd2620794fb2595d0114a34f4295ee8812bf1e5c621a20381ec339caa4fd029e9d2b1e90625f910d1f110a59abb8d92ac4cc828ebe6326b30cb4fe93ce278f6e80f2c696909aadd57c7565c6e371d27931c358bb98df9c822c8f508e5e5c7bb07dd8b884808773f4dcbd2a6f160c572f17291e752b407b8f7f78a802acd406ebec596a6f7e6e8d04c77802f039ebed594671594c7739764af8cdd9b1e861af4673465b0e91021c760cd01d862cede44eb027bafad59513ab7e858bea23b0876dceb4a5dcc39c9aa49495af148b96c4a21cdaaf88367244bc077ef1db');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (3, 10499, 8963, 'confirmed', '2026-11-23 06:00:00.697293+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd053890db3deb0e8b670f3c278fdffe79cd1c7f3b6cee00454a29c76a05bbff56d23796d287ffbd588d8c815bf257f60156f313d2a10e8d501cb7cf3ce05245b9cff51888322b21106e76eeddabd23cbe39c1980fba4c0f2c4e18a3ed1ae881a12afb24d7b81557a0ca6b28159fcc6fcae06dafaaa1e24c4a4ab92f64ddb017fa868cf9bde3e676f6eb512f8afa1e1d033229577e26bcb05360931f123450559ab615dbbeb4f500ada41057d1cc9708c68740f88f92290903b0e857a859109e8ef503f4a62ec4cfeb7f1ea840f7c2d0f68b49f1fb7609dfe3c9fad8b90f93843196b131a39f3d50c6dd2eb6fc19ce3a416eb5447b31c7efb95d07dc90a9f41dc09e1bbba4a25034ab493d7ff210725027926b6a828ca7627a22b9bc');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (9, 12553, 11017, 'requested', '2026-11-23 06:00:00.717317+00', '2026-11', NULL, '\xac0942430d7b25fd622a89ba338c99b57f08685371736b67ff9dae59aff1f0f859937354fb04dac008bc93a1f99d1ade5f4fce9e43e4078b39ea6d98ded06c633b4797049b599cd3dfcb600b10f2aa657d315a2324e55a147c5fd5b9df4fe717c02c563f58bcc50f32fc82a9a6f63584218ac2f3fff621a214da4a14c580109355e3f912f24ee1b06d04ac8591ba125418c621356517dcbeee1488cf62da46eeb5180c13096567619905354bf0bb2b3e27a8383a74562b625d0718e6219ac3c62c840e0435c70a072a8ac139bf2642df2b3161c0c12cb2ef819140f5f80778d4957b0455a36b859c79412b020b0e503c49892f');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (9, 12809, 11017, 'confirmed', '2026-11-23 06:00:00.787949+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd7bb0d470a5bc8aff633d74e6df58b3e3a2acc1e52bdf1a7468575639f7ba1b795c240af7c17cac7272905523df32c36f20e9a2d3fd98c8da3a238d41191270af039fcf66e2121b6bf42ed9d806f95a3b0533e1420938a804e6c4943b819f7f08ae9c40dc15fc3a2b0e4e31be1082b8e5690386b9183d8efade7c1b35a6fd732859c55a8c59601ce613127c24b36e5e87d3cb283cc915b9c4d27c90a96d5c372d67c34e03d139d5a852a6114f232a8e62db8c78abc17a91252e89d00fdc09bf393a890c3bb69bafb4cf8cb164bc318e7dcdd01a355364e75248bc281cc1b3c71c1fa103ca1042d22b88a588b4276227e7f7d7fe68a75b9dc327360db7b94ee19101cb82437f24f5ae9da380a1283255bc6ed3d0fb7b128e7fe23be7dc02bb7c8e9ac4c18fadbe01ef2e65332221d6e5bf1ca01e2b371190df42b7dc23945c8df483c802c573e1534c3da9c37c10fccf28007e17af225805d8f271398d7c6e2797b2');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 14606, 13326, 'requested', '2026-11-23 06:00:00.81205+00', '2026-11', NULL, '\xac0942430d7b25fd821e3523634e4defef9128d14c5295e1cc8061eff8bb9b6f0060c472134e00b2c3439212423be4f4cdc75b96573e7b85f360bce8907c95c344808e92846c8c5fc2c9e5196271a7900d4a6ca6654fd89e9680e25769bebf5845382b3d9086b84d5724210b2edca020157e5c95dde98575bdf9a88bd868efdb56d2c0ae42767e25d16dd12f59f19729ba13d282c25cc8f1bda1cd97a557af53ca8c89055f4cb1c62b3bf80548ffe6349014c561254288503a34b7191000a5f55e4a3e453c8124f7a73924982dda58dba662224a8788b2dba6eb6758eb6b9cfdd56efe');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 14862, 13326, 'confirmed', '2026-11-23 06:00:00.8828+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fde881aa7cf71e73b135f7dc2a3f97c615783c1bcd3446c2ecb64fcb45cab41ebeb8ade55b3575b17184e69af1d6c9508247c176b8053fd0b2bb302fc1e48212b9bfaea65b3be071806368a27b5397666b40db8213d676f5443e9f9e37e1f65b89463cce87536c0514e760a4909e46487a923e5623de47b858065f0f8b8deaf562979318032b2c8f56226e9414d4cd8a7904542c6a6cddc6d1ee09bdc3d222aa8cc2d914b5183f182765f85650b87e57c979512028a98f63a205ced068d06580a65f9dc93c0a8a2a593a7d91c4ec57574c7556990414c26a1a33c39e3b093827e4bfd99e590c5940fcfaa2b06af05661b6cc8c0d1495ec4d4e653f4324686622614c66195d7894603ead5919f1879fa47d351234e467772b5734406a');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (7, 16647, 15367, 'requested', '2026-11-23 06:00:00.902379+00', '2026-11', NULL, '\xac0942430d7b25fd9661d309d9977a2f8ab5ed3fef943e67e0e93c12d0da3dd338101de43f2ba33abbd4f0384c614a54ac58949c78356cc7081150934661bd470f4b1270883c5f19e31041bc552856ddf59030a58f19fc837f58f2bec968b83106e2a917ccab66622d87259aaf79d93fe99c514f949637075ebd9c371c65f7ad42b55ce367ec7ddb2013a77e2f4bc9da59e0f4ff98d36273be390c0856bf9a9f4d1242e7922613db911be2763433b4d5f11166c83aaca7bc1ef943714e0440e2bf6969642b4ca9f734f5df800a810dfb952b35674d96a236bc17f4ca8b050e');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (7, 16903, 15367, 'confirmed', '2026-11-23 06:00:00.968994+00', '2026-11', 'caf12a846139bc603922c120f649b8615125b2f69b368e898775c7a97a7327e2', '\xac0942430d7b25fdfc497a3f365c30a3aacc03032de43856c771ab42a2fd11024f8cf17901f6d31933c498e9df42900b8ad88a9e98295b2b36dd4b93a8d18986206215d2c248961a21a1f2abb835d646192dd57f3c4a92bad78fb07e3511cc7317654efe1327ec95315471d8a982ded1fb86a343eb9b867c09e5b87dd2c1bfdf143f05f58e0dcc56b0fedbf6a4c37ffbd04ad89d486ca0d3d9b2dc607a59023f15928f3ce873e7a341597bd2a13b8b65c5cf1fe9eb097a8707119cb2b597e0be6acee82fbf154d399f2921bc540bdf530b4515030ec061583c9f4b370961fff8aff5ad23611b15de3540d7fc248e35127f2f3ddb030ea82e0695020826151ac68c8fab9e147500313fe742c5d7356f60244631fcd5a128d8d24a83d22d71c59054b9');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 18958, 17422, 'requested', '2026-11-23 06:00:00.987841+00', '2026-11', NULL, '\xac0942430d7b25fd93e6d7dad6740710d641bed16af7bfd7f0916fde48cd8e1e385fa806ff9c79abefca9bb2adf085a0335d27807ed142c5b8c08ac9a0992e10c491575647da597d7cb3b8f828b71c1aac7b221d72aa86a19d938aa1bd906b390d049007ef59f209a53333b4de6f234bc3f48f0de7fae0b0178fbadd089baf6de126965ccda80ae1cddc671cb6ccd93cb18d50caadc03b64b84d015848b67af3bdd697878a7c7837d0caecece4c51c741a12c2b9e6fe0ef6dfe35a04267ba12187f635e123a1261b4e1ddd923ae7dbc90320b3884cbbd81a82ed5b274c5b255817df9597df2ca7ad919510a4065a7a44ccc9368d2ac15b7542b68d20722b4d461c2b16f5bd339c38');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 19214, 17422, 'confirmed', '2026-11-23 06:00:01.056765+00', '2026-11', '440fc888f3288e61ff484604dc7bd6160fa3643c820426fb782a53967b6402bd', '\xac0942430d7b25fde0639918552f6fddd889a768b9e8090eb4aefa7e28827fe04969eaf13fd65168030b20074eb0c108465758460dbd8df102c67b2c606723c36727dad65fe24d64e3b67b3757397577c6f3c8217c17b9835ff986c006dbcb715a39a5f10edd88d34e4e9ea3fa72da6061e71b3ff90d46c0c7423c399e6cecf5647cdfc84e43779bca31af5b128347f2e3d3e2466aa341636a12531d2b39f211cdb22e7d60aa3794c4f35ac4c1615d6f884f9270c752821147e75257b2fc1278b34ed57b00b42d49f6cd080fe5e4f8de3d1cb02cde0c3b44e9ed40b3abc133464f20ca2f4635edab68353f41194155f46353dc4893bd4b7064d553241f7bd84760f17681df5640fc6c4453c1c24557166566d26829376c729dae6fa7127b9a809e61f631e69e8dcba6927af39200a1a853fc226f8f79c1806c7844506bb597059e265f2d7d0bb2d9687f248e89869845dc20c619b6b2d336e91f5a970c2677217d21');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (10, 21002, 19722, 'requested', '2026-11-23 06:00:01.080716+00', '2026-11', NULL, '\xac0942430d7b25fde6ce50ddddc1ddc4c05b74ec92193f60df4d1ebee9d49d9f7bc6fda0b1150bace286523c414357557bc3756c2eddb1b0e9bd553836475c31e2e57008ce661bd96c4fc5f7db3c0569f4301b6ff7810febee466368281a94d966c30940cca202cb67d024d1f152c1452fc6a9b2481f79583d6f39465b43cf1c24af2fa40415f77da4d230c15d9d21e00e35fa82151de7024720bf12539ed9649d26dc0e5227f6af74c8a743615ba903865cf8ae5e89035770ed6edbea0000382b30ab6bff14d89f921375704a12bfb183f16195e90cedd68adc0867d7dbee');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (10, 21258, 19722, 'confirmed', '2026-11-23 06:00:01.154478+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdfdd309f77b51baf5e51170360ea394dc08b8ba6818ef6a2728d75396ae00070cfd1c172ca5a4297bb1fc793f930009190ca24c24642efc308107ce5ad864c3e1f3eb13b348ffb6a528f20301d4a67c1b782098ed64cf9f161b2273c0ade0e4c4ec54dd28e58124e5caa32cacb1d0acbd8f6fb5998f3c172353e1733cf3c5e99a51f7c61da41ddbdf2ce24350c46f658a39536c2365edda971df465c5822cf3ddd13b94182fa6c3103db85ba1ee4dc50fb12b47eab0b382cb0d2efa7e220c3b36270e707132e1d70b783ff533984b6b9d6c1a0572f347d834a33a625e8e4665b77c895ef3467f523839a577c0518aa425fccf001115f1695264ad07789d3b7e6a42cc8639ab35177d71b03b1170ea08cfc6');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (8, 23048, 21768, 'requested', '2026-11-23 06:00:01.181338+00', '2026-11', NULL, '\xac0942430d7b25fda1b69eef0cd1f67139140ee123ecd4228088c06c78964c3a8880f2036a808450933a1e0dfa0559eddc57e49834a3b5e54763cd8e2754b5f114b31dae61608494e8f4dd3cf44308aa1fc3309400dce8e4840ea1378f22e98facd7df79083e9a46e156c213d58b38e73a5ea11f92b551c996184d394c3705d95a89853b004b69b75c04ca334f75b4573521c68529e46ffdbe263e68be879796e176b352db1a9016b64285417d85acf1238191f938c60ee264c0bd77eaaaa3262fcc4bcf3d2204fae9b23316e40a8921ebf4ee956e0a8dc5cf7ffde4b8b4fc651fb441');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (8, 31496, 30216, 'requested', '2026-11-23 06:00:01.523235+00', '2026-11', NULL, '\xac0942430d7b25fd9aacc6105a56d2c232e68bda1643eb66452101bf2bb46dc94496db4e2dfcaa4ac4d5dedef99c7ff109566afb7c75d0dfca86eb78806d8094944a436d06c4c6c4727aadfa245c64e7ba825c53a219ea25b9fcdda9f71da7655ea13ca14f441e408570f0cfc1b59aee78ea1f75b6ca9dba5d26b0e367b9ce691a037f6b6eb5792539daf3fbdb245341736212433dcc62f4ce90d72b439fd7fed4fb1f73fdb53bff2223dddf8206492429569f7744b121f61e3b5d4dbe95388879a16459a5aebb2fc566928147293cca971a73a114437a6128d2d2871ea8b1');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (8, 23304, 21768, 'confirmed', '2026-11-23 06:00:01.244428+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd9fc624b0e804957fe3406bb0b5ec2b53313f16c049e572a6f67c6068f55160f0653ca3a4678482b74d5c7a11980a448402843591035c4883ef7b308897de6e8aa0e7becdd2ed116777b375c617afcb3437f5ed8e7ac28003047c6b2f681d5761e6d3a20777e8246809a3595483bd38298026fb6e1459a3e635e71bc9a1e250e20f5b53a77622204bb3d5c74dcf1f1a45259530a0851cd466b59b8f1b70b7845c7417c5cc1d1cf9a66e10146ae2e5f7cb36515968765436dfcce4119c03fbd617c1bb2d0e3e3ee5b2b977d741bb9456fe6d8642fd25c899b95ba291d658cb8b0134912c833757e6c7bbc410d2d01b42aa3af461c090104648412efebf96c323064ae96319e90f215bd79aff533817b2357ad93b0052e1f03a60d8d5');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 25346, 23810, 'confirmed', '2026-11-23 06:00:01.336021+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdf91f652c0a3e3b296ba3a6069b38c9d50b7ade2ab681f664787f528382322e2aea2807456f75cf528783c589bc8387c93dfbb099d979279ffe8ffae4fc444c627c0b00fb51791c05b3c4e5d4ed626794e37f93b9e594f38ca5f613abf665017f27ec3638a9d7d15a87abd3b7594d0d23d4a91f18a2f3cf64b3bb0b7394089e538dcd889794c1df8d660400b026c66952fc77e220eb774f2816b44af6d85d4984a848760b7192488d6036f6298ec92e4d99d1b36c06aaeaedbdaf8a22ef02c618bb180f0c9d9cdff194f0820828aa269df7b1448b939914df40e9586d10e801fc593853b94ebe879a7344c5c6c4b8ecea6c14cfa315d0ef9e1dde65276c96e9787b52cf3cbdc86b2c26825b80e1ff7f8c0e1f83b03ed708cad2f3d2');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (7, 27399, 25863, 'confirmed', '2026-11-23 06:00:01.419634+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd8e40dda76708e698558e04afe0b6689c4ab0c01a4243fd68c3250d7c2791067061a87296f7c3ba4da257b09674faeda8e78dd3bd16666d492c53f6ef552862fbe70ab566683e194f2b4a41c6868a81df6339f54d3ebe71d36c6e1c39222f6e19d5a512e9d08f5073bd2701395bea3ed29ca05abde651824cb8c46fc60eb1d95adcb7d453ddd9ed59d14363d5771f8fe873125abd2badcf5ec0789b98bcdd59598b3c3405a0b22ea3557e0ed22abbd9fba0e22f893a9616a47b7eb526a647d1d9bcd45f8704c786c2cff6af9cd8a4fa3abaa3dea7bf7d50aad57360513f6e00092b29590d281b3f12770fd488c216c571c6dfd50696627c2ad65d9ff9cc5606af87f1c2d1448df223a0f8047201d52b16e8446febc34ba36e739467');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 29707, 27915, 'confirmed', '2026-11-23 06:00:01.503794+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fd3d2cdab3601e97fae3458eaa0cf932481c3e191267612b106618a8be9c4e80085beb6815728e51267263343654874859e44e16bd78586ce8408a64826e64e21d958f31102531ce53d33be488afbd76fb38d3ca391847c0f575ae0bb71db016719a9ea7336572c9f9b322232dc4cab4eb8ef447434e7943ee26f70dbe082b0222fce0b22c2b06bf17669779159710a59174e9270cdfa6fd6424dd55a5203a89449f599e3ed136ae0af80e2ab87f13376a33f3939aa6fd82368749d9277caffa6b6692deea70ad796c660d8755f2b3dfa969291fe381123ed5ea165200e248f83868ac948d696b1a51101562da8521500bc07bee004fbdb27d4b3a141bcb540118442bf757eda5a4cbde40b342fed8d823749a66f49070e2373dcc1b3f7b4777d3263fa1592217f09cc2f9e113f2ef388c92c0e191709dbced2a963cc4cff1c7ddef936af9c907ecae17efe4857c3df18c0f225bb38b74f8cd397f66e7b06bd2d8be43a1736d90b30db202f4cad9e26b1df02d095060');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (8, 31752, 30216, 'confirmed', '2026-11-23 06:00:01.591216+00', '2026-11', '5a4290a628fa4566e40cb49c79bdd93687703cbc2811188d3a4f8774ee4db57a', '\xac0942430d7b25fdc7927e1a0f994154ba52ff4afd324a6ccbdb5aa928d09c4a808676acbe8f1974c9dc221c316e87fd8a1b88545df9949f73cf07c474cb6afa61d09476d860b6f63342ba7e1f5c1f1e12e26d62571382ce60cce300d76b2f583075657043cb98979aea27f8cee32a9d41d61223eaf4f256d5f84dfc4605961b940185de80f5777bdee330435758e539b86bda15df511d3b4c9cd76f4d9c2143f1a31aa8462df97f0721042b8ef760f387d82b581555a3498cfbbee08a55ddbea589c22341680a25f8d1363ba79dddcc57dbda7842d683a20ebe1b9e2f664c833e1cea683e75de3db8b974815b8b9f914e28656a224ef20b07cabfd6d1b88e9ec1d19e178c13f89ab511f18a851d118737b2f612ad4bad9cca');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 25090, 23810, 'requested', '2026-11-23 06:00:01.264119+00', '2026-11', NULL, '\xac0942430d7b25fd0d8ab5d156f4e7cb6bee917d03c60f19590c8f30a44c660cf95238faf5d2138d7c70f6f5544ebcb09ffab5b0d841822ef4f1d92e1cf47df0dc73c3c47c9943d314da69b93389ab4901b8bcef37bad84cb4e56e51c93601b598a9a94b4e041e7f7ae0e4223cba461acf49a7c358d2b1f39906e8e37a0f93aa8314a9903fff243df61a3cc83af9a443c179854d0936958009348fb5b0e6cde18baaee6de7ed14bb0b3a3c2be1cc49aa10a9e2b512f6007a40d2dc3ddfade0bc8cea7c07d187bdd41d4e3a60c0e21b42bc267912205646f57c89e60e5393a41de4e216');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 29451, 27915, 'requested', '2026-11-23 06:00:01.437537+00', '2026-11', NULL, '\xac0942430d7b25fda71779a2e114cd439396543c0a002afdd0f2d15a64f3c5b8fe63caf5ec942baaf0fd57a573ced42f8422129cb2fe68c2706b96607feb5d45317489cffeceede017ef7128eb220ad2bd05bccbb9dcddcaacc4c136b49fc3b501592c823eb234b368d46ef662421313eaf427e32054f434eea6bafc5031e1857c50b84525f0a920c3957b42ee7b801867967ddae9079aa52905b4eb9a52e0bc395bb77852dfc5290fb7ee47a82b2827e082f9c1a7de0a5b0c35e1e0013406d67a84cd20304469418d0e80a68013b3f871b231ddad4106add4df7db667e91fe884a7ce27a13fa8b57e862787813e95a24ea7820da30799');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (7, 27143, 25863, 'requested', '2026-11-23 06:00:01.354168+00', '2026-11', NULL, '\xac0942430d7b25fdb1056dddfb6ddae607262b546c86b9ec70f2535e8338f5992cf6fb95103d184f53f14a4aa72b4178f63c814a87b18d6dcbe975beb83330ee32a41502066bb9b1c02840006815f100d6e4b8f4e47c2c015ae2f4476206a8db8b56c2e1c5985c2e23aee66af10c750f7e83d45492536111f095a5dad61da1672e4a903c2c4f1844a92852a59a02c4d4b5fa7dac9450e277b287b8dbd14cd80a7a3032ece5119529dfe7ccbfe8a12bd10312c2da269d7525efb98b502aff054b4bf03483b01078bf04635311f634ab39de79276702aab4de7199a80e1bf8ae226c5a3c');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (9, 43017, 11017, 'withdrawn', '2026-11-24 08:01:00.03825+00', '2026-11', NULL, '\xac0942430d7b25fd38885ce451fcefdf1c0da05506dc4a2f4f6c7cb09dbea45072b565f0cd7a3b143a296b6bde224f0f4bbe7e6539a4e50c887dcc055b27b7b5aa92a42125d6ab2adc21b6d7f6233edf28d6f88af064d8acc0e09f1caabc35daa4c894784686bda96baeb601cacde771fbef433b87e9c3e6ded9245f384cf4eb1707fb');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (14, 44558, 13326, 'withdrawn', '2026-11-24 08:01:00.093681+00', NULL, NULL, '\xac0942430d7b25fd8fb5edaaac4de2e92cd4fb93b8dd44bc13926340829d7ea61f231788df5f76b95283b1a269b78bc09788059de52303a18049c0459c32935e8662a14af46daf4a');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (1, 46337, 45057, 'requested', '2026-11-24 08:01:00.106881+00', '2026-11', NULL, '\xac0942430d7b25fd340c2baca1c9ef5ebb58fa8129e52a865856cf7f95c21c853c6ebc066b7c4e38d5e05454d3cd11f3f5d53f6b9f088c8f01fdff70a00f5c1a4a88cbe9d0940eece69bc9f35f39c1251c3c464a148185e7752d25c948e440de51111750c11fbd0bc2f347659f45335cf7e77442483afd141db68859b5ee31dced8890b2ec6f21a193a282ad8b367fcfc021bbdc9a72f008437db15060e4056c37bf86407cc0780428af48d829ba764ba6923a3a8d0e538f827f228169c11ca228beb0a4098c9273ff0e246be91195c6cc4a86e5aabd6a4e6eed577c3c2c07');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (2, 50434, 23810, 'withdrawn', '2026-11-24 09:01:00.292826+00', '2026-11', NULL, '\xac0942430d7b25fd450f3abda2e4526df2090d0289d91dc6f3758d49f31fc2c4e06497275a2a1c1c145d9df41c21cc439087efd3fb2acb94e7a7195bfd618b108463e549c59a473dbfa02e0adf4309444f967cd4e549939e1b8605e1bd2b07f226135c5899c18562d9445756702c92');
INSERT INTO public.consent (bucket, id, subscriber_id, kind, at, terms_version, wording_sha256, evidence) VALUES (11, 50699, 27915, 'withdrawn', '2026-11-24 09:01:00.308617+00', '2026-11', NULL, '\xac0942430d7b25fdfab4a5902d8873ffbdbae1421f1dd5e5fab1bebb1e7ceef3fd6b280f654f6ee23900c902310a3eccb94565cbed8dd8c5b374783ef7ae5653c1185449661407d06276f87dac068c46aebe4984db7240dd941bf9f911c3fca0014ff8451f0656e4be018aeafe7a23');
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (14, 17422, 'monthly', 4, 3, 0, NULL, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (3, 515, 'weekly', 1, 5, 3, 1, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (5, 6917, 'immediate', 3, 14, 11, 8, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (9, 11017, 'daily', 2, 5, 3, 2, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (8, 21768, 'immediate', 3, 14, 7, 8, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (14, 13326, 'immediate', 3, 5, 3, 3, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (3, 8963, 'immediate', 3, 5, 3, 3, true);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (2, 23810, 'immediate', 3, 7, 5, 4, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (9, 4617, 'immediate', 3, 7, 5, 4, true);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (7, 15367, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (8, 30216, 'daily', 2, 13, 3, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (10, 19722, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (14, 2574, 'daily', 2, 13, 5, 6, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (7, 25863, 'immediate', 3, 13, 11, 7, false);
INSERT INTO public.cursor (bucket, subscriber_id, frequency, slot_id, seq, prior_seq, run_id, behind) VALUES (11, 27915, 'immediate', 3, 13, 11, 7, false);
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
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 1283, 515, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.193589+00', '2026-11-23 06:00:00.193589+00', '6b03d6602625825e9be0d435f8c61433', 1, NULL, NULL, '2026-11-23 06:00:00.22606+00', '2026-11-23 06:00:00.274926+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 3342, 2574, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.341962+00', '2026-11-23 06:00:00.341962+00', '6b03d660cec0bf2d4ef522b1a487f3a6', 1, NULL, NULL, '2026-11-23 06:00:00.36091+00', '2026-11-23 06:00:00.388245+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (9, 5385, 4617, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.439188+00', '2026-11-23 06:00:00.439188+00', '6b03d6602920a8c8ef7adecfecf1a0f4', 1, NULL, NULL, '2026-11-23 06:00:00.461619+00', '2026-11-23 06:00:00.489363+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (5, 7685, 6917, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.536485+00', '2026-11-23 06:00:00.536485+00', '6b03d66042473cccfc3773561217d47c', 1, NULL, NULL, '2026-11-23 06:00:00.559226+00', '2026-11-23 06:00:00.593425+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 9731, 8963, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.637322+00', '2026-11-23 06:00:00.637322+00', '6b03d6604b483d5c3fc2d58822592ec2', 1, NULL, NULL, '2026-11-23 06:00:00.654572+00', '2026-11-23 06:00:00.681875+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (9, 11785, 11017, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.723736+00', '2026-11-23 06:00:00.723736+00', '6b03d6603d34881c91d1aea14a6aed9e', 1, NULL, NULL, '2026-11-23 06:00:00.743985+00', '2026-11-23 06:00:00.772274+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 14094, 13326, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.818234+00', '2026-11-23 06:00:00.818234+00', '6b03d660555b717e5dd4973e055bc239', 1, NULL, NULL, '2026-11-23 06:00:00.837263+00', '2026-11-23 06:00:00.86664+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 16135, 15367, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.908695+00', '2026-11-23 06:00:00.908695+00', '6b03d6609a9d196539baad407c8079f4', 1, NULL, NULL, '2026-11-23 06:00:00.926178+00', '2026-11-23 06:00:00.953614+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 18190, 17422, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:00.994112+00', '2026-11-23 06:00:00.994112+00', '6b03d660f2fcc2d5d58519294f960c8f', 1, NULL, NULL, '2026-11-23 06:00:01.012548+00', '2026-11-23 06:00:01.041546+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (10, 20490, 19722, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.088017+00', '2026-11-23 06:00:01.088017+00', '6b03d661040ecda5968110657f506bbf', 1, NULL, NULL, '2026-11-23 06:00:01.109114+00', '2026-11-23 06:00:01.137776+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (8, 22536, 21768, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.187611+00', '2026-11-23 06:00:01.187611+00', '6b03d6616961346e4715e95d9c4bf58c', 1, NULL, NULL, '2026-11-23 06:00:01.205021+00', '2026-11-23 06:00:01.229422+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 24578, 23810, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.270255+00', '2026-11-23 06:00:01.270255+00', '6b03d66110127bf76338d2e865d9d4c9', 1, NULL, NULL, '2026-11-23 06:00:01.290005+00', '2026-11-23 06:00:01.32015+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 26631, 25863, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.360375+00', '2026-11-23 06:00:01.360375+00', '6b03d661d7d034a67e0240463cb37c8e', 1, NULL, NULL, '2026-11-23 06:00:01.37739+00', '2026-11-23 06:00:01.404531+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 28683, 27915, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.443598+00', '2026-11-23 06:00:01.443598+00', '6b03d6613c3700c5799d5867a4332c88', 1, NULL, NULL, '2026-11-23 06:00:01.461618+00', '2026-11-23 06:00:01.488606+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (8, 30984, 30216, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-23 06:00:01.529652+00', '2026-11-23 06:00:01.529652+00', '6b03d661151d68b85e328a6b46f57f53', 1, NULL, NULL, '2026-11-23 06:00:01.548022+00', '2026-11-23 06:00:01.575519+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 37390, 2574, 'digest', 37134, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.098166+00', '2026-11-23 10:00:00.098166+00', '6b040ea07977a30134c5c6dec266507b', 1, NULL, NULL, '2026-11-23 10:00:00.198886+00', '2026-11-23 10:00:00.260349+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 42766, 13326, 'digest', 42510, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.14135+00', '2026-11-23 10:00:00.14135+00', '6b040ea00c0295394c27b7d2f2ad0314', 1, NULL, NULL, '2026-11-23 10:00:00.198886+00', '2026-11-23 10:00:00.260349+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 34307, 515, 'digest', 34051, 1, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.059703+00', '2026-11-23 10:00:00.059703+00', '6b040ea0c4c71687e08362b4f838ddbe', 1, NULL, NULL, '2026-11-23 10:00:00.199057+00', '2026-11-23 10:00:00.264721+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (3, 38915, 8963, 'digest', 38403, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.14135+00', '2026-11-23 10:00:00.14135+00', '6b040ea077744cfe0131c4ec2a02a1b7', 1, NULL, NULL, '2026-11-23 10:00:00.199057+00', '2026-11-23 10:00:00.264721+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 41995, 27915, 'digest', 41739, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.14135+00', '2026-11-23 10:00:00.14135+00', '6b040ea0ebe0b738ca2cd5760a056bc4', 1, NULL, NULL, '2026-11-23 10:00:00.1992+00', '2026-11-23 10:00:00.267704+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (8, 40456, 21768, 'digest', 40200, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.14135+00', '2026-11-23 10:00:00.14135+00', '6b040ea0323a2b9110ec3890e43bd554', 1, NULL, NULL, '2026-11-23 10:00:00.266097+00', '2026-11-23 10:00:00.300657+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (10, 36618, 19722, 'digest', 36362, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.098166+00', '2026-11-23 10:00:00.098166+00', '6b040ea0141ec3a7581fc129df08f0f0', 1, NULL, NULL, '2026-11-23 10:00:00.27135+00', '2026-11-23 10:00:00.30776+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (9, 41225, 4617, 'digest', 40969, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.14135+00', '2026-11-23 10:00:00.14135+00', '6b040ea0939a16e94f52982d17addb80', 1, NULL, NULL, '2026-11-23 10:00:00.27525+00', '2026-11-23 10:00:00.322329+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (9, 35849, 11017, 'digest', 35337, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.098166+00', '2026-11-23 10:00:00.098166+00', '6b040ea0e6effc795caeb16f7185dc80', 1, NULL, NULL, '2026-11-23 10:00:00.27525+00', '2026-11-23 10:00:00.322329+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 35591, 15367, 'digest', 35079, 2, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.098166+00', '2026-11-23 10:00:00.098166+00', '6b040ea0e9eefddf682809781120543e', 1, NULL, NULL, '2026-11-23 10:00:00.310108+00', '2026-11-23 10:00:00.353744+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (5, 39685, 6917, 'digest', 39429, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.14135+00', '2026-11-23 10:00:00.14135+00', '6b040ea0e8eddc132a8957e66aaaa3be', 1, NULL, NULL, '2026-11-23 10:00:00.31497+00', '2026-11-23 10:00:00.355919+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 38658, 23810, 'digest', 38146, 3, NULL, NULL, 'sent', 10, '2026-11-23 10:00:00.14135+00', '2026-11-23 10:00:00.14135+00', '6b040ea0eceed439a40c06045d894937', 1, NULL, NULL, '2026-11-23 10:00:00.337783+00', '2026-11-23 10:00:00.371159+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 44295, 15367, 'address_change', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-24 08:01:00.078878+00', '2026-11-24 08:01:00.078878+00', '6b05443cfef91888574dd43cdef00ea8', 1, NULL, NULL, '2026-11-24 08:01:00.13374+00', '2026-11-24 08:01:00.166564+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (1, 45825, 45057, 'confirmation', NULL, NULL, NULL, NULL, 'sent', 0, '2026-11-24 08:01:00.114094+00', '2026-11-24 08:01:00.114094+00', '6b05443c16176611afe3d01d189c49cd', 1, NULL, NULL, '2026-11-24 08:01:00.133913+00', '2026-11-24 08:01:00.17696+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (2, 47874, 23810, 'digest', 47362, 4, NULL, NULL, 'cancelled', 10, '2026-11-24 09:01:00.242416+00', '2026-11-24 09:01:00.242416+00', '6b05524c3634fd413ac11aa30f2412b1', 0, NULL, NULL, NULL, '2026-11-24 09:01:00.292826+00', 'unsubscribed', NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 50187, 27915, 'digest', 49931, 4, NULL, NULL, 'empty', 10, '2026-11-24 09:01:00.242416+00', '2026-11-24 09:01:00.242416+00', '6b05524c4a4153dfa18840ed2a560f0a', 1, NULL, NULL, '2026-11-24 09:01:00.331061+00', '2026-11-24 09:01:00.331061+00', 'nothing_to_tell', NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (8, 49160, 21768, 'digest', 48648, 4, NULL, NULL, 'queued', 10, '2026-11-24 09:32:13.355295+00', '2026-11-24 09:01:00.242416+00', '6b05524cfcf4a93531e31c8f60f73777', 1, NULL, NULL, '2026-11-24 09:01:00.331277+00', NULL, 'retry', '452 4.2.2 mailbox full', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (9, 49417, 4617, 'digest', 48905, 4, NULL, NULL, 'bounced', 10, '2026-11-24 09:01:00.242416+00', '2026-11-24 09:01:00.242416+00', '6b05524c9990bf69ad2ab9935f86a1c3', 1, NULL, NULL, '2026-11-24 09:01:00.331415+00', '2026-11-24 09:01:00.38352+00', 'hard_bounce', '550 5.1.1 no such user', '[{"at": "2026-11-24T09:01:00.383520+00:00", "code": 550, "kind": "hard_bounce", "status": "5.1.1"}]');
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (5, 47621, 6917, 'digest', 47109, 4, NULL, NULL, 'failed', 10, '2026-11-24 09:01:00.242416+00', '2026-11-24 09:01:00.242416+00', '6b05524cf7f2157cb4ea451ab237a18d', 1, NULL, NULL, '2026-11-24 09:01:00.368479+00', '2026-11-24 09:01:00.407577+00', 'policy', '550 5.7.1 refused by policy', '[{"at": "2026-11-24T09:01:00.407577+00:00", "code": 550, "kind": "policy", "status": "5.7.1"}]');
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 53003, 27915, 'digest', 52747, 5, NULL, NULL, 'sent', 10, '2026-11-24 09:01:00.491417+00', '2026-11-24 09:01:00.491417+00', '6b05524c1b10eeef9f0df6dc552614e8', 1, NULL, NULL, '2026-11-24 09:01:00.555495+00', '2026-11-24 09:01:00.596+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 51719, 25863, 'digest', 51207, 5, NULL, NULL, 'sent', 10, '2026-11-24 09:01:00.491417+00', '2026-11-24 09:01:00.491417+00', '6b05524cafa8ee2d679fa0ef8b95f194', 1, NULL, NULL, '2026-11-24 09:01:00.555668+00', '2026-11-24 09:01:00.608902+00', 'sent', '250 2.0.0 queued as 4ZkTest', NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 54279, 15367, 'digest', 53767, 6, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.030458+00', '2026-11-25 08:01:00.030458+00', '6b0695bcfcfb01a9a259f73efb7f5060', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (5, 52229, 6917, 'digest', 51973, 5, NULL, NULL, 'queued', 10, '2026-11-24 09:02:00.405436+00', '2026-11-24 09:01:00.491417+00', '6b05524c8f8a593bef57b243eea1178f', 0, NULL, NULL, '2026-11-24 09:01:00.555798+00', NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (8, 54536, 30216, 'digest', 54024, 6, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.030458+00', '2026-11-25 08:01:00.030458+00', '6b0695bc787013375b4ab797677d46db', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (7, 57351, 25863, 'digest', 56839, 7, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.086058+00', '2026-11-25 08:01:00.086058+00', '6b0695bc292ef8782a6ebf36c7bd950f', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (14, 56078, 2574, 'digest', 55822, 6, NULL, NULL, 'claimed', 10, '2026-11-25 08:01:00.030458+00', '2026-11-25 08:01:00.030458+00', '6b0695bcfdf307993505207bbecf01d3', 1, '0e1aa85f685da899fe', '2026-11-25 08:02:00.221933+00', '2026-11-25 08:01:00.221933+00', NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (10, 55306, 19722, 'digest', 55050, 6, NULL, NULL, 'claimed', 10, '2026-11-25 08:01:00.030458+00', '2026-11-25 08:01:00.030458+00', '6b0695bc979debc0a8f0d9b70f68c69e', 1, '0a8154f5aab7f3bfda', '2026-11-25 08:02:00.227693+00', '2026-11-25 08:01:00.227693+00', NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (11, 57611, 27915, 'digest', 57099, 7, NULL, NULL, 'queued', 10, '2026-11-25 08:01:00.086058+00', '2026-11-25 08:01:00.086058+00', '6b0695bc3a3131e5c492030a1ab7a63c', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (5, 58373, 6917, 'digest', 58117, 8, NULL, NULL, 'held', 10, '2026-11-25 08:01:00.133761+00', '2026-11-25 08:01:00.133761+00', '6b0695bc0d08664a06e86c436eb7c409', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.delivery (bucket, id, subscriber_id, kind, digest_id, run_id, context, passes_suppression, state, priority, due_at, created_at, message_key, attempts, claim, lease_until, first_attempt_at, finished_at, outcome, server_reply, history) VALUES (8, 59144, 21768, 'digest', 58888, 8, NULL, NULL, 'held', 10, '2026-11-25 08:01:00.133761+00', '2026-11-25 08:01:00.133761+00', '6b0695bc9b93c67a1bc661d20515c8ee', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 37134, 2574, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 42510, 13326, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (3, 34051, 515, 1, 'weekly', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (3, 38403, 8963, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 41739, 27915, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (8, 40200, 21768, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (10, 36362, 19722, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (9, 35337, 11017, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (9, 40969, 4617, 3, 'immediate', 3, 5, '2:3,3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (7, 35079, 15367, 2, 'daily', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (5, 39429, 6917, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (2, 38146, 23810, 3, 'immediate', 3, 5, '3:3', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (2, 47362, 23810, 4, 'immediate', 5, 7, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 49931, 27915, 4, 'immediate', 5, 7, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (8, 48648, 21768, 4, 'immediate', 5, 7, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (7, 51207, 25863, 5, 'immediate', 3, 11, '4:3', '{"topics": ["trial:NCT00000002"], "trials": ["NCT00000002"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (7, 53767, 15367, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (9, 48905, 4617, 4, 'immediate', 5, 7, '2:5,3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', true, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (5, 47109, 6917, 4, 'immediate', 5, 7, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', true, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 52747, 27915, 5, 'immediate', 7, 11, '4:7', '{"topics": ["trial:NCT00000002"], "trials": ["NCT00000002"]}', false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (5, 51973, 6917, 5, 'immediate', 5, 11, '3:5', '{"topics": ["trial:NCT04787263"], "trials": ["NCT04787263"]}', false, true);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (8, 54024, 30216, 6, 'daily', 3, 13, '5:3', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (10, 55050, 19722, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (14, 55822, 2574, 6, 'daily', 5, 13, '3:5', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (7, 56839, 25863, 7, 'immediate', 11, 13, '4:11', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (11, 57099, 27915, 7, 'immediate', 11, 13, '4:11', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (5, 58117, 6917, 8, 'immediate', 11, 14, '3:11', NULL, false, false);
INSERT INTO public.digest (bucket, id, subscriber_id, run_id, frequency, from_seq, to_seq, topics, told, taken_back, catches_up) VALUES (8, 58888, 21768, 8, 'immediate', 7, 14, '3:7', NULL, false, false);
INSERT INTO public.ended_session (id, ends_at) VALUES ('\x1b6cde49e3a4941bf280c3e64de542e4127fa68e272481a66eaa1e157f8bae2e', '2026-11-25 09:01:00+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (1, 'https://ingest.example.org', '1ae9628a43d3c9bd', 'condition.upserted', 'MONDO:0005059', NULL, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.021782+00', '{"specversion": "1.0", "id": "1ae9628a43d3c9bd", "source": "https://ingest.example.org", "type": "condition.upserted", "subject": "MONDO:0005059", "time": "2026-07-01T08:00:00Z", "data": {"id": "MONDO:0005059", "name": "leukemia", "parents": [], "synonyms": ["leukaemia"], "xrefs": ["DOID:1240"]}}', 'processed', NULL, '2026-11-23 06:00:00.029556+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (2, 'https://ingest.example.org', 'b8aee3ea9ffa584f', 'condition.upserted', 'MONDO:0004967', NULL, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.021782+00', '{"specversion": "1.0", "id": "b8aee3ea9ffa584f", "source": "https://ingest.example.org", "type": "condition.upserted", "subject": "MONDO:0004967", "time": "2026-07-01T08:00:00Z", "data": {"id": "MONDO:0004967", "name": "acute lymphoblastic leukemia", "parents": ["MONDO:0005059"]}}', 'processed', NULL, '2026-11-23 06:00:00.029556+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (3, 'https://ingest.example.org', 'ac7a262017fe432a', 'trial.upserted', 'NCT04787263', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.097516+00', '{"specversion": "1.0", "id": "ac7a262017fe432a", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 1, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:00.101895+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (4, 'https://ingest.example.org', '8262ad5fedeb6cf1', 'trial.upserted', 'NCT00000002', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.13184+00', '{"specversion": "1.0", "id": "8262ad5fedeb6cf1", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 1, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:00.136025+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (5, 'https://ingest.example.org', 'ffe2a1c0d8438ca0', 'trial.upserted', 'NCT00000003', 1, '2026-07-01 08:00:00+00', '2026-11-23 06:00:00.155887+00', '{"specversion": "1.0", "id": "ffe2a1c0d8438ca0", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000003", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000003", "revision": 1, "url": "https://www.example.org/trials/NCT00000003", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 06:00:00.160179+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (6, 'https://ingestor.example.org', 'e900', 'trial.upserted', 'NCT04787263', 900, NULL, '2026-11-23 05:55:01.692782+00', '{"id": "e900"}', 'dead', 'unreadable', NULL);
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (7, 'https://ingest.example.org', '89fdda6e0b8c9ad3', 'trial.upserted', 'NCT04787263', 2, '2026-07-01 08:00:00+00', '2026-11-23 10:00:00.000533+00', '{"specversion": "1.0", "id": "89fdda6e0b8c9ad3", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 2, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-23 10:00:00.008592+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (8, 'https://ingest.example.org', 'b30f2075d2f1f49f', 'trial.upserted', 'NCT04787263', 3, '2026-07-01 08:00:00+00', '2026-11-24 09:01:00.18783+00', '{"specversion": "1.0", "id": "b30f2075d2f1f49f", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 3, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "ACTIVE_NOT_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:00.19609+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (9, 'https://ingest.example.org', '501dce1f37665286', 'trial.removed', 'NCT00000003', 2, '2026-07-01 08:00:00+00', '2026-11-24 09:01:00.421588+00', '{"specversion": "1.0", "id": "501dce1f37665286", "source": "https://ingest.example.org", "type": "trial.removed", "subject": "NCT00000003", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000003", "revision": 2, "explanation": "withdrawn"}}', 'processed', NULL, '2026-11-24 09:01:00.425738+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (10, 'https://ingest.example.org', '85e43dd51ae63faf', 'trial.upserted', 'NCT00000002', 2, '2026-07-01 08:00:00+00', '2026-11-24 09:01:00.455273+00', '{"specversion": "1.0", "id": "85e43dd51ae63faf", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 2, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:00.459233+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (11, 'https://ingest.example.org', 'b12672d78d9a5d3e', 'trial.upserted', 'NCT00000002', 3, '2026-07-01 08:00:00+00', '2026-11-24 09:01:00.531719+00', '{"specversion": "1.0", "id": "b12672d78d9a5d3e", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT00000002", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT00000002", "revision": 3, "url": "https://www.example.org/trials/NCT00000002", "title": "Engineered immune cells", "status": "NOT_YET_RECRUITING", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-24 09:01:00.535376+00');
INSERT INTO public.event (id, source, event_id, type, subject, revision, observed_at, received_at, body, state, reason, processed_at) VALUES (12, 'https://ingest.example.org', '05f006cac9fa44f7', 'trial.upserted', 'NCT04787263', 4, '2026-07-01 08:00:00+00', '2026-11-25 08:01:00.110041+00', '{"specversion": "1.0", "id": "05f006cac9fa44f7", "source": "https://ingest.example.org", "type": "trial.upserted", "subject": "NCT04787263", "time": "2026-07-01T08:00:00Z", "data": {"nct_id": "NCT04787263", "revision": 4, "url": "https://www.example.org/trials/NCT04787263", "title": "Engineered immune cells", "status": "SUSPENDED", "conditions": [{"id": "MONDO:0005059", "name": "leukemia"}], "registry_first_posted": "2026-06-01"}}', 'processed', NULL, '2026-11-25 08:01:00.118273+00');
INSERT INTO public.liveness (id, at, database_id) VALUES (1, '2026-11-25 08:01:00.233038+00', 'postgresql:17023');
INSERT INTO public.log_head (id, seq) VALUES (1, 14);
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (6, 774, '\x467009d971ce24772da7a45f8cd0bd8d20b4b94f9399885d87ab75b73ac9ee06', '2026-11-23 06:00:00.193589+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (12, 1036, '\x8ca3a4f9de60c8cf9c2cc43684477f8869f7c804aaf1f284609803a958eb4fbd', '2026-11-23 06:00:00.229589+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (12, 2828, '\x6c989fe4e22949bbd800b0610e6622b588eda146f9109aad25aa553a44fd1746', '2026-11-23 06:00:00.341962+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (9, 3081, '\xa9c51b9dc7415858849722dcffb9eee1b3315b5db9d12512c1aff377b59e8a44', '2026-11-23 06:00:00.377962+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (11, 4875, '\x4b3e4ec0c20ae2f58640f9871cc9c39be0f0a475c7f6b60fd3dcdd82b1506bc5', '2026-11-23 06:00:00.439188+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (5, 5125, '\xd525232252ca9938268c7fe3e9e9f144c24a0953dac29b31a5a431b71b4f1ca8', '2026-11-23 06:00:00.475188+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 7182, '\xee02de611ff4716fb1778a17589de4c6569a6f1f260f28232ec1e18274981e8c', '2026-11-23 06:00:00.536485+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (11, 7435, '\x7b79bbeb284cdd9c2ff853db2d4255b413511a61f35ed8c881dcaedcd0715c7c', '2026-11-23 06:00:00.572485+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (4, 9220, '\x14d4e1ad82c13abc2b0d51fc67dc05c159e2267318f5461c659238dbfe05c810', '2026-11-23 06:00:00.637322+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (11, 9483, '\xdb595f021d0b930686c8fcbda2f4cb893250875e28bccbe9f4b9a0e95b9e5506', '2026-11-23 06:00:00.673322+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (10, 11274, '\xaad10f84de2bf859a4256dc543bbb25df48e7f4770a44e17eda474adfa0c5575', '2026-11-23 06:00:00.723736+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (1, 11521, '\x1103169d54cdb4aab242e64478893481a46ad2e56a2fd1f2e95730029248cd6a', '2026-11-23 06:00:00.759736+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (15, 13583, '\xdfecf6ac95eb0f3b1432ba874770bb0b6c4fc25e304993ebc98210e08315f979', '2026-11-23 06:00:00.818234+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (4, 13828, '\x74f58e33ac1a2f528716d5d03763b8893f67d52db3b6de491b82b44ebfc8458c', '2026-11-23 06:00:00.854234+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (1, 15617, '\xf103de35a95f34c7ac12d5d7780b38f635670d09def562fa6a5c6a4509658f84', '2026-11-23 06:00:00.908695+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (7, 15879, '\xd7cd83f6598a9135f087c1a26f3d4e9a8ed438cd156749b2b0df7439ac1b23be', '2026-11-23 06:00:00.944695+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (1, 17665, '\xb1c4096b8cb265fe0aad45e7143f35a2c9c54cdae30533b3b0de923ed15f7fe2', '2026-11-23 06:00:00.994112+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (9, 17929, '\x69f87f3208a1dfe8282761497ecfb6972c40bdb0695a38e4d72f062a724bf58a', '2026-11-23 06:00:01.030112+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (8, 19976, '\xd861bacf01a146f09006dd13744a0cc6e3fd7bdd704655dd475a8c983319d72b', '2026-11-23 06:00:01.088017+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (15, 20239, '\xdf4120035242a04a2301d0031f214d4193a66638f6bea7840810ab47f7568a11', '2026-11-23 06:00:01.124017+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (13, 22029, '\xad011dbcc12bab114c492762886901bc221c15e356ba7df4171f36f02fb45f52', '2026-11-23 06:00:01.187611+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (10, 22282, '\x6ad42a57ac7c8f3e30eb7ed6a4ae62053344caa78b48e22ddd003e4e5a87c125', '2026-11-23 06:00:01.223611+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (3, 24067, '\x63f489668d7bdc2f9043694d28a131b0b64468d492361aa81172d3e7bf0ab829', '2026-11-23 06:00:01.270255+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (6, 24326, '\x16230cfc1dc2b25ba4501b4bb5656dc9b142530e96e119214e774e7a83f2421f', '2026-11-23 06:00:01.306255+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (7, 26119, '\xd776662f4e248ecda777f262de0ba603ca2965101ecf0e12e76d49a13e4db178', '2026-11-23 06:00:01.360375+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (8, 26376, '\x1884248974076083a8201c64e74ec566debf2c5527932e970843b3f9bdff967e', '2026-11-23 06:00:01.396375+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (0, 28160, '\x0018016843e5bfe99cafda9e62c69502c9ef8871735a6fd4f559fec888b757f6', '2026-11-23 06:00:01.443598+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (4, 28420, '\x54e358116948b35832c133440a54a4834ea2bf2c347924a3d7d81795a0779b9e', '2026-11-23 06:00:01.479598+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (8, 30472, '\xd89f075380f861fa2bc58aff7db5a56bea03052f00dfe58aa235f94d7c594433', '2026-11-23 06:00:01.529652+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (4, 30724, '\xb4c2ff187b775d2d00e6b126c69c9d18fefc6020e3568aafa291de5a681e1148', '2026-11-23 06:00:01.565652+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 32526, '\x0e36e3ed2c9fda8f39031ae43b071ca97bb4296c6653930c98eb78e586172c19', '2026-11-23 06:00:01.617463+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (6, 32774, '\x76fd3a1e621a633d4a942033c0c2c0d04b6f2888bcae08b7eb3bfdd7774b5734', '2026-11-23 06:00:01.653463+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (14, 43790, '\xae16d0219dd060837ba4a454e5d5a5237d8b264c1708484ab319177ffcac9b4e', '2026-11-24 08:01:00.078878+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (3, 44035, '\xd3e72376625db5e4766610443675af011bb2b7ace00dca51f442f39dda00413f', '2026-11-24 08:01:00.114878+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (9, 45321, '\x493130bfbf0475c03b77999a6c68406a623845939224c52b067c3e378e85de67', '2026-11-24 08:01:00.114094+00');
INSERT INTO public.mail_quota (bucket, id, mailbox, at) VALUES (2, 45570, '\xd208cace055188246e0d75468659849cb4b98adcffcce0c92efc7733707ccef3', '2026-11-24 08:01:00.150094+00');
INSERT INTO public.request (bucket, id, kind, sealed, received_at) VALUES (10, 59658, 'subscribe', '\xf2c3146aa2f4a276e6ebc1c76781a3fb6d78b5d8890763251789e160f988f33f88c5b2595e923b9429cd74cf0ea79134f91515213404bdd0289dae676fc053f82e2d021c353bdaa49426b9683949043cfec624be35cc0e2014f8b627f2a4c42f005d0f90e1d0a75e3a672c0eafcfe6bc8a85d32b9f3f1d1a412581a4c8ecdee2a44f1bb95b680bf979fccef05d65795b21516d34cc901aadb2f03a6ace60830faa7e57ce37e1a4fde2b0d40231b9ea19472e49b7053576a449e1053a74693e7ff637300c241224934cf12990b67136f92eeba0071b75c8438210d2d7c737149d3864de30186a8ba11acc7a42f4ac47ba9f8535e5b5e73156fc63d4649402bf014ef350dd90a32342477043f4cd901093e69802b1337695ca6337ce37397c073f57862246e7', '2026-11-25 08:01:00.325344+00');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (7, 3, 'immediate', '2026-11-25 08:01:00+00', '2026-11-25 08:01:00.081608+00', 11, 13, 'queued', 2, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (1, 1, 'weekly', '2026-11-23 07:00:00+00', '2026-11-23 10:00:00.05539+00', 3, 5, 'queued', 1, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (8, NULL, 'immediate', '2026-11-25 08:01:00.133761+00', '2026-11-25 08:01:00.133761+00', 0, 14, 'held', 2, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (2, 2, 'daily', '2026-11-23 08:00:00+00', '2026-11-23 10:00:00.095507+00', 3, 5, 'queued', 4, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (3, 3, 'immediate', '2026-11-23 10:00:00.031198+00', '2026-11-23 10:00:00.138569+00', 3, 5, 'queued', 7, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (4, 3, 'immediate', '2026-11-24 09:01:00.211459+00', '2026-11-24 09:01:00.2387+00', 5, 7, 'queued', 5, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (5, 3, 'immediate', '2026-11-24 09:01:00.474608+00', '2026-11-24 09:01:00.488944+00', 7, 11, 'queued', 3, NULL, 0, NULL, '[]');
INSERT INTO public.run (id, slot_id, frequency, due_at, planned_at, period_start_seq, to_seq, state, digests, news, most_news, held_because, buckets_left) VALUES (6, 2, 'daily', '2026-11-25 08:00:00+00', '2026-11-25 08:01:00.026333+00', 5, 13, 'queued', 4, NULL, 0, NULL, '[]');
INSERT INTO public.send_receipt (bucket, claim, number, ids, at) VALUES (10, '0a8154f5aab7f3bfda', 1, '55306', '2026-11-25 08:01:00.227693+00');
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-23 06:00:00+00', 16);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-23 10:00:00+00', 12);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-24 08:00:00+00', 2);
INSERT INTO public.sent_count (since, mails) VALUES ('1970-01-01 00:00:00+00', 0);
INSERT INTO public.sent_count (since, mails) VALUES ('2026-11-24 09:00:00+00', 5);
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (4, 'monthly', 'Europe/Berlin', 8, 0, 3, '2026-12-01 07:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (1, 'weekly', 'Europe/Rome', 8, 0, 5, '2026-11-30 07:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (2, 'daily', 'UTC', 8, 0, 13, '2026-11-26 08:00:00+00');
INSERT INTO public.slot (id, frequency, zone, hour, weekday, low_water_seq, due_at) VALUES (3, 'immediate', 'UTC', 0, 0, 13, '2026-11-25 08:01:00+00');
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (3, 515, '\xbcbfdc1940fe9293c1e152f2cb1abc34', '\x83002bdaaba9c6cfb2eacb902476668736c4b866970c8e610876f0ee754b6939', '\xe07fdea422ddee2a424469e6ecc2d3e7175c7ce2ffa51c2e690831ab91e3dc8dd6bd4c0849667b7c167559211f4fe6dc45d768bc01bb1315a41a498cc572bbe3e0586f3559', -2269850890630468054, 'en', 'Europe/Rome', 8, 0, true, NULL, '2026-11-23 06:00:00.193589+00', '2026-11-23 06:00:00.296571+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (14, 2574, '\x7b75b732af628c4fa235a3d1e96670ae', '\xbe8b7b8a740bd5f84e65bc6771bef84a9657986df526b6df21c0c62c19b612d1', '\xe07fdea422ddee2a2fc8fccb66fbface17db0d9d5f2b5f5befadde8f727ba271f3870a24fbc5fc5037da9b61dfc38d38f7069c09a90aeb556c4672c55eda77f9749b19', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.341962+00', '2026-11-23 06:00:00.403742+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (9, 4617, '\xcdc41dcd5e844fa99891148c0b63a071', '\x191f4275e15ee9c251adce10179acd2b668920016544a96dfd8a02e16623155d', '\xe07fdea422ddee2a5710d9f1d47855ea70768c5db899a5ed7585e04a9562a0fc2a5f1eca9e498a50753288710d93c2a524d043487fcfe4e83be984c0ea2071250dbed628453089', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.439188+00', '2026-11-23 06:00:00.505215+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (5, 6917, '\x8782f7796c60269c9898731d08af23c7', '\x059cd759133283461d09dfeadce5dad1108da6c192fc67e40d3a4bbb49fb4cbc', '\xe07fdea422ddee2a4d6dca746c84d5b8375ba6ca8b646caf967a4a8dcc65521a8240a236161f6fc2a5195ac19ba8362c4719b7d59d5659b2fd35845e0ff4cf32b2580d84b6', -2269850890630468054, 'de', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.536485+00', '2026-11-23 06:00:00.609847+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (9, 11017, '\xd6dfd850ca526b0fef86ea8b1b0f4ee3', '\xd95b565ddff8fa772e52e3bae4fce7b8d0127353156a015d84e66d62912a0b35', '\xe07fdea422ddee2a9b3110d3dc3a28231d8b808181bdea6116842fd9db83a595437f8e4e532218ddac7b0b62573a3cdc7589c38ec8df9a80e4095bd9c985f8ee4babfe3eb51625', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.723736+00', '2026-11-23 06:00:00.787949+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (14, 13326, '\x434de50e9e6b048c620265caa20def9c', '\x1ee7795f82e6e54aa3b1baad2a4a899f6e6d20daa96fbfde797b85319d749a4b', '\xe07fdea422ddee2ac7c5c6f71c4e59e40001c6e080d238531cf4650fc534a3cc32c1b716dcf74838bc2a4165449e589d9cfbb8095a0bb2901ab658678fc77ae6398ed3d731a5db', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.818234+00', '2026-11-23 06:00:00.8828+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (7, 15367, '\xcdca8fc8355a32b0256a14be68bebd4d', '\xc755148197f0760a52a04ad4f9bc7a961ab50af28936d0492a5cec50b48237c5', '\xe07fdea422ddee2a663db9eb62e6731898e54fc0cd65bc13d10a4071e87afcbc10704ed6b47f0f6fa0237a089e44eee1e8ddd5f0d4b71680e3e227c2ded042fdc5c681', -2269850890630468054, 'fr', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:00.908695+00', '2026-11-23 06:00:00.968994+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (14, 17422, '\x0f0152eee2edce110eecf795aa950cf9', '\xde0aa41b5743fd97c5235d296b893450c559e494072e04f2e6564762a845616c', '\xe07fdea422ddee2a904eff4bbe6e8a7c73a388791bd4fe4a917840d0cf8c48a962b2d3203cdd568e81b7bb47c9e71cfb512a00455f1ef08a9117d1e59c330829aa84603dce5f5b', -2269850890630468054, 'de', 'Europe/Berlin', 8, 0, true, NULL, '2026-11-23 06:00:00.994112+00', '2026-11-23 06:00:01.056765+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (10, 19722, '\xc1cba9d8dc264dbb692242b815090024', '\x8a12705c4ea8e0a7adb8d5867ed8cacafa59148f213acee8af724456e45ac179', '\xe07fdea422ddee2a8138b7dd675600b81cb06b2be7dc5aed350c83a603aa45d0163a329b7004b284e810ba80548c40635f0a18aa97041d8c9ff1ba8ff68395dfc1f38b', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.088017+00', '2026-11-23 06:00:01.154478+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (8, 21768, '\xd5dd7dc9f0c2c200ab8a86de444eb296', '\xc8298fc891ef222fcfe9640ad2d038d6b7914ea978483a606e928fd3a2c74184', '\xe07fdea422ddee2a964d3426490f7d70c5f748c9d319d84635f98657cf3aaea33f9816e51cf0a9edff6f00e2b65f298000e504ae662d96cec3a2c6843be39dac8f18f1ef16', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.187611+00', '2026-11-23 06:00:01.244428+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (2, 23810, '\xfaf810be7ebc41799f0d3207c1e8a192', '\xa2a8a371cf81e0d7a9c746d334d910681b021a54dbd172e4b39c3518121b1176', '\xe07fdea422ddee2a7418275f99e7bd286bd00291ebe66b891189f6163c98c2446cc8155b8ef3faed3db617fbe4d66bea6845a9dfe671b574ec49e294c0910d9ef08104fa63', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.270255+00', '2026-11-23 06:00:01.336021+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (7, 25863, '\xc0c735f973f415739cf2ee2d17a1e5f9', '\x5747fcdab393700ee105ab3b810bfa2af72a0e6456d7e72da819f08cec6cdecb', '\xe07fdea422ddee2a9aaf756036bac15bdfa3df86f1386d4307dd06c40670d983c2c0db29ed166b1d1c12f106645c5235eb14438bd943d17e15956a9a2a3d997f0aa924', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.360375+00', '2026-11-23 06:00:01.419634+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (11, 27915, '\x5b50996cbba763d7024aaab541337142', '\xebfd047842e37993c6be56c084d13dee7c50e5f19de9756d2a44388041ad4a85', '\xe07fdea422ddee2a62771ae4363143797828c32fbf05e42eb998ffd08cdc785b22926fb5f6006050c1b8c7ac7db5dffbf94fb7dbb1fb107c36201d0aa3b664673d8bfe91e1', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.443598+00', '2026-11-23 06:00:01.503794+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (8, 30216, '\xfff7940a757dc12efba9d7d9ee4bbf3e', '\x28278e180d2bcc7172ac936cec6b9c1b7a71d95a33d0035af424d3a247466228', '\xe07fdea422ddee2a7894233dacbd40d04776f752737b02c2122ecea988868f40e17c92f5d7e6f9c45d1129e8f971118a424bd7e2a1d1516e324cf349b7bc4f8b7394ff8866', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-23 06:00:01.529652+00', '2026-11-23 06:00:01.591216+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (3, 8963, '\xfcffd502d9ed7f926ff34556bdf624c6', '\x9363d64f665aef0c4b1d584744df3adf91e06cedae0e9bbd4f7d8402ad019525', '\xe07fdea422ddee2af6ccf26fdbdfbf974232d655cc574bf94203c02734606cd65edc05db90db10c32c83fa505858c1c273adae48ebea93425dea8589301de6c94533c9b35c', -2269850890630468054, 'en', 'UTC', 8, 0, true, '2026-12-24 00:00:00+00', '2026-11-23 06:00:00.637322+00', '2026-11-23 06:00:00.697293+00', '2026-11', NULL);
INSERT INTO public.subscriber (bucket, id, public_id, email_index, sealed, key_id, locale, timezone, hour, weekday, discreet, paused_until, created_at, confirmed_at, terms_version, address_changed_at) VALUES (1, 45057, '\x797846dbaa73b76dbd3afc2636eec467', '\x3172742cabb00a3360ff7946dcd0fa343bef3973a64b110e954e2b2f743e3f4b', '\xe07fdea422ddee2a1421d0ad6c17bd8e235d368f0dd066914250ad2923652b4d6df18ccf13be3b6afc7e2e4ca978d30b57485ad29979da1f3ed1f5ef9d9f7bd68c9ad1', -2269850890630468054, 'en', 'UTC', 8, 0, true, NULL, '2026-11-24 08:01:00.114094+00', NULL, NULL, NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (3, 1539, 515, 3, 'active', 'weekly', NULL, false, 3, NULL, true, NULL, 1283, '2026-11-23 06:00:00.193589+00', '2026-11-23 06:00:00.296571+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 3598, 2574, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 3342, '2026-11-23 06:00:00.341962+00', '2026-11-23 06:00:00.403742+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (3, 9987, 8963, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 9731, '2026-11-23 06:00:00.637322+00', '2026-11-23 06:00:00.697293+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (7, 16391, 15367, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 16135, '2026-11-23 06:00:00.908695+00', '2026-11-23 06:00:00.968994+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 18446, 17422, 2, 'active', 'monthly', NULL, false, 3, NULL, true, NULL, 18190, '2026-11-23 06:00:00.994112+00', '2026-11-23 06:00:01.056765+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 18702, 17422, 4, 'active', 'monthly', NULL, false, 3, NULL, true, NULL, 18190, '2026-11-23 06:00:00.994112+00', '2026-11-23 06:00:01.056765+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (10, 20746, 19722, 3, 'active', 'daily', NULL, false, 3, NULL, true, NULL, 20490, '2026-11-23 06:00:01.088017+00', '2026-11-23 06:00:01.154478+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (8, 22792, 21768, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 22536, '2026-11-23 06:00:01.187611+00', '2026-11-23 06:00:01.244428+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (7, 26887, 25863, 4, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 26631, '2026-11-23 06:00:01.360375+00', '2026-11-23 06:00:01.419634+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (11, 29195, 27915, 4, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 28683, '2026-11-23 06:00:01.443598+00', '2026-11-23 06:00:01.503794+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (9, 12041, 11017, 3, 'ended', 'daily', NULL, false, 3, NULL, false, 'unsubscribed', 11785, '2026-11-23 06:00:00.723736+00', '2026-11-23 06:00:00.787949+00', '2026-11-24 08:01:00.03825+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (9, 12297, 11017, 4, 'ended', 'daily', NULL, false, 3, NULL, false, 'unsubscribed', 11785, '2026-11-23 06:00:00.723736+00', '2026-11-23 06:00:00.787949+00', '2026-11-24 08:01:00.03825+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (14, 14350, 13326, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'complaint', 14094, '2026-11-23 06:00:00.818234+00', '2026-11-23 06:00:00.8828+00', '2026-11-24 08:01:00.093681+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (1, 46081, 45057, 3, 'pending', 'daily', NULL, false, 0, NULL, false, NULL, 45825, '2026-11-24 08:01:00.114094+00', NULL, NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (2, 24834, 23810, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'unsubscribed', 24578, '2026-11-23 06:00:01.270255+00', '2026-11-23 06:00:01.336021+00', '2026-11-24 09:01:00.292826+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (11, 28939, 27915, 3, 'ended', 'immediate', NULL, false, 3, NULL, false, 'unsubscribed', 28683, '2026-11-23 06:00:01.443598+00', '2026-11-23 06:00:01.503794+00', '2026-11-24 09:01:00.308617+00');
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (9, 5641, 4617, 3, 'active', 'immediate', NULL, false, 3, 5, true, NULL, 5385, '2026-11-23 06:00:00.439188+00', '2026-11-23 06:00:00.505215+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (9, 5897, 4617, 2, 'active', 'immediate', NULL, false, 3, 5, true, NULL, 5385, '2026-11-23 06:00:00.439188+00', '2026-11-23 06:00:00.505215+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (5, 7941, 6917, 3, 'active', 'immediate', NULL, false, 3, NULL, true, NULL, 7685, '2026-11-23 06:00:00.536485+00', '2026-11-23 06:00:00.609847+00', NULL);
INSERT INTO public.subscription (bucket, id, subscriber_id, topic_id, state, frequency, filters, small_changes, active_seq, resume_after_seq, in_planning, end_reason, confirmation_id, created_at, activated_at, ended_at) VALUES (8, 31240, 30216, 5, 'ended', 'daily', NULL, false, 3, NULL, false, 'removed', 30984, '2026-11-23 06:00:01.529652+00', '2026-11-23 06:00:01.591216+00', '2026-11-24 09:01:00.425738+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\x79ce6d51fdf8b69f908819f274bf9cfb095ec0b7da22636c7cb0867b89093dbf', 'declined', 'page', '2026-11-23 06:00:01.678742+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\x1ee7795f82e6e54aa3b1baad2a4a899f6e6d20daa96fbfde797b85319d749a4b', 'complaint', 'feedback', '2026-11-24 08:01:00.093681+00');
INSERT INTO public.suppression (address_index, reason, source, created_at) VALUES ('\x191f4275e15ee9c251adce10179acd2b668920016544a96dfd8a02e16623155d', 'hard_bounce', 'smtp', '2026-11-24 09:01:00.38352+00');
INSERT INTO public.terms (id, version, text, sha256, material, published_at, pause_at) VALUES (1, '2026-11', 'We write to you about the studies that you follow.', 'd09d870a682aa524384cf7b7cbe38396828026fe5e54d08ee5262655ade5dea7', false, '2026-11-23 06:00:00.014641+00', NULL);
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
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT00000003', 5, 2, 'removed', '{"nct_id":"NCT00000003","revision":1,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT00000003","title":"Engineered immune cells","status":"NOT_YET_RECRUITING","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 1, NULL, '929bdbedf82cc5bea4028811f528c9f807075cf56a4579aada764cf3ddb96017', NULL, NULL, '2026-11-24 09:01:00.425738+00');
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT00000002', 4, 3, 'present', '{"nct_id":"NCT00000002","revision":3,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT00000002","title":"Engineered immune cells","status":"NOT_YET_RECRUITING","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 3, NULL, 'be2263838bdb52c907c628d6079cd8bde6cfc1cccce80666b127e61cc9a2d645', NULL, NULL, '2026-11-24 09:01:00.535376+00');
INSERT INTO public.trial (nct_id, topic_id, revision, state, snapshot, snapshot_revision, remembered, digest, merged_into, folded_revision, updated_at) VALUES ('NCT04787263', 3, 4, 'present', '{"nct_id":"NCT04787263","revision":4,"notify":"allow","reason":"registry","url":"https://www.example.org/trials/NCT04787263","title":"Engineered immune cells","status":"SUSPENDED","conditions":[{"id":"MONDO:0005059","name":"leukemia"}],"registry_first_posted":"2026-06-01"}', 4, NULL, 'adecd0847906215f21f954a477edef89f80a0f7bb53fd3a7da8c35036dbd3495', NULL, NULL, '2026-11-25 08:01:00.118273+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 1, 'present', '86c1ee2296f3c1c15a6051850d56774b242243f7ec25f29600f6f37f21c1334d', 1, 3, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:00.101895+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 1, 'present', '1d091131b05e812e76a2bb5bbdb73f15c58807b0ae5c097362178f86ed72e396', 2, 4, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:00.136025+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 2, 'present', 'fe339b499fd93b46c627e704bccc987ff6ab41f1b89f35428d1c9b20e2690839', 4, 7, '2026-07-01', true, false, '{"overwritten":{"status":"NOT_YET_RECRUITING"}}', '2026-11-23 10:00:00.008592+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 3, 'present', '6c9f8813b54560451501b475ec57dfa4df6cded079f6b5091b7704a3725cc034', 6, 8, '2026-07-01', true, false, '{"overwritten":{"status":"RECRUITING"}}', '2026-11-24 09:01:00.19609+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000003', 1, 'present', '4d3b6512394c254993545326698c86e73f90a76f834bd2c4b423649d0244ac6d', 3, 5, '2026-07-01', true, false, '{"overwritten":{"status":null,"title":null,"conditions":null,"registry_first_posted":null}}', '2026-11-23 06:00:00.160179+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000003', 2, 'removed', '929bdbedf82cc5bea4028811f528c9f807075cf56a4579aada764cf3ddb96017', 8, 9, '2026-07-01', true, false, '{"ending":{"explanation":"withdrawn"}}', '2026-11-24 09:01:00.425738+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 2, 'present', 'b10d14543e153e29f4b1e53deeaab8c1fa851b9aaa22e16a6f2aa97b54d4db77', 10, 10, '2026-07-01', true, false, '{"overwritten":{"status":"NOT_YET_RECRUITING"}}', '2026-11-24 09:01:00.459233+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT00000002', 3, 'present', 'be2263838bdb52c907c628d6079cd8bde6cfc1cccce80666b127e61cc9a2d645', 12, 11, '2026-07-01', true, false, '{"overwritten":{"status":"RECRUITING"}}', '2026-11-24 09:01:00.535376+00');
INSERT INTO public.trial_revision (nct_id, revision, state, digest, seq, event_id, observed_on, may_notify, is_correction, detail, received_at) VALUES ('NCT04787263', 4, 'present', 'adecd0847906215f21f954a477edef89f80a0f7bb53fd3a7da8c35036dbd3495', 14, 12, '2026-07-01', true, false, '{"overwritten":{"status":"ACTIVE_NOT_RECRUITING"}}', '2026-11-25 08:01:00.118273+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_3d3c2b3672ba282e', '2026-11-23 06:00:00.021782+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_3d2141d8d183e2b9', '2026-11-23 06:00:00.097516+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_d1138c96da66829d', '2026-11-23 06:00:00.13184+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_ab3f6a5f304c507f', '2026-11-23 06:00:00.155887+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_e76ce64eadcbcd60', '2026-11-23 10:00:00.000533+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_ff2d80e868497e1c', '2026-11-24 09:01:00.18783+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_9a2b389f7f275c84', '2026-11-24 09:01:00.421588+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_b7ceb6503ba52d88', '2026-11-24 09:01:00.455273+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_096aab1bebd06e1d', '2026-11-24 09:01:00.531719+00');
INSERT INTO public.webhook (id, received_at) VALUES ('msg_51c3d30f00e844ad', '2026-11-25 08:01:00.110041+00');
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
INSERT INTO public.worker (id, host, started_at, seen_at, status) VALUES ('vm:6579:af2ef95d', 'vm', '2026-11-25 08:01:00.233008+00', '2026-11-25 08:01:00.233038+00', '{"mail": null, "paused": {}, "failing": [], "waits_for": []}');
INSERT INTO public.wrapped_key (name, sealed) VALUES ('address-index', '\x2e63be4b585b7468157cba7c3b85a8337e7a5cef9569189ff99bf0dd4691a87c7c6fd6e42ca7861a93bd48d10be88e326aa87c0bc5b8ba865f6e5e2b171cd34c3b0f60c2');
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
