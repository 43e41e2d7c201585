-- Mail to people outside, who have no id here: the address stands for the person.
alter table mail add column addresses varchar default '' not null;
alter table mail_delivery alter column person set data type varchar(320);
