-- Who holds a recorded write may have stood still: every statement that moves it names the holder and this number, which goes up
-- with each new holder.
alter table exchange.recorded_write add column fence bigint not null default 0;

-- What the step adds that is begun and whose outcome is not written down: an entry in the journal, or a file by its hash. While it is
-- there no other entry, or equal file, is sent to the same record, so that what is found there belongs to nobody else.
alter table exchange.recorded_write add column under_way text;
create unique index recorded_write_under_way on exchange.recorded_write (environment, sys_id, under_way) where under_way is not null;

-- Why only a person can say how it goes on, and since when.
alter table exchange.recorded_write add column parked text;
alter table exchange.recorded_write add column parked_since timestamptz;
create index recorded_write_unfinished on exchange.recorded_write (holder) where state <> 'done';
create index recorded_write_parked on exchange.recorded_write (environment) where parked is not null;

-- One row a data folder, counted up by its process, which keeps the number in the folder too: a database that has a smaller one
-- has gone back in time.
create table exchange.folder_mark (
  folder text primary key,
  counter bigint not null,
  at timestamptz not null default clock_timestamp()
);

-- Writes that were accepted and then taken away, because ServiceNow refused them: for an hour, so that nobody takes their absence for a
-- loss.
create table exchange.forgotten_write (
  write_id uuid primary key,
  at timestamptz not null default clock_timestamp()
);

-- Times that the database has lost. Until `until` whatever it does not know is looked for in ServiceNow before it is written.
create table exchange.horizon (
  horizon_id bigint generated always as identity primary key,
  -- What was written since then may be missing here.
  since timestamptz not null,
  noticed_at timestamptz not null default clock_timestamp(),
  until timestamptz not null,
  why text not null
);

-- The bond of a filed ticket that the database had lost, made again from what the record says: its filing is taken for it when it
-- comes again.
alter table exchange.bond add column remade boolean not null default false;
