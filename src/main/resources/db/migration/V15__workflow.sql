-- Every file of every policy that was ever proposed, by its digest.
create table policy_content (
  digest varchar(80) primary key,
  content bytea not null
);

-- What was or is in force, newest last. A release names its deployment.
create table policy_version (
  id bigint generated always as identity primary key,
  source varchar(80) not null,
  digest varchar(80) not null,
  in_force_since timestamp with time zone not null,
  change_id bigint
);
create index policy_version_of on policy_version (source, id);

create table policy_change (
  id bigint generated always as identity primary key,
  source varchar(80) not null,
  base_digest varchar(80),
  digest varchar(80) not null,
  state varchar(20) not null,
  detected_at timestamp with time zone not null,
  reasons varchar not null,
  submitted_by varchar(120),
  why varchar(4000),
  decided_by varchar(120),
  decided_at timestamp with time zone,
  decision_reason varchar(4000),
  open_slot varchar(200) unique
);
comment on column policy_change.open_slot is 'the source while the change is the newest one of its source and not yet decided; a second node that finds it too breaks the constraint';
create index policy_change_newest on policy_change (source, id);

-- The files of a set, by the digest of the set.
create table policy_file (
  set_digest varchar(80) not null,
  name varchar(300) not null,
  content_digest varchar(80) not null references policy_content (digest),
  primary key (set_digest, name)
);
