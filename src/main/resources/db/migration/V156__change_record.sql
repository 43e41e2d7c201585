-- Change records of organisations that have no system for them. A record's approvals are rows of their own; none is ever changed after it was given.
create table change_record (
  number_ varchar(40) primary key,
  service varchar(200) not null,
  version varchar(200) not null,
  summary varchar(2000) not null,
  window_start timestamp with time zone not null,
  window_end timestamp with time zone not null,
  entered_by varchar(120) not null,
  entered_at timestamp with time zone not null,
  withdrawn_by varchar(120),
  withdrawn_at timestamp with time zone
);
create index change_record_of on change_record (service, version);
create table change_record_approval (
  number_ varchar(40) not null references change_record (number_),
  group_ varchar(120) not null,
  approver varchar(120),
  decision varchar(20),
  reason varchar(2000),
  decided_at timestamp with time zone,
  primary key (number_, group_)
);
-- Gives the numbers.
create table change_record_number (
  id bigint generated always as identity primary key,
  drawn_at timestamp with time zone not null
);
