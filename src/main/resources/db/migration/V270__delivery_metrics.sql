-- Delivery metrics ask for the deployments of a period, of all services or of some; and for what was deployed right before a hotfix.
create index rollout_started on rollout (started_at);
create index rollout_of_service on rollout (service, started_at);
