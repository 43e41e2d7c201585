create table incident_attribution (
  id bigint generated always as identity primary key,
  incident_id bigint not null references reported_incident (id),
  release_key varchar(200) references release (key_),
  because varchar(2000) not null,
  said_by varchar(100) not null,
  said_at timestamp with time zone not null
);
comment on table incident_attribution is 'each that a person ever said; the last one counts, and stands in reported_incident too';
create index incident_attribution_of on incident_attribution (incident_id, id);
