-- What runs on the sample target: a real target survives the death of the platform that steers it.
create table sandbox_target (
  service varchar(100) primary key,
  stable_version varchar(80) not null,
  stable_digest varchar(80) not null,
  stable_faults varchar not null,
  candidate_version varchar(80),
  candidate_digest varchar(80),
  candidate_faults varchar not null,
  share double precision not null
);
comment on column sandbox_target.candidate_faults is 'of the candidate, or of the next one where none runs';
