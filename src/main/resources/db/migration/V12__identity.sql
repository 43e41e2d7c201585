-- One-time secrets that have been used, as SHA-256; a secret found here opens nothing.
create table identity_bootstrap (
  secret_digest varchar(64) primary key,
  used_at timestamp with time zone not null
);
