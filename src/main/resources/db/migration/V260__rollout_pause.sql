-- Since when a step's clock runs, and since when it stands: the wait for its verdict ends by them, not by when the step began.
alter table rollout_step add column clock_since timestamp with time zone;
alter table rollout_step add column paused_at timestamp with time zone;
