alter table observation add column segments varchar default '[]' not null;
comment on column observation.segments is 'errors and requests of candidate and baseline in the release''s earlier steps, by share: evidence on errors multiplies across them';
