create table reported_deployment (
  id varchar(250) primary key,
  source varchar(20) not null,
  service varchar(100),
  repository varchar(200),
  environment varchar(200),
  standing varchar(20) not null,
  release_key varchar(200) references release (key_),
  because varchar(1000) not null,
  commit_ varchar(64),
  digest varchar(71),
  state varchar(20) not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  stated_at timestamp with time zone not null,
  began_at timestamp with time zone not null,
  address varchar(1000),
  received_at timestamp with time zone not null,
  told_at timestamp with time zone
);
comment on table reported_deployment is 'what other systems say that they deployed, and whether a release accounts for it; never deleted';
comment on column reported_deployment.standing is 'APPROVED or UNAPPROVED in production; ELSEWHERE, UNKNOWN (an environment that no file declares) or WAITING (nothing of it has begun) are not counted';
comment on column reported_deployment.began_at is 'started_at, or created_at where that is not known';
comment on column reported_deployment.told_at is 'when release managers were told: once';
create index reported_deployment_when on reported_deployment (standing, began_at);
create index reported_deployment_of on reported_deployment (service, began_at);
create index reported_deployment_from on reported_deployment (repository, told_at);
