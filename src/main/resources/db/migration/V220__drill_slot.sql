-- Staging has one place of a service beside the stable version: two drills that are wanted at the same moment cannot both have it.
alter table rollback_drill add column slot varchar(100);
update rollback_drill set slot = service
  where id in (select max(id) from rollback_drill where result is null group by service);
alter table rollback_drill add constraint rollback_drill_slot unique (slot);
comment on column rollback_drill.slot is 'the service while the drill holds its place in staging; null once it ended, or died long ago';
