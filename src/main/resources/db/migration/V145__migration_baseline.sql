-- What a service's database held right before a candidate was deployed that migrates it. Kept once for a release: after its deployment nothing can be taken down again.
create table migration_baseline (
  release_key varchar(100) not null,
  checks varchar(80) not null,
  checks_digest varchar(80) not null,
  document varchar(64) not null,
  taken_at timestamp with time zone not null,
  primary key (release_key, checks)
);

create table migration_baseline_value (
  release_key varchar(100) not null,
  checks varchar(80) not null,
  check_id varchar(80) not null,
  value_ varchar(400) not null,
  primary key (release_key, checks, check_id),
  foreign key (release_key, checks) references migration_baseline (release_key, checks)
);
