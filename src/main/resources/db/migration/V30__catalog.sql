-- Files whose content is policy: SLO targets and checklists. Every version that was ever in force stays readable by its digest.
create table catalog_policy (
  kind varchar(20) not null,
  name varchar(500) not null,
  digest varchar(80) not null,
  content varchar not null,
  activated_at timestamp with time zone not null,
  activated_by varchar(100) not null,
  primary key (kind, name, digest)
);
create index catalog_policy_by_digest on catalog_policy (kind, digest);

-- The version in force now.
create table catalog_policy_active (
  kind varchar(20) not null,
  name varchar(500) not null,
  digest varchar(80) not null,
  activated_at timestamp with time zone not null,
  activated_by varchar(100) not null,
  primary key (kind, name)
);
