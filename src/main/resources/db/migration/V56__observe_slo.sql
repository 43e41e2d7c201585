-- Good and all requests of each objective: minutes for the short burn windows, hours for the long ones and the budget.
create table slo_count (
  service varchar(100) not null,
  slo varchar(200) not null,
  hourly boolean not null,
  at_ timestamp with time zone not null,
  good bigint not null,
  total bigint not null,
  primary key (service, slo, hourly, at_)
);
create index slo_count_age on slo_count (hourly, at_);
