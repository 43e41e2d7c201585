create table retrospective (
  release_key varchar(200) primary key references release (key_),
  opened_at timestamp with time zone not null,
  summary varchar,
  improvements varchar,
  summarised_by varchar(100),
  summarised_at timestamp with time zone,
  outcomes varchar
);
comment on column retrospective.outcomes is 'the computed figures as they stood when the retrospective was summarised';

create table retrospective_input (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references retrospective (release_key),
  team varchar(100) not null,
  person varchar(100),
  went_well varchar,
  to_improve varchar,
  on_gates varchar,
  given_at timestamp with time zone not null,
  unique (release_key, team)
);
comment on column retrospective_input.person is 'null where the team said nothing until the deadline';

create table retrospective_rating (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references retrospective (release_key),
  kind varchar(20) not null,
  name varchar(200) not null,
  rating varchar(20) not null,
  comment_ varchar(2000),
  rated_at timestamp with time zone not null,
  unique (release_key, kind, name)
);
create index retrospective_rating_of on retrospective_rating (kind, name, rating);
