-- Tries to sign in, counted before a secret is looked at. What is counted (a name, a network, both together) is hashed into a fixed
-- number of rows, so that strangers cannot make the table grow. Unlogged: a count is of use for a minute, and a flood of guesses is
-- neither written to the log of the database nor waited for by a standby. After a crash everybody begins with nothing counted.
create unlogged table exchange.sign_in_try (
  counted text not null,
  bucket integer not null,
  began_at timestamptz not null,
  tries integer not null,
  primary key (counted, bucket)
) with (fillfactor = 50);

-- Which row a name falls into is known to nobody: who cannot find two names of one row cannot use up a try of somebody else with them.
create table exchange.sign_in_seed (seed bigint not null);
insert into exchange.sign_in_seed select hashtextextended(gen_random_uuid()::text, 0);

-- From where each name has signed in: these places keep tries of their own while somebody else guesses at the name. Only a right
-- secret makes a row.
create table exchange.known_place (
  kind text not null check (kind in ('client', 'person')),
  name text not null,
  network text not null,
  last_right_at timestamptz not null default now(),
  primary key (kind, name, network)
);

drop table exchange.wrong_secret;
