-- Change facts that a document showed, whatever was stated when the release was opened. A row is never deleted: nothing lowers a fact.
create table release_fact (
  release_key varchar(200) not null references release (key_),
  fact varchar(40) not null,
  sha256 varchar(64) not null,
  type varchar(40) not null,
  because varchar(1000) not null,
  raised_at timestamp with time zone not null,
  primary key (release_key, fact)
);

-- What the consumers of an API say to changes that break them. A row is bound to one comparison of two contracts: another comparison asks again.
create table contract_consent (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  comparison varchar(64) not null,
  type varchar(40) not null,
  sha256 varchar(64) not null,
  source varchar(200) not null,
  base_ varchar(400) not null,
  consumer varchar(140) not null,
  owner varchar(120) not null,
  alternate varchar(120) not null,
  changes varchar not null,
  asked_at timestamp with time zone not null,
  escalated_at timestamp with time zone,
  answer varchar(20),
  person varchar(120),
  reason varchar(4000),
  answered_at timestamp with time zone,
  unique (release_key, comparison, consumer)
);
comment on column contract_consent.comparison is 'SHA-256 over the contract, the one before it, and the changes between them that break somebody';
comment on column contract_consent.answer is 'CONSENTED, REFUSED, SILENT or MOOT; null while it is waited for';
