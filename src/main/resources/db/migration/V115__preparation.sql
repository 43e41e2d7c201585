-- Who confirmed an item of the checklist, for what there was to see then.
create table checklist_tick (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  checklist varchar(80) not null,
  item varchar(63) not null,
  role_ varchar(40) not null,
  person varchar(100) not null,
  evidence varchar(2000),
  seen varchar not null,
  ticked_at timestamp with time zone not null,
  voided_at timestamp with time zone,
  voided_because varchar(1000)
);
comment on column checklist_tick.checklist is 'the version: the digest of the checklist''s exact bytes';
comment on column checklist_tick.seen is 'the parts of the dossier that concern the role, with their digests';
create index checklist_tick_of_release on checklist_tick (release_key, id);

-- Each time that somebody writes the plan is a version; the last one counts.
create table communication_plan (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  version int not null,
  final_ boolean not null,
  no_external_because varchar(2000),
  seen varchar not null,
  written_by varchar(100) not null,
  written_at timestamp with time zone not null,
  voided_at timestamp with time zone,
  voided_because varchar(1000),
  unique (release_key, version)
);

create table communication_message (
  id bigint generated always as identity primary key,
  plan_id bigint not null references communication_plan (id),
  release_key varchar(200) not null references release (key_),
  number_ int not null,
  audience varchar(20) not null,
  channel varchar(20) not null,
  recipients varchar not null,
  owner varchar(100) not null,
  moment varchar(20) not null,
  delay_minutes int not null,
  at_ timestamp with time zone,
  subject varchar(200) not null,
  words varchar not null,
  on_rollback varchar(20) not null,
  replacement varchar,
  state varchar(20) not null,
  due_at timestamp with time zone,
  sent_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_because varchar(1000)
);
comment on column communication_message.due_at is 'known once its moment has come; for a message at a time from the beginning';
comment on column communication_message.ended_at is 'when it was cancelled, withdrawn or replaced';
create index communication_message_of_release on communication_message (release_key, id);
create index communication_message_of_plan on communication_message (plan_id, number_);
