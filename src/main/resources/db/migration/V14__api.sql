-- Answers to writes that carried an Idempotency-Key, for 24 hours. Without a status the request is under way.
create table api_idempotency (
  actor varchar(120) not null,
  key_ varchar(200) not null,
  request_hash varchar(64),
  status int,
  location varchar(1000),
  content_type varchar(200),
  body bytea,
  created_at timestamp with time zone not null,
  primary key (actor, key_)
);
create index api_idempotency_age on api_idempotency (created_at);
