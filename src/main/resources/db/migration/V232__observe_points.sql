alter table observation_sample add column points varchar;
comment on column observation_sample.points is 'business figures and what pages of real users told, as the look that stored this measurement knew them: written with the newest one only, so that charts cost no row and no statement more; null where the metrics have none';
