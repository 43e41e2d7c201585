alter table review_delegation add column withdrawn_at timestamp with time zone;
