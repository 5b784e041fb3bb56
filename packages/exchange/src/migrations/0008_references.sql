-- A reference is kept as it was first sent, and found by its key: the same name in other bytes is the same reference (mapping/same-name.ts).
alter table exchange.bond add column reference_key text;
-- It was there beside another one with the same key before keys were: each keeps its own meaning, and only its very bytes name it.
alter table exchange.bond add column keeps_its_form boolean not null default false;

with normal as (
  select bond_id, regexp_replace(
    regexp_replace(normalize(reference, NFC), '\r\n|[\n\v\f\r\u0085\u2028\u2029]', ' ', 'g'),
    '^[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+|[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+$',
    '', 'g') as key
  from exchange.bond where reference is not null
), placed as (
  select b.bond_id, b.reference, n.key,
    row_number() over (partition by b.environment, b.partner_id, b.is_task, n.key order by (b.reference = n.key) desc, b.made_at, b.bond_id) as place,
    count(*) over (partition by b.environment, b.partner_id, b.is_task, n.key) as alike
  from exchange.bond b join normal n using (bond_id)
)
update exchange.bond b set keeps_its_form = p.alike > 1, reference_key = case when p.place = 1 then p.key else p.reference end
from placed p where p.bond_id = b.bond_id;

drop index exchange.bond_reference;
create unique index bond_reference_key on exchange.bond (environment, partner_id, is_task, reference_key);
create index bond_keeps_its_form on exchange.bond (environment) where keeps_its_form;

-- A filing is known by the key of its reference.
update exchange.recorded_write w set request_key = 'reference:' || b.reference_key
from exchange.bond b
where b.bond_id = w.write_id and b.reference_key <> b.reference and w.request_key = 'reference:' || b.reference;
