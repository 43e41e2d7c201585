-- How a system that holds evidence answered last, for each release. The documents themselves are in the table evidence.
create table evidence_fetch (
  release_key varchar(200) not null references release (key_),
  source varchar(80) not null,
  outcome varchar(20) not null,
  reason varchar(1000),
  -- Asked anew while a gate waits for it: what it says may change at any time.
  live boolean not null,
  -- In a row without anything new: the pauses grow with it.
  idle int not null,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  primary key (release_key, source)
);

-- When the source last said the same: a document that tells how something is now is as old as that.
alter table evidence add column confirmed_at timestamp with time zone;
