-- A notice as a module wrote it, in the transaction of what it tells.
create table mail (
  id bigint generated always as identity primary key,
  release_key varchar(200),
  kind varchar(40) not null,
  groups_ varchar not null,
  people varchar not null,
  subject varchar(500) not null,
  text_ varchar not null,
  html varchar not null,
  invitation varchar,
  created_at timestamp with time zone not null,
  trying_since timestamp with time zone not null,
  addressed_at timestamp with time zone,
  attempts int not null
);
comment on column mail.addressed_at is 'when the groups were resolved to people; null before the first attempt';
create index mail_of_release on mail (release_key, id);

-- One message to one person: nobody reads other addresses, and one bad address holds up nobody else.
create table mail_delivery (
  id bigint generated always as identity primary key,
  mail_id bigint not null references mail (id),
  person varchar(100) not null,
  name varchar(200),
  address varchar(320),
  message_id varchar(120) not null,
  ics varchar,
  state varchar(20) not null,
  last_error varchar(1000),
  done_at timestamp with time zone,
  unique (mail_id, person)
);
create index mail_delivery_in_state on mail_delivery (state);
create index mail_delivery_to on mail_delivery (person, mail_id);
