create table rollback (
  release_key varchar(200) primary key references release (key_),
  detected_at timestamp with time zone not null,
  detected_by varchar(100) not null,
  cause varchar(2000) not null,
  budget varchar(20) not null,
  started_at timestamp with time zone not null,
  traffic_back_at timestamp with time zone,
  breached_at timestamp with time zone,
  finished_at timestamp with time zone,
  failed_rung varchar(2000),
  validation varchar
);
