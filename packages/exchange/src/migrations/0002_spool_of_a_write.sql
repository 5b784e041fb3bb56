-- Which data folder's spool has the files of a write: another process cannot add them, and must not think that they are lost.
alter table exchange.recorded_write add column spool_at text;
