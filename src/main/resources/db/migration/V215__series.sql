-- Read at each scrape: those under way among all that ever were.
create index rollback_under_way on rollback (finished_at);
