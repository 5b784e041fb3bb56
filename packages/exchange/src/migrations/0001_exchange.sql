-- Who the partners are, and what each may exchange.

create table exchange.environment (
  name text primary key check (name in ('sandbox', 'production')),
  -- Exceptions to mapping/table.ts for this environment, in the same shape.
  mapping jsonb not null default '{}'
);
insert into exchange.environment (name) values ('sandbox'), ('production');

create table exchange.partner (
  partner_id uuid primary key default gen_random_uuid(),
  name text not null unique,
  made_at timestamptz not null default now()
);

create table exchange.agreement (
  partner_id uuid not null references exchange.partner,
  environment text not null references exchange.environment,
  terms jsonb not null,
  changed_at timestamptz not null default now(),
  primary key (partner_id, environment)
);

create table exchange.project (
  project_id uuid primary key default gen_random_uuid(),
  partner_id uuid not null references exchange.partner,
  environment text not null references exchange.environment,
  name text not null,
  client_id text not null unique,
  delivery text not null default 'read-once' check (delivery in ('read-once', 'acknowledge')),
  active boolean not null default true,
  made_at timestamptz not null default now()
);

-- Secrets and tokens are random 256-bit values, so a plain sha256 is all the hashing they need.
create table exchange.client_secret (
  secret_sha256 bytea primary key,
  project_id uuid not null references exchange.project,
  made_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index on exchange.client_secret (project_id);

create table exchange.access_token (
  token_sha256 bytea primary key,
  project_id uuid not null references exchange.project,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index on exchange.access_token (expires_at);
create index on exchange.access_token (project_id);

create table exchange.wrong_secret (
  client_id text not null,
  address text not null,
  at timestamptz not null default now()
);
create index on exchange.wrong_secret (client_id, address, at);

create table exchange.quota_window (
  project_id uuid not null references exchange.project,
  starts_at timestamptz not null,
  used integer not null,
  primary key (project_id, starts_at)
);

create table exchange.person (
  person_id uuid primary key default gen_random_uuid(),
  email text not null unique,
  password_argon2 text not null,
  role text not null check (role in ('operator', 'partner')),
  partner_id uuid references exchange.partner,
  check ((role = 'partner') = (partner_id is not null))
);

-- Sign-in of the practice instances only. They live in this same database, so hiding it here would protect nothing.
create table exchange.practice_sign_in (
  environment text not null references exchange.environment,
  name text not null,
  secret text not null,
  primary key (environment, name)
);

-- What binds a partner's number to a record of the instance. A row is made when a partner reserves a reference (then the
-- record follows) or when a partner is told of a record (then the reference follows).

create table exchange.bond (
  bond_id uuid primary key default gen_random_uuid(),
  environment text not null references exchange.environment,
  partner_id uuid not null references exchange.partner,
  word text not null,
  is_task boolean not null,
  reference text,
  correlation_id text,
  table_name text not null,
  sys_id text,
  number text,
  made_at timestamptz not null default now(),
  -- The New that told the partner, and what it answered.
  new_transaction_id uuid,
  new_at timestamptz,
  response_transaction_id uuid,
  response_status text,
  response_error text,
  response_at timestamptz
);
create unique index bond_reference on exchange.bond (environment, partner_id, is_task, reference);
create unique index bond_record on exchange.bond (environment, sys_id, partner_id);
create index on exchange.bond (environment, correlation_id) where correlation_id is not null;
create index bond_unanswered on exchange.bond (new_at) where new_at is not null and response_at is null;

-- Every write that a partner asked for, from the moment it was accepted until ServiceNow has all of it.

create table exchange.recorded_write (
  write_id uuid primary key,
  place bigint generated always as identity,
  environment text not null references exchange.environment,
  -- Null: the exchange's own (a task's comment carried to its ticket).
  partner_id uuid references exchange.partner,
  operation text not null,
  request_key text not null,
  idempotency_key text,
  content_sha256 text not null,
  table_name text not null,
  sys_id text,
  number text,
  reference text,
  plan jsonb not null,
  progress jsonb not null default '[]',
  -- open: to be finished. halted: ServiceNow refused a later step, only the partner's retry goes on. done: all of it is there.
  state text not null default 'open' check (state in ('open', 'halted', 'done')),
  spool_folder text,
  -- Which data folder's spool has the files: another process cannot add them, and must not think that they are lost.
  spool_at text,
  accepted_at timestamptz not null default now(),
  attempted_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  finished_at timestamptz,
  holder text,
  held_until timestamptz
);
create unique index recorded_write_request on exchange.recorded_write (environment, partner_id, request_key) nulls not distinct;
create unique index recorded_write_key on exchange.recorded_write (environment, partner_id, idempotency_key) where idempotency_key is not null;
create index recorded_write_record on exchange.recorded_write (environment, sys_id);
create index recorded_write_open on exchange.recorded_write (next_attempt_at) where state = 'open';

-- The update queue of each partner.

create table exchange.queue (
  environment text not null references exchange.environment,
  partner_id uuid not null references exchange.partner,
  last_number bigint not null default 0,
  position bigint not null default 0,
  lease_id uuid,
  lease_end bigint,
  lease_until timestamptz,
  primary key (environment, partner_id)
) with (fillfactor = 50);

create table exchange.update (
  environment text not null,
  partner_id uuid not null,
  number bigint not null,
  transaction_id uuid not null,
  at timestamptz not null,
  appended_at timestamptz not null default now(),
  sys_id text not null,
  ticket_number text not null,
  action text not null,
  -- The message as the partner reads it, byte for byte.
  message text not null,
  primary key (environment, partner_id, number)
);
create unique index update_transaction on exchange.update (environment, partner_id, transaction_id);
create index on exchange.update (appended_at);
alter table exchange.update set (autovacuum_analyze_scale_factor = 0.01, autovacuum_vacuum_scale_factor = 0.01);

-- Capture: how far it got, what it has still to look at, what it has already turned into updates.

create table exchange.capture (
  environment text primary key references exchange.environment,
  -- Records and rows older than this are history from before Deskbridge; null until the first look.
  baseline text,
  updated_on text,
  attachments_on text,
  holder text,
  fence bigint not null default 0,
  held_until timestamptz
);
insert into exchange.capture (environment) values ('sandbox'), ('production');

create table exchange.capture_due (
  environment text not null references exchange.environment,
  sys_id text not null,
  table_name text not null,
  noticed_at timestamptz not null default now(),
  primary key (environment, sys_id)
);

create table exchange.captured_record (
  environment text not null references exchange.environment,
  sys_id text not null,
  mod_count integer not null,
  updated_on text not null,
  -- The fields as last seen: what is compared where sys_audit cannot be read. Null: only known to exist.
  fields jsonb,
  primary key (environment, sys_id)
);

create table exchange.captured_source (
  environment text not null references exchange.environment,
  source_id text not null,
  record_sys_id text not null,
  -- The recorded write that produced this row, if one did.
  write_id uuid,
  captured_at timestamptz not null default now(),
  primary key (environment, source_id)
);
create index on exchange.captured_source (environment, record_sys_id);
create index on exchange.captured_source (captured_at);
