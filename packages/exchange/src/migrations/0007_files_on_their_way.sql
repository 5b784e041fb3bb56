-- Files on their way are asked for every minute, and are few among all writes.
create index recorded_write_files on exchange.recorded_write (spool_at) where spool_folder is not null;
