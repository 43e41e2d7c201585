-- The report of a period reads evaluations by time, page by page.
create index gate_evaluation_at on gate_evaluation (evaluated_at, id);
