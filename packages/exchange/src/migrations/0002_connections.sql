-- Saved connections to ServiceNow instances. `in_use` and `previous` hold who signs in, readable, and the credentials, sealed
-- (AES-256-GCM) for this very name, environment and address; the key is not in the database.
-- json, not jsonb: the words of an instance in `health` may hold what jsonb refuses (U+0000).
create table exchange.connection (
  name text primary key,
  environment text not null check (environment in ('sandbox', 'production')),
  url text not null,
  in_use json not null,
  previous json,
  health json,
  changed_at timestamptz not null default now()
);
