create table incident_telling (
  incident_id bigint not null references incident (id),
  what varchar(300) not null,
  told_at timestamp with time zone not null,
  primary key (incident_id, what)
);
comment on table incident_telling is 'what the stakeholders of an incident were told of its rollback: that it waits for a person, for each reason once, and that it is over';
