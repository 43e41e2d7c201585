-- Slices of time and ratios are no whole numbers; neither are increases that a source has extrapolated.
alter table slo_count alter column good set data type double precision;
alter table slo_count alter column total set data type double precision;

-- How far each objective has been counted, and until when there was something to count, be it zero: a service without requests is told from one that nobody measures any more.
create table slo_progress (
  service varchar(100) not null,
  slo varchar(200) not null,
  counted_until timestamp with time zone,
  seen_until timestamp with time zone,
  trouble varchar(1000),
  primary key (service, slo)
);
insert into slo_progress (service, slo, counted_until, seen_until)
select service, slo, max(at_) + interval '1' minute, max(at_) + interval '1' minute from slo_count where hourly = false group by service, slo;
