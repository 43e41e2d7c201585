alter table observation_sample add column values_ varchar;
comment on column observation_sample.values_ is 'what the metrics of the team''s own canary configuration were in the interval, by name: written with the measurement, so that they cost no row and no statement; null where the service has no such configuration';
alter table observation add column score varchar;
comment on column observation.score is 'score of the team''s own canary configuration as of the newest window that was complete, with its groups and metrics; null until one is, and without such a configuration';
