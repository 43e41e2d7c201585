alter table incident add column detected_by varchar(100);
comment on column incident.detected_by is 'who or what demanded the rollback; null where the incident is older than the column';
comment on column incident.rollback is 'a rollback that users may have met: these are counted as the rollbacks of a service';
update incident set rollback = false
where exists (select 1 from rollback r where r.release_key = incident.release_key and r.exposed = false);
