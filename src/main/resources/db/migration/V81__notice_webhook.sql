-- What a system is told beside the people; the body is what is signed and sent, the same at each attempt.
create table webhook_delivery (
  id bigint generated always as identity primary key,
  receiver varchar(40) not null,
  mail_id bigint not null references mail (id),
  body varchar not null,
  created_at timestamp with time zone not null,
  attempts int not null,
  state varchar(20) not null,
  last_error varchar(1000),
  done_at timestamp with time zone
);
create index webhook_delivery_in_state on webhook_delivery (state);
create index webhook_delivery_of_mail on webhook_delivery (mail_id);
