-- Where the plan says that a person promotes a step that passed: who did, and why. One for each watch of a step: a step that is watched again is promoted again.
create table rollout_step_promotion (
  observation varchar(300) primary key,
  release_key varchar(200) not null references release (key_),
  person varchar(120) not null,
  reason varchar(2000) not null,
  promoted_at timestamp with time zone not null
);
