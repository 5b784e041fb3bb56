import type { Caller } from '../caller/caller.ts'
import type { Database } from '../storage/database.ts'

/**
 * Which of some user criteria somebody meets: any of what is filled in, or all of it where `match_all` says so. One in which
 * nothing is filled in, or that is decided by a script, is met by nobody.
 */
export async function findMetCriteria(database: Database, caller: Caller, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const name = (table: string) => database.name(table)
  const listed = (field: string) => `any(string_to_array(c.${field}, ','))`
  const rows = await database.run(
    `select c.sys_id from ${name('user_criteria')} c join ${name('sys_user')} u on u.sys_id = $2
     where c.sys_id = any($1::text[]) and c.active and c.advanced is not true and (
       select case when c.match_all then bool_and(met) else bool_or(met) end
       from (values
         (c."user", u.sys_id = ${listed('"user"')}),
         (c."group", exists (select from ${name('sys_user_grmember')} m where m."user" = u.sys_id and m."group" = ${listed('"group"')})),
         (c.role, exists (select from ${name('sys_user_role')} r where r.name = any($3::text[]) and r.sys_id = ${listed('role')})),
         (c.company, coalesce(u.company = ${listed('company')}, false)),
         (c.location, coalesce(u.location = ${listed('location')}, false)),
         (c.department, coalesce(u.department = ${listed('department')}, false))
       ) asked (filled, met) where filled is not null)`,
    [ids, caller.sysId, [...caller.roles]],
  )
  return new Set(rows.flatMap(([sysId]) => sysId ?? []))
}
