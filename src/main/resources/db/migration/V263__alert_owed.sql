alter table alert add column owed boolean default false not null;
comment on column alert.owed is 'it calls for more than to be recorded, and came when there was nothing to halt: done when it is sent again after the release goes on';
