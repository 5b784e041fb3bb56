-- Which company or account of ServiceNow stands for a partner is said by its agreement. It stands for one partner only: were it two,
-- each would be shown what is the other's.
create unique index agreement_organisation on exchange.agreement (environment, (terms -> 'organisation' ->> 'sysId'))
  where terms -> 'organisation' ->> 'sysId' is not null;

-- Every mapping that a person has confirmed or taken away (then without a record). Rows are only added.
create table exchange.organisation_mapping (
  mapping_id bigint generated always as identity primary key,
  partner_id uuid not null references exchange.partner,
  environment text not null references exchange.environment,
  record_table text,
  sys_id text,
  record_name text,
  confirmed_by text not null,
  confirmed_at timestamptz not null default now()
);
create index on exchange.organisation_mapping (partner_id, environment, mapping_id desc);

-- What else is known by name of a partner in an environment. Nothing secret: it is shown to the operator's people.
create table exchange.organisation_variable (
  partner_id uuid not null references exchange.partner,
  environment text not null references exchange.environment,
  name text not null,
  value text not null,
  primary key (partner_id, environment, name)
);
