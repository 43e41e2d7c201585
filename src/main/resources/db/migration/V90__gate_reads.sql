-- A gate may read several types of documents.
alter table gate alter column reads_ set data type varchar(200);
