-- What is about people stands beside the log, where it can be erased: the leaf holds a commitment to it for ever.
alter table log_outbox add column leaf_id uuid;
comment on column log_outbox.leaf_id is 'names the leaf where its personal values are kept; null for leaves from before there were any';
comment on column log_outbox.actor is 'the platform and the engine by name; a person as the commitment to the personal value /actor';

create table personal_value (
  leaf_id uuid not null,
  path varchar not null,
  salt varchar(32) not null,
  value_ varchar not null,
  primary key (leaf_id, path)
);
comment on column personal_value.path is 'JSON pointer into the leaf, for example /answer/reason; /actor for who did it';
comment on column personal_value.salt is '16 random bytes in hexadecimal digits';
comment on column personal_value.value_ is 'the value as JSON; the commitment is the SHA-256 of the salt''s bytes and these characters in UTF-8';
