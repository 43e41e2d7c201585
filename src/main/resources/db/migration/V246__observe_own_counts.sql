alter table observation add column own_counts varchar;
comment on column observation.own_counts is 'what the own queries of its objectives have counted since it began, each minute or slice; null where its source asks for none';
