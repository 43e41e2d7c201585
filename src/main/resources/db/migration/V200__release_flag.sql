-- The feature flag that exposes what a release brings; null where none does.
alter table release add column flag varchar(100);

-- Every exposure that was set, newest last: what was wanted, what the flag's own system reported.
create table flag_exposure (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  flag varchar(100) not null,
  flag_system varchar(40) not null,
  wanted double precision not null,
  actual double precision,
  set_by varchar(100) not null,
  because varchar(2000) not null,
  set_at timestamp with time zone not null
);

create index flag_exposure_release on flag_exposure (release_key, id);
