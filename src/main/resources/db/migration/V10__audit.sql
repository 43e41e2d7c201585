-- Leaf records of the transparency log, in the order they were committed; the sequencer turns them into the tree.
create table log_outbox (
  id bigint generated always as identity primary key,
  recorded_at timestamp with time zone not null,
  type varchar(80) not null,
  release_key varchar(200),
  actor varchar(120) not null,
  content varchar not null
);
create index log_outbox_release on log_outbox (release_key);

-- db-scheduler's table, as its documentation gives it.
create table scheduled_tasks (
  task_name varchar(200) not null,
  task_instance varchar(300) not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by varchar(200),
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures int,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  state varchar(50),
  primary key (task_name, task_instance)
);
create index scheduled_tasks_execution on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);
