-- The gates of a release were found clear together, and people build on that: until its gates are asked again, or what they were judged on changes.
create table gate_confirmation (
  release_key varchar(200) primary key references release (key_),
  confirmed_at timestamp with time zone not null
);
