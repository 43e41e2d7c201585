create table review_seat (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  seat varchar(120) not null,
  role varchar(80) not null,
  scope varchar(120) not null,
  group_ varchar(80) not null,
  flag varchar(20) not null,
  alternate varchar(80),
  authority varchar(80),
  meeting boolean not null,
  because varchar(500) not null,
  rule_version varchar(120) not null,
  since timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  unique (release_key, seat)
);
comment on column review_seat.withdrawn_at is 'set when the table no longer gives the seat for this release; its votes stay and count for nothing';

create table review_quorum (
  release_key varchar(200) primary key references release (key_),
  persons int not null,
  rule_version varchar(120) not null
);

-- Append-only: a vote is voided or superseded, never changed or deleted.
create table review_vote (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  seat varchar(120) not null,
  capacity varchar(20) not null,
  voter varchar(100) not null,
  on_behalf_of varchar(100),
  vote varchar(30) not null,
  reason varchar(4000),
  criterion varchar(500),
  dossier varchar(80) not null,
  seen varchar not null,
  cast_at timestamp with time zone not null,
  voided_at timestamp with time zone,
  voided_because varchar(1000),
  superseded_by bigint
);
create index review_vote_of on review_vote (release_key, id);
comment on column review_vote.capacity is 'seat or alternate';
comment on column review_vote.seen is 'digest of each part that concerns the seat, as it was when the vote was cast';

create table review_condition (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  vote_id bigint references review_vote (id),
  seat varchar(120),
  text varchar(2000) not null,
  owner varchar(100) not null,
  due timestamp with time zone not null,
  before_rollout boolean not null,
  check_ varchar(1000),
  stated_by varchar(100) not null,
  stated_at timestamp with time zone not null,
  met_at timestamp with time zone,
  met_by varchar(100),
  met_how varchar(2000)
);
create index review_condition_of on review_condition (release_key, id);

create table review_meeting (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  sequence_ int not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  invited_at timestamp with time zone not null,
  held_at timestamp with time zone,
  recorded_by varchar(100),
  minutes varchar
);
create index review_meeting_of on review_meeting (release_key, id);

create table review_attendance (
  id bigint generated always as identity primary key,
  meeting_id bigint not null references review_meeting (id),
  seat varchar(120) not null,
  status varchar(20) not null,
  person varchar(100),
  recorded_by varchar(100) not null,
  recorded_at timestamp with time zone not null
);
create index review_attendance_of on review_attendance (meeting_id, id);

create table review_history (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  mitigation_needed boolean not null,
  reason varchar(4000) not null,
  shown varchar not null,
  reviewed_by varchar(100) not null,
  reviewed_at timestamp with time zone not null
);
create index review_history_of on review_history (release_key, id);
comment on column review_history.shown is 'the figures that the reviewer saw';

create table review_delegation (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  seat varchar(120) not null,
  principal varchar(100) not null,
  delegate varchar(100) not null,
  until_ timestamp with time zone not null,
  given_at timestamp with time zone not null
);
create index review_delegation_of on review_delegation (release_key, seat);

create table review_alternate_asked (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  seat varchar(120) not null,
  dossier varchar(80) not null,
  asked_at timestamp with time zone not null
);
create index review_alternate_asked_of on review_alternate_asked (release_key, dossier);

create table review_escalation (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  dossier varchar(80) not null,
  rule_no int not null,
  why varchar(2000) not null,
  matters varchar not null,
  levels varchar not null,
  level_ varchar(40) not null,
  opened_at timestamp with time zone not null,
  level_since timestamp with time zone not null,
  decided_at timestamp with time zone,
  decision varchar(10)
);
create index review_escalation_of on review_escalation (release_key, dossier, id);
comment on column review_escalation.levels is 'the levels of the table as they were when it was opened';

create table review_escalation_answer (
  id bigint generated always as identity primary key,
  escalation_id bigint not null references review_escalation (id),
  level_ varchar(40) not null,
  group_ varchar(80) not null,
  person varchar(100) not null,
  answer varchar(10),
  statement varchar(4000) not null,
  at_ timestamp with time zone not null
);
create index review_escalation_answer_of on review_escalation_answer (escalation_id, id);
comment on column review_escalation_answer.answer is 'GO or NO_GO; null where only facts were stated';

create table review_appeal (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  dossier varchar(80) not null,
  seat varchar(120) not null,
  matter varchar(300) not null,
  authority varchar(80),
  why varchar(2000) not null,
  opened_at timestamp with time zone not null,
  answer varchar(10),
  answered_by varchar(100),
  answered_at timestamp with time zone,
  reason varchar(4000)
);
create index review_appeal_of on review_appeal (release_key, dossier, id);

create table review_decision (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  dossier varchar(80) not null,
  decision varchar(10) not null,
  outcome varchar(20) not null,
  rule_no int not null,
  why varchar(2000) not null,
  about varchar not null,
  dissent varchar not null,
  votes varchar not null,
  rule_versions varchar(1000) not null,
  decided_at timestamp with time zone not null
);
create index review_decision_of on review_decision (release_key, id);
comment on table review_decision is 'every time the decision rule was asked, not only the last';
comment on column review_decision.decision is 'GO, NO_GO or OPEN';
comment on column review_decision.votes is 'ids of the valid votes it rests on';

create table review_dossier_change (
  id bigint generated always as identity primary key,
  release_key varchar(200) not null references release (key_),
  before_ varchar(80),
  now_ varchar(80) not null,
  parts varchar not null,
  at_ timestamp with time zone not null
);
create index review_dossier_change_of on review_dossier_change (release_key, id);
