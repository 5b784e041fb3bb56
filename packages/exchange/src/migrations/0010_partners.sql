-- Who has an agreement can be told: without a queue its updates would have no place, whoever made the agreement.
create function exchange.open_queue() returns trigger language plpgsql as $$
begin
  insert into exchange.queue (partner_id, environment) values (new.partner_id, new.environment) on conflict do nothing;
  return null;
end $$;
create trigger agreement_opens_queue after insert on exchange.agreement for each row execute function exchange.open_queue();
insert into exchange.queue (partner_id, environment) select partner_id, environment from exchange.agreement on conflict do nothing;

-- Since when the partner's tokens and secrets open nothing; null: they do. Its history stays, and so do its updates.
alter table exchange.partner add column suspended_at timestamptz;
