create index rollout_begun_of_service on rollout (service, started_at desc);
