alter table observation add column baseline_last varchar;
comment on column observation.baseline_last is 'what the baseline had last of each metric beside requests that is held against it once everybody is on the candidate; null where the baseline serves beside the candidate, and for observations older than this column';
