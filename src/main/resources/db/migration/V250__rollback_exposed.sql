-- A rollback that was demanded before any user met the release is no rollback of the service's to count.
alter table rollback add column exposed boolean default true not null;
comment on column rollback.exposed is 'users may have met the release; false only where it is known that none did';
update rollback set exposed = false
where not exists (select 1 from rollout where rollout.release_key = rollback.release_key);
