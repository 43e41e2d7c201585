-- Each time that people are asked to assess a release's impact on personal data.
create table impact_assessment (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  asked_at timestamp with time zone not null,
  escalated_at timestamp with time zone,
  outcome varchar(40),
  person varchar(100),
  ended_at timestamp with time zone,
  document varchar(64)
);
comment on column impact_assessment.outcome is 'the decision, or moot: not needed any more; null while it is open';
comment on column impact_assessment.document is 'the sha256 of the assessment that was made';
create index impact_assessment_of_release on impact_assessment (release_key, id);
