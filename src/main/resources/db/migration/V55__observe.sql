create table observation (
  no_ bigint generated always as identity primary key,
  id varchar(200) not null unique,
  release_key varchar(200) not null,
  service varchar(100) not null,
  kind varchar(20) not null,
  candidate varchar(80) not null,
  baseline varchar(80),
  share double precision not null,
  window_ms bigint not null,
  maximum_ms bigint not null,
  triggers varchar not null,
  objectives varchar not null,
  reference_p95_ms double precision,
  since timestamp with time zone not null,
  clock_since timestamp with time zone not null,
  unbroken_since timestamp with time zone,
  paused boolean not null,
  ended boolean not null,
  revision int not null,
  read_until timestamp with time zone not null,
  verdict varchar(20),
  metric varchar(80),
  value_ double precision,
  limit_ double precision,
  sample_ bigint,
  rule_version varchar(120),
  sentence varchar(2000),
  judged_at timestamp with time zone
);
comment on column observation.reference_p95_ms is 'what the baseline took last, for a step that leaves it no traffic to compare with';
comment on column observation.clock_since is 'begin, or the last resume: a full window and maximum count from here';
comment on column observation.revision is 'raised by pause and resume, so that a verdict reached meanwhile is not stored';
comment on column observation.read_until is 'samples are stored up to here; two nodes that judge at once differ in it, and one of them gives way';
create index observation_active on observation (ended);
create index observation_of_release on observation (release_key);

create table observation_sample (
  observation bigint not null references observation (no_),
  candidate boolean not null,
  at_ timestamp with time zone not null,
  interval_ms bigint not null,
  requests bigint not null,
  errors bigint not null,
  p50_ms double precision,
  p95_ms double precision,
  p99_ms double precision,
  latencies varchar,
  primary key (observation, candidate, at_)
);

create table observation_judgement (
  id bigint generated always as identity primary key,
  observation bigint not null references observation (no_),
  verdict varchar(20) not null,
  metric varchar(80) not null,
  value_ double precision,
  limit_ double precision,
  sample_ bigint,
  rule_version varchar(120),
  sentence varchar(2000) not null,
  at_ timestamp with time zone not null
);
create index observation_judgement_of on observation_judgement (observation, id);
