create table alert (
  fingerprint varchar(64) not null,
  starts_at timestamp(6) with time zone not null,
  release_key varchar(200) not null,
  name varchar(200) not null,
  severity varchar(200) not null,
  action_ varchar(20) not null,
  sentence varchar(2000) not null,
  rule_version varchar(80),
  deliveries int not null,
  received_at timestamp with time zone not null,
  last_received_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  primary key (fingerprint, starts_at, release_key)
);
comment on table alert is 'what Alertmanager sent, once for each release that it concerned; an empty release is none';
