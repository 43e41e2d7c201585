alter table observation add column false_alarms varchar;
comment on column observation.false_alarms is 'how often the metrics of a step alarm on the baseline itself; null until that was measured';
