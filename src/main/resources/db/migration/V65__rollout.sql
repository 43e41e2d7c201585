create table rollout (
  release_key varchar(200) primary key references release (key_),
  service varchar(100) not null,
  candidate varchar(80) not null,
  baseline varchar(80) not null,
  plan varchar not null,
  plan_version varchar(80) not null,
  status varchar(20) not null,
  status_because varchar(2000),
  step int not null,
  wanted double precision not null,
  actual double precision,
  epoch int not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  tripped_at timestamp with time zone,
  tripped_by varchar(100),
  tripped_because varchar(2000),
  traffic_back_at timestamp with time zone
);
comment on column rollout.epoch is 'raised by whatever stops the rollout: a step of an older epoch cannot move traffic any more';

create table rollout_step (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references rollout (release_key),
  step int not null,
  epoch int not null,
  share double precision not null,
  observation varchar(250) not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  verdict varchar(20),
  sentence varchar(2000)
);
create index rollout_step_of on rollout_step (release_key, id);

create table rollout_promotion (
  observation varchar(250) primary key,
  release_key varchar(200) not null references rollout (release_key),
  verdict varchar(20) not null,
  requested_by varchar(100) not null,
  reason varchar(2000) not null,
  requested_at timestamp with time zone not null,
  confirmed_by varchar(100),
  confirmed_at timestamp with time zone
);
comment on table rollout_promotion is 'promotion before the window is complete: a waiver that names the verdict, by two persons, never over FAIL';
