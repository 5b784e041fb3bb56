-- Who administers the exchange, and what partners' systems sign in with.

-- Of people who were there before, nobody knows since when.
alter table exchange.person add column made_at timestamptz;
alter table exchange.person alter column made_at set default now();
alter table exchange.person add column made_by text;

-- What a program, or a person's command line, asks the operator's operations with. Random 256-bit values, so a plain sha256 is enough.
create table exchange.operator_token (
  token_sha256 bytea primary key,
  name text not null,
  scope text not null check (scope in ('read', 'write')),
  -- The e-mail address of the person who made it: it ends when that person is removed.
  made_by text not null,
  made_at timestamptz not null default now(),
  ends_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create unique index operator_token_name on exchange.operator_token (name) where revoked_at is null;

alter table exchange.known_place drop constraint known_place_kind_check;
alter table exchange.known_place add constraint known_place_kind_check check (kind in ('client', 'person', 'token'));

alter table exchange.project add column made_by text;
alter table exchange.project add column ended_at timestamptz;

-- A secret that was rotated ends by itself at ends_at.
alter table exchange.client_secret add column made_by text;
alter table exchange.client_secret add column ends_at timestamptz;
alter table exchange.client_secret add column last_used_at timestamptz;

-- A token ends with the secret that it was got with. Null: it was got before tokens knew their secret, and ends when any secret of its
-- project is revoked; within an hour there is none.
alter table exchange.access_token add column secret_sha256 bytea references exchange.client_secret;
create index on exchange.access_token (secret_sha256);
