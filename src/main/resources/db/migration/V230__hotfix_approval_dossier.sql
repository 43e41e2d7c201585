-- What was approved: the same votes counted once more count from their first count on.
alter table hotfix_approval add column material_digest varchar(100);
comment on column hotfix_approval.material_digest is 'of the dossier that was decided on; null for approvals from before it was kept';
