-- Of the catalog, where a document names one.
alter table evidence add column environment varchar(255);
