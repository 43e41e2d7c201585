create table reported_incident (
  id bigint generated always as identity primary key,
  source varchar(40) not null,
  source_id varchar(200) not null,
  number_ varchar(100) not null,
  title varchar(500) not null,
  service_name varchar(200),
  service varchar(100),
  status varchar(20) not null,
  urgency varchar(60),
  started_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  resolved_at timestamp with time zone,
  changed_at timestamp with time zone not null,
  address varchar(2000),
  sender varchar(100) not null,
  received_at timestamp with time zone not null,
  asked_at timestamp with time zone,
  escalations int not null,
  release_key varchar(200) references release (key_),
  attributed_by varchar(100),
  attributed_at timestamp with time zone,
  attributed_because varchar(2000),
  unique (source, source_id)
);
comment on table reported_incident is 'incidents of other systems, as they last said';
comment on column reported_incident.service_name is 'as the system names it; service is what the catalog makes of it, null where it knows none, or several';
comment on column reported_incident.changed_at is 'when the system said that it came to be so: what is older changes nothing';
comment on column reported_incident.asked_at is 'when a person was asked which release caused it; null where nobody was';
comment on column reported_incident.release_key is 'as a person said last; null with a time means that they said: none';
create index reported_incident_newest on reported_incident (started_at desc, id desc);
create index reported_incident_of_service on reported_incident (service, started_at desc);
create index reported_incident_of_release on reported_incident (release_key, started_at);
