-- A plan that came as a document: a draft until a person takes it over.
alter table communication_plan add column document varchar(64);
comment on column communication_plan.document is 'the sha256 of the document that it was taken from; null where a person wrote it';
