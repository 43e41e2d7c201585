create table tracked_action (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  service varchar(100) not null,
  origin varchar(40) not null,
  because varchar(1000) not null,
  text_ varchar(2000) not null,
  owner varchar(100) not null,
  owned_by_group boolean not null,
  due timestamp with time zone not null,
  escalations int not null,
  opened_at timestamp with time zone not null,
  done_at timestamp with time zone,
  done_by varchar(100),
  result varchar(4000)
);
comment on column tracked_action.origin is 'INSTABILITY: the repair of a chronic instability; HOTFIX: agreed in the review of a hotfix';
create index tracked_action_of_service on tracked_action (service, done_at, due);
create index tracked_action_of on tracked_action (release_key, id);
