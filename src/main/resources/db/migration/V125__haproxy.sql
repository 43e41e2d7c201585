create table haproxy_counter (
  service varchar(100) not null,
  server varchar(400) not null,
  share double precision not null,
  requests bigint not null,
  primary key (service, server)
);
comment on table haproxy_counter is 'what each server had counted when the share was set, to tell what has arrived since';
