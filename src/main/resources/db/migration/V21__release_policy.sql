-- What a release began with of the policy that is not in its deployment: it goes on under it, whatever is approved meanwhile.
create table release_policy (
  release_key varchar(200) not null references release (key_),
  kind varchar(20) not null,
  name varchar(500) not null,
  digest varchar(80) not null,
  content varchar,
  primary key (release_key, kind, name)
);
comment on column release_policy.content is 'an objective as it was read, with the indicators of that time; null for a checklist, whose digest says it all';
