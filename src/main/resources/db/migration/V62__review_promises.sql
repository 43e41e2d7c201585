-- A condition due by a date is tracked in a process of its own once the review has decided, until it is met or falls.
alter table review_condition add tracked_at timestamp with time zone;
alter table review_condition add escalations integer default 0 not null;
