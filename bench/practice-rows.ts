import type pg from 'pg'

/** Incidents that one group has, and that have one word of their own, whatever the size: what is asked for stays as large. */
export const OF_ONE_GROUP = 500
export const OF_ONE_WORD = 20

/** Fills an instance by statements, once. The texts have some thousand words, as tickets have. */
export async function fillPractice(client: pg.Client, schema: string, incidents: number): Promise<void> {
  const task = `${schema}.task`
  const { rows } = await client.query(`select count(*)::int as n from ${task}`)
  if (rows[0].n >= incidents) return
  const groups = incidents / OF_ONE_GROUP
  const words = incidents / OF_ONE_WORD
  const system = `sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count`
  const now = `now() at time zone 'UTC'`
  console.log(`filling ${task} with ${incidents} incidents`)
  await client.query(`
    insert into ${schema}.sys_user_group (${system}, name, active)
      select md5('group ' || n), ${now}, 'bench', ${now}, 'bench', 0, 'Bench group ' || n, true from generate_series(0, ${groups - 1}) n;
    insert into ${schema}.sys_user (${system}, user_name, name, active)
      select md5('user ' || n), ${now}, 'bench', ${now}, 'bench', 0, 'bench.user.' || n, 'Bench User ' || n, true from generate_series(0, ${incidents / 100}) n`)
  await client.query(`
    insert into ${task} (${system}, sys_class_name, sys_domain, sys_domain_path, number, task_effective_number, short_description, description,
      state, incident_state, active, priority, impact, urgency, severity, notify, approval, upon_approval, upon_reject, escalation, made_sla,
      knowledge, reassignment_count, category, contact_type, opened_at, opened_by, caller_id, assigned_to, assignment_group,
      correlation_id, child_incidents, reopen_count)
    select md5('incident ' || n), at, 'bench', at + (n % 977) * interval '1 minute', 'bench', n % 7, 'incident', 'global', '/',
      'INC' || lpad((1000000 + n)::text, 7, '0'), 'INC' || lpad((1000000 + n)::text, 7, '0'),
      'The printer on floor ' || n % 40 || ' says word' || n % 4001,
      'Since word' || n % 3001 || ' nothing but word' || n % 2003 || ' comes out of it, and its light blinks word' || n % 997 || ' times. needle' || n % ${words},
      state, state, state <> 7, 1 + n % 5, 1 + n % 3, 1 + n % 3, 3, 1, 'not requested', 'proceed', 'cancel', 0, true,
      false, 0, 'inquiry', 'web', at, md5('user ' || n % ${incidents / 100}), md5('user ' || n % ${incidents / 100}),
      md5('user ' || n % 97), md5('group ' || n % ${groups}), 'bench-' || n, 0, 0
    from (select n, case when n % 3 = 0 then 7 else 1 + n % 3 end as state, timestamp '2026-01-01' + n * interval '13 seconds' as at
      from generate_series(0, ${incidents - 1}) n) i`)
  for (const table of ['task', 'sys_user', 'sys_user_group']) await client.query(`vacuum analyze ${schema}.${table}`)
}
