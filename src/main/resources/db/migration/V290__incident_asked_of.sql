alter table reported_incident add column asked_of varchar(100);
comment on column reported_incident.asked_of is 'the service whose people were asked; where its system says later that it is of another one, they are asked no more';
update reported_incident set asked_of = service where asked_at is not null;
