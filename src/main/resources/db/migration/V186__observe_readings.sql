alter table observation add column readings varchar;
comment on column observation.readings is 'business figures and what pages of real users told, of both versions, counted since the observation began; null where its metrics have none';
