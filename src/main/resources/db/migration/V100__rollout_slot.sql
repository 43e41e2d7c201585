alter table rollout add column slot varchar(100);
alter table rollout add constraint rollout_slot_taken unique (slot);
comment on column rollout.slot is 'the service from the plan until the release is promoted, rolled back or taken away, null afterwards: a second rollout of one service breaks the constraint';

update rollout set slot = service
 where exists (select 1 from release
                where release.key_ = rollout.release_key and release.state not in ('STABLE', 'ROLLED_BACK', 'REJECTED', 'ABORTED'))
   and not exists (select 1 from rollout newer join release on release.key_ = newer.release_key
                    where newer.service = rollout.service and newer.release_key <> rollout.release_key
                      and release.state not in ('STABLE', 'ROLLED_BACK', 'REJECTED', 'ABORTED')
                      and (newer.started_at > rollout.started_at
                        or newer.started_at = rollout.started_at and newer.release_key > rollout.release_key));
