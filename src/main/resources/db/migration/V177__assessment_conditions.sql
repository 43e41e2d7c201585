-- A condition that an assessment puts on a release falls with the assessment.
alter table review_condition add document varchar(64);
comment on column review_condition.document is 'the sha256 of the assessment that demands it; null where a vote or the review of the history does';
alter table review_condition add withdrawn_at timestamp with time zone;
comment on column review_condition.withdrawn_at is 'when the assessment that demands it was replaced';
