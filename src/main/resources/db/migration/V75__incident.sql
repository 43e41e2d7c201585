create table incident (
  id bigint generated always as identity primary key,
  release_key varchar(200) unique references release (key_),
  service varchar(100) not null,
  severity varchar(20) not null,
  cause varchar(4000) not null,
  rollback boolean not null,
  commander varchar(100) not null,
  communications varchar(100) not null,
  facilitator varchar(100) not null,
  detected_at timestamp with time zone not null,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone
);
comment on column incident.release_key is 'one incident a release, so that opening it again changes nothing';
create index incident_of_service on incident (service, detected_at desc);

create table post_mortem (
  id bigint generated always as identity primary key,
  incident_id bigint not null unique references incident (id),
  impact varchar not null,
  timeline varchar not null,
  contributing_factors varchar not null,
  root_cause varchar not null,
  went_well varchar,
  were_lucky varchar,
  no_actions_because varchar,
  written_by varchar(100) not null,
  written_at timestamp with time zone not null,
  actions_registered_at timestamp with time zone
);
comment on column post_mortem.timeline is 'the record as it stood when the post-mortem was written';

create table post_mortem_action (
  id bigint generated always as identity primary key,
  incident_id bigint not null references incident (id),
  service varchar(100) not null,
  type varchar(20) not null,
  text_ varchar(2000) not null,
  owner varchar(100) not null,
  owned_by_group boolean not null,
  due timestamp with time zone not null,
  escalations int not null,
  done_at timestamp with time zone,
  done_by varchar(100),
  result varchar(4000)
);
create index post_mortem_action_of_service on post_mortem_action (service, done_at, due);
create index post_mortem_action_of on post_mortem_action (incident_id, id);
