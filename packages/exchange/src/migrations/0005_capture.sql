-- A record that cannot be captured now: why (`capture-blind`, `record-parked`), since when, and when it is tried again. All others go on.
alter table exchange.capture_due add column trouble text;
alter table exchange.capture_due add column cause text;
alter table exchange.capture_due add column parked_since timestamptz;
alter table exchange.capture_due add column tries integer not null default 0;
alter table exchange.capture_due add column again_at timestamptz;

-- Whose a record was, where it was moved: from `at` on (the instance's time of the save), with the journal entries of that very save.
-- A partner is shown of its history what was said while it was its own.
create table exchange.handover (
  environment text not null references exchange.environment,
  sys_id text not null,
  place bigint generated always as identity,
  at text not null,
  entries text[] not null,
  -- Null: nobody's.
  from_partner uuid references exchange.partner,
  to_partner uuid references exchange.partner,
  primary key (environment, sys_id, place)
);

-- Whether the record was a partner's when it was captured, and when that was: of what is nobody's nothing is kept for long.
alter table exchange.captured_record add column partners boolean not null default true;
alter table exchange.captured_record add column captured_at timestamptz not null default now();
create index captured_record_nobodys on exchange.captured_record (captured_at) where not partners;
create index recorded_write_finished on exchange.recorded_write (finished_at) where state = 'done' and plan <> '[]';
