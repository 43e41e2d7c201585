-- A verdict names what the team's own canary configuration adds to the table, and a rollback must not fail for a name that is long.
alter table observation alter column rule_version set data type varchar(300);
alter table observation_judgement alter column rule_version set data type varchar(300);
