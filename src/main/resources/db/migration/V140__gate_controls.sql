-- How each named control of a regulation stood in an evaluation.
alter table gate_evaluation add column controls varchar default '[]' not null;
