import { description, type Ground } from '../proof/ground.ts'

/** Cases of the five rows that every kind of task record has. */
export function taskCases<const Family extends string>({ make, makeNumbered }: Ground, family: Family, table: string) {
  const five = {
    get: async () => {
      const { sysId, number } = await makeNumbered(table)
      return { input: { sysId }, answer: { sys_id: sysId, number } }
    },
    getByNumber: async () => {
      const { sysId, number } = await makeNumbered(table)
      return { input: { number }, answer: { sys_id: sysId } }
    },
    list: async () => {
      const sysId = await make(table)
      return { input: { query: `sys_id=${sysId}` }, answer: { rows: [{ sys_id: sysId }], total: 1 } }
    },
    create: async () => {
      const values = description()
      return { input: { values }, answer: values }
    },
    update: async () => {
      const values = description()
      return { input: { sysId: await make(table), values }, answer: values }
    },
  }
  const entries = Object.entries(five).map(([verb, one]) => [`${family}.${verb}`, one])
  return Object.fromEntries(entries) as { [Verb in keyof typeof five as `${Family}.${Verb}`]: (typeof five)[Verb] }
}
