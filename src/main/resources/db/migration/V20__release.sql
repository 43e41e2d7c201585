create table release (
  key_ varchar(200) primary key,
  service varchar(100) not null,
  version varchar(80) not null,
  attempt int not null,
  kind varchar(20) not null,
  state varchar(20) not null,
  state_since timestamp with time zone not null,
  closed boolean not null,
  tier varchar(20),
  owner varchar(100),
  requested_by varchar(100) not null,
  summary varchar(2000),
  environment varchar(100) not null,
  commit_ varchar(80) not null,
  committed_at timestamp with time zone,
  authors varchar not null,
  artifacts varchar not null,
  changes varchar not null,
  window_start timestamp with time zone,
  window_end timestamp with time zone,
  depends_on varchar not null,
  rfc varchar(80),
  success_metrics varchar not null,
  policy varchar(64),
  material_digest varchar(80),
  opened_at timestamp with time zone not null,
  process_instance varchar(64),
  open_slot varchar(200) unique
);
comment on column release.open_slot is 'service@version while open, null once final: a second open release of the same version breaks the constraint';
create index release_newest on release (opened_at desc);
create index release_of_service on release (service, opened_at desc);
create index release_in_state on release (state, opened_at desc);

create table release_timeline (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  at_ timestamp with time zone not null,
  type varchar(80) not null,
  actor varchar(100) not null,
  text varchar(4000) not null,
  detail varchar not null
);
create index release_timeline_of on release_timeline (release_key, id);

create table release_dossier_part (
  release_key varchar(200) not null references release (key_),
  name varchar(80) not null,
  digest varchar(80) not null,
  primary key (release_key, name)
);

create table release_clearance (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  material_digest varchar(80) not null,
  granted_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoked_because varchar(1000)
);
create index release_clearance_of on release_clearance (release_key, id);
