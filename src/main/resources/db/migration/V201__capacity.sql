-- What both versions of a service will use of its resources, step by step, and who confirmed that there is room for it.
create table capacity_forecast (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  verdict varchar(20) not null,
  sentence varchar(2000) not null,
  figures varchar not null,
  rule_version varchar(120) not null,
  made_at timestamp with time zone not null,
  confirmed_by varchar(100),
  confirmed_because varchar(2000),
  confirmed_at timestamp with time zone
);

create index capacity_forecast_release on capacity_forecast (release_key, id);
