-- The scripts that bring a database to a release's version, and back. The digest stands for all of them, in their order.
create table migration_registration (
  release_key varchar(100) not null primary key,
  database_ varchar(80),
  digest varchar(80) not null,
  registered_by varchar(100) not null,
  registered_at timestamp with time zone not null
);

create table migration_script (
  release_key varchar(100) not null,
  place integer not null,
  name varchar(200) not null,
  direction varchar(4) not null,
  sha256 varchar(64) not null,
  content varchar not null,
  primary key (release_key, place),
  foreign key (release_key) references migration_registration (release_key)
);

-- What a rehearsal found, by what was rehearsed: the same scripts are not run again because somebody asks again.
create table migration_rehearsal (
  release_key varchar(100) not null,
  digest varchar(80) not null,
  document bytea not null,
  rehearsed_at timestamp with time zone not null,
  primary key (release_key, digest)
);

-- One rehearsal at a time on a scratch database. Whoever died in the middle holds it until its end.
create table migration_scratch (
  database_ varchar(80) not null primary key,
  held_by varchar(200) not null,
  held_until timestamp with time zone not null
);
