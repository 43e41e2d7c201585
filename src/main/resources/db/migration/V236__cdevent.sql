-- Runs that CDEvents said to have ended, and what ties a chain of events to a commit or an artifact. An event counts once: by its source and id.
create table cdevent (
  event_key varchar(64) not null primary key,
  source varchar(200) not null,
  chain varchar(200),
  commit_ varchar(64),
  digest varchar(80),
  run varchar(220),
  subject_id varchar(200),
  outcome varchar(40),
  reason varchar(300),
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null
);
create index cdevent_chain on cdevent (chain);
create index cdevent_commit on cdevent (commit_);
create index cdevent_digest on cdevent (digest);
create index cdevent_received on cdevent (received_at);
