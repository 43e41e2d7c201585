create table criteria_set (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  version int not null,
  round_ int not null,
  status varchar(20) not null,
  digest varchar(80) not null,
  reason varchar(2000) not null,
  proposed_by varchar(100) not null,
  proposed_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  settled_by varchar(400),
  unique (release_key, version)
);
comment on column criteria_set.round_ is 'of one negotiation: 1 for a first proposal or a change by the release manager, one more for each set that adopts counter-proposals';
comment on column criteria_set.status is 'PROPOSED, AGREED, REFUSED or SUPERSEDED';

create table criterion (
  set_id bigint not null references criteria_set (id),
  number_ int not null,
  text varchar(1000) not null,
  binding varchar(200) not null,
  limit_ varchar(80) not null,
  origin varchar(400) not null,
  before_ varchar(2000),
  primary key (set_id, number_)
);
comment on column criterion.before_ is 'what stood here in the set before, where a counter-proposal changed it';

create table criteria_counter_proposal (
  id bigint generated always as identity primary key,
  set_id bigint not null references criteria_set (id),
  party varchar(40) not null,
  person varchar(100) not null,
  number_ int,
  dropped boolean not null,
  text varchar(1000) not null,
  binding varchar(200) not null,
  limit_ varchar(80) not null,
  reason varchar(2000) not null,
  proposed_at timestamp with time zone not null,
  adopted boolean not null
);
comment on column criteria_counter_proposal.number_ is 'the criterion it is about; null for a new one';
create index criteria_counter_proposal_of on criteria_counter_proposal (set_id);

create table criteria_position (
  id bigint generated always as identity primary key,
  set_id bigint not null references criteria_set (id),
  party varchar(40) not null,
  person varchar(100) not null,
  choice varchar(20) not null,
  comment_ varchar(4000),
  taken_at timestamp with time zone not null,
  unique (set_id, party)
);
comment on column criteria_position.party is 'product, security, operations; their heads; executive';

create table criteria_statement (
  id bigint generated always as identity primary key,
  set_id bigint not null references criteria_set (id),
  person varchar(100) not null,
  text varchar(4000) not null,
  stated_at timestamp with time zone not null
);
create index criteria_statement_of on criteria_statement (set_id);
