import { fixedSysId } from '../sys-id.ts'

/** A record that an instance begins with: fields in stored form, and at most one work note. */
export interface DemoRecord {
  readonly table: string
  readonly sysId: string
  readonly values: Readonly<Record<string, string>>
  readonly workNote?: string
}

/** A record of a table, in stored form. */
export const demoRecord = (table: string, sysId: string, values: Readonly<Record<string, string>>, workNote?: string): DemoRecord => ({
  table,
  sysId,
  values,
  ...(workNote === undefined ? {} : { workNote }),
})

/** A role, which `grant` names. */
export const role = (name: string, description: string) =>
  demoRecord('sys_user_role', fixedSysId(`demo sys_user_role ${name}`), { name, description })

/** Gives a user a role. */
export const grant = (userId: string, name: string) =>
  demoRecord('sys_user_has_role', fixedSysId(`demo grant ${userId} ${name}`), {
    user: userId,
    role: fixedSysId(`demo sys_user_role ${name}`),
  })

interface Person {
  readonly sysId: string
  readonly userName: string
  readonly email: string
}

/** A user with first and last name. */
export const person = (
  { sysId, userName, email }: Person,
  names: readonly [string, string],
  values: Readonly<Record<string, string>> = {},
) => demoRecord('sys_user', sysId, { user_name: userName, email, first_name: names[0], last_name: names[1], ...values })
