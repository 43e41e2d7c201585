-- What each rung of a rollback did, and when: the measured way back. drill is 0 for the rollback itself.
create table rollback_rung (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  drill bigint default 0 not null,
  rung varchar(40) not null,
  outcome varchar(20) not null,
  said varchar(2000) not null,
  from_ timestamp with time zone not null,
  at_ timestamp with time zone not null
);
create index rollback_rung_of on rollback_rung (release_key, drill, id);
comment on column rollback_rung.from_ is 'when the rung before it ended: retries and waiting count';

-- The answer of the person who was asked whether the database is taken down.
create table rollback_downgrade (
  release_key varchar(200) primary key references release (key_),
  agreed boolean not null,
  decided_by varchar(100) not null,
  reason varchar(2000) not null,
  decided_at timestamp with time zone not null
);

-- The script of the way back as it stands ready at the target, and the document that says how it is gone. Registered before anybody decides.
create table rollback_script (
  release_key varchar(200) primary key references release (key_),
  path varchar(300) not null,
  digest varchar(80) not null,
  procedure_path varchar(300) not null,
  procedure_digest varchar(80) not null,
  owner varchar(200) not null,
  registered_by varchar(100) not null,
  registered_at timestamp with time zone not null,
  read_digest varchar(80),
  executable boolean,
  said varchar(2000),
  read_at timestamp with time zone
);
comment on column rollback_script.read_digest is 'what the target itself reported; null where nothing stands ready';
