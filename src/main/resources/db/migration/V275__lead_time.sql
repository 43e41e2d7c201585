-- Of which releases the changes were asked for, and how that went.
create table lead_time (
  release_key varchar(200) primary key references release (key_),
  outcome varchar(20) not null,
  reason varchar(1000),
  source varchar(20) not null,
  repository varchar(200) not null,
  base_commit varchar(80),
  deployed_at timestamp with time zone,
  asked_at timestamp with time zone not null
);
comment on column lead_time.base_commit is 'of the stable release before it: the changes since then are its own; null where there was none, or nobody looked yet';

-- The changes of a release: when what happened to them, and no person.
create table lead_time_change (
  release_key varchar(200) not null references release (key_),
  number_ varchar(20) not null,
  url varchar(500),
  first_commit_at timestamp with time zone,
  proposed_at timestamp with time zone not null,
  reviewed_at timestamp with time zone,
  merged_at timestamp with time zone not null,
  primary key (release_key, number_)
);
