-- Documents exactly as received, once by their SHA-256, in pieces so that neither side holds a large one in memory.
create table evidence_document (
  sha256 varchar(64) primary key,
  bytes bigint not null,
  stored_at timestamp with time zone not null
);
create table evidence_piece (
  sha256 varchar(64) not null references evidence_document (sha256),
  piece int not null,
  content bytea not null,
  primary key (sha256, piece)
);

-- What was read from a document for one release. A later row of the same type and source replaces an earlier one.
create table evidence (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  sha256 varchar(64) not null references evidence_document (sha256),
  type varchar(40) not null,
  source varchar(400) not null,
  bytes bigint not null,
  subject varchar not null,
  asserted_by varchar(120) not null,
  summary varchar not null,
  details varchar not null,
  complete boolean not null,
  gap varchar(4000),
  findings varchar not null,
  received_at timestamp with time zone not null,
  received_by varchar(120) not null
);
create index evidence_of_release on evidence (release_key, type, id);
