-- A rollback whose proof cannot hold may be ended by a person, once users are read back as on the stable version.
alter table rollback add column ended_by varchar(100);
alter table rollback add column ended_because varchar(2000);
alter table rollback add column ended_verified varchar(2000);
comment on column rollback.ended_by is 'who answers for it instead of a proof; null where it is proven, or still under way';
