alter table release add column fixes varchar(500);
comment on column release.fixes is 'the incident or the reason that a hotfix answers';

alter table release_clearance add column valid_until timestamp with time zone;
comment on column release_clearance.valid_until is 'when it ends by itself; null where it does not';

create table hotfix_approval (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  decided_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  deciders varchar(4000) not null,
  rule_version varchar(100) not null,
  ended_at timestamp with time zone
);
comment on column hotfix_approval.deciders is 'whoever decided, with a comma between them: none of them reviews';
comment on column hotfix_approval.ended_at is 'when it ended before all users were on the hotfix; null where it did not';
create index hotfix_approval_of on hotfix_approval (release_key, id);

create table hotfix_review (
  release_key varchar(200) primary key references release (key_),
  service varchar(100) not null,
  opened_at timestamp with time zone not null,
  due timestamp with time zone not null,
  escalations int not null,
  needed boolean,
  finding varchar(4000),
  reviewed_by varchar(100),
  reviewed_at timestamp with time zone
);
create index hotfix_review_of_service on hotfix_review (service, reviewed_at);
