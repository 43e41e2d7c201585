alter table reported_deployment add column first_end_at timestamp with time zone;
comment on column reported_deployment.first_end_at is 'the earliest end that was said of it: what is said to have begun after that is no beginning of it';
update reported_deployment set first_end_at = coalesce(finished_at, stated_at) where state in ('SUCCESS', 'FAILURE');
create index reported_deployment_newest on reported_deployment (began_at desc, id);
-- What is counted at each scrape stands in it: the rows are not read.
create index reported_deployment_counted on reported_deployment (service, source, standing, began_at);
