-- The gates of a release as the table required-gates answered last.
create table gate (
  release_key varchar(200) not null references release (key_),
  name varchar(80) not null,
  required varchar(20) not null,
  owner varchar(100) not null,
  reads_ varchar(40) not null,
  rule varchar(1000) not null,
  place int not null,
  primary key (release_key, name)
);

-- Every evaluation is kept; the newest one of a gate is how it stands.
create table gate_evaluation (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  gate varchar(80) not null,
  verdict varchar(20) not null,
  value_ varchar(400),
  limit_ varchar(400),
  sample bigint,
  rule_version varchar(200) not null,
  sentence varchar not null,
  evidence varchar(64),
  documents varchar not null,
  findings varchar not null,
  valid_until timestamp with time zone,
  covered_by bigint,
  covered_until timestamp with time zone,
  evaluated_at timestamp with time zone not null
);
create index gate_evaluation_of on gate_evaluation (release_key, gate, id);

create table gate_waiver (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  gate varchar(80) not null,
  findings varchar not null,
  reason varchar(4000) not null,
  expires timestamp with time zone not null,
  authority varchar(100) not null,
  status varchar(20) not null,
  requested_by varchar(120) not null,
  requested_at timestamp with time zone not null,
  decided_by varchar(120),
  decided_at timestamp with time zone,
  decision_reason varchar(4000)
);
create index gate_waiver_of on gate_waiver (release_key, gate, id);

-- A sign-off holds for what was seen; a row is never deleted, only voided.
create table signoff (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  name varchar(80) not null,
  outcome varchar(20) not null,
  person varchar(120) not null,
  reason varchar(4000),
  dossier varchar(80) not null,
  seen varchar not null,
  signed_at timestamp with time zone not null,
  voided_at timestamp with time zone,
  voided_because varchar(1000)
);
create index signoff_of on signoff (release_key, id);
