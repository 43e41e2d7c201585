create table deployment_marker (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  service varchar(100) not null,
  version varchar(100) not null,
  phase varchar(20) not null,
  text_ varchar(500) not null,
  at_ timestamp with time zone not null
);
create index deployment_marker_of on deployment_marker (service, id);
comment on table deployment_marker is 'start, steps, promotion and rollback, as they are told to monitoring tools';
