-- By which groups the person was asked who had a database taken down; still in one of them when it happens.
alter table rollback_downgrade add column asked_groups varchar(1000);
comment on column rollback_downgrade.asked_groups is 'with a comma between them; null for decisions from before they were kept';
