-- With many figures and pages what is said of a pass is longer than any bound, and a verdict must not fail for its words.
alter table observation alter column sentence set data type varchar;
alter table observation_judgement alter column sentence set data type varchar;
