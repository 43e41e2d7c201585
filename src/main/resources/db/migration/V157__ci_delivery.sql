-- Webhooks of build servers that were taken in: the same delivery, sent again, starts nothing.
create table ci_delivery (
  sender varchar(20) not null,
  delivery varchar(100) not null,
  received_at timestamp with time zone not null,
  primary key (sender, delivery)
);
create index ci_delivery_received on ci_delivery (received_at);
