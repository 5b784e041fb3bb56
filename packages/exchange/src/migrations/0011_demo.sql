-- The demo company's credentials are made once a database, whatever data folder it is started with. This row says by whom, and where they lie.
create table exchange.demo_credentials (
  only_one boolean primary key default true check (only_one),
  folder_id text not null,
  first_steps text not null,
  host text not null,
  made_at timestamptz not null default now()
);
