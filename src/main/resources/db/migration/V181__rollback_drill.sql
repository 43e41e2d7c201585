-- A way back that was practised in staging, for the script that stood there.
create table rollback_drill (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  service varchar(100) not null,
  environment varchar(100) not null,
  script_path varchar(300) not null,
  script_digest varchar(80) not null,
  procedure_path varchar(300) not null,
  procedure_digest varchar(80) not null,
  owner varchar(200) not null,
  budget varchar(20) not null,
  max_error_rate double precision not null,
  wanted_by varchar(100) not null,
  wanted_at timestamp with time zone not null,
  process_instance varchar(64),
  candidate varchar(80) not null,
  baseline varchar(80),
  began_at timestamp with time zone,
  ended_at timestamp with time zone,
  result varchar(20),
  because varchar(2000)
);
create index rollback_drill_of on rollback_drill (service, script_digest, id);
create index rollback_drill_release on rollback_drill (release_key, id);
comment on column rollback_drill.result is 'succeeded, failed, or abandoned where it never began; null while it runs';
