import { afterAll, beforeAll, describe, expect } from 'vitest'
import { DEMO, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
const problems: string[] = []
const group: Record<string, string> = {}
const tag: Record<string, string> = {}

/** Four problems with 0, 1, 2 and 3 incidents, of which the first of each is on hold. */
beforeAll(async () => {
  room = await openRoom()
  for (const count of [0, 1, 2, 3]) {
    const { sys_id } = await room.create('problem', {
      short_description: `P${count}`,
      correlation_display: 'related',
      description: `I${count}`,
    })
    problems.push(sys_id!)
    for (let at = 0; at < count; at += 1)
      await room.create('incident', {
        problem_id: sys_id,
        short_description: `I${count}`,
        correlation_display: 'related',
        subcategory: at === 0 ? 'first' : 'further',
        category: at === 2 ? 'network' : 'hardware',
      })
  }
  Object.assign(group, await room.create('sys_user_group', { name: 'Tested group' }))
  await room.create('sys_user_grmember', { user: DEMO.admin.sysId, group: group.sys_id })
  Object.assign(tag, await room.create('label', { name: 'Tested tag' }))
  await room.create('label_entry', { label: tag.sys_id, table: 'problem', table_key: problems[1] })
})
afterAll(() => room.close())

async function found(encodedQuery: string, user = 'admin'): Promise<string[]> {
  return room.find('problem', `correlation_display=related^${encodedQuery}^ORDERBYshort_description`, 'short_description', user)
}

describe('RLQUERY counts the rows of another table that refer to this one', () => {
  const cases: [string, string[]][] = [
    ['RLQUERYincident.problem_id,>=1^ENDRLQUERY', ['P1', 'P2', 'P3']],
    ['RLQUERY incident.problem_id,>=1^ENDRLQUERY', ['P1', 'P2', 'P3']],
    ['RLQUERYincident.problem_id,>0^ENDRLQUERY', ['P1', 'P2', 'P3']],
    ['RLQUERYincident.problem_id,>=0^ENDRLQUERY', ['P0', 'P1', 'P2', 'P3']],
    ['RLQUERYincident.problem_id,=0^ENDRLQUERY', ['P0']],
    ['RLQUERYincident.problem_id,<1^ENDRLQUERY', ['P0']],
    ['RLQUERYincident.problem_id,<0^ENDRLQUERY', []],
    ['RLQUERYincident.problem_id,!=0^ENDRLQUERY', ['P1', 'P2', 'P3']],
    ['RLQUERYincident.problem_id,=2^ENDRLQUERY', ['P2']],
    ['RLQUERYincident.problem_id,!=2^ENDRLQUERY', ['P0', 'P1', 'P3']],
    ['RLQUERYincident.problem_id,>=2^ENDRLQUERY', ['P2', 'P3']],
    ['RLQUERYincident.problem_id,<=1^ENDRLQUERY', ['P0', 'P1']],
    ['RLQUERYincident.problem_id,<3^ENDRLQUERY', ['P0', 'P1', 'P2']],
    ['RLQUERYincident.problem_id,>=1,m2m^ENDRLQUERY', ['P1', 'P2', 'P3']],
    ['RLQUERYincident.problem_id,>=1^subcategory=further^ENDRLQUERY', ['P2', 'P3']],
    ['RLQUERYincident.problem_id,>=1,subcategory=further^ENDRLQUERY', ['P2', 'P3']],
    ['RLQUERYincident.problem_id,>=2,m2m,category=hardware^ENDRLQUERY', ['P2', 'P3']],
    ['RLQUERYincident.problem_id,=0^category=network^ENDRLQUERY', ['P0', 'P1', 'P2']],
    ['RLQUERYincident.problem_id,>=1^category=network^ORsubcategory=nothing^ENDRLQUERY^short_description!=P9', ['P3']],
    ['RLQUERYincident.problem_id,>=1^opened_by.user_name=admin^ENDRLQUERY', ['P1', 'P2', 'P3']],
    ['RLQUERYtask.problem_id,>=1^ENDRLQUERY', []],
    ['short_description=P0^RLQUERYincident.problem_id,>=1^ENDRLQUERY', []],
    ['short_description=P3^ORRLQUERYincident.problem_id,=2^ENDRLQUERY', []],
    ['RLQUERYincident.problem_id,>=3', ['P3']],
  ]
  // `problem_id` is a field of the incident, so a related list of all tasks by it names no field and is dropped.
  for (const [text, expected] of cases)
    test(text, async () => expect(await found(text)).toEqual(text.includes('RLQUERYtask') ? ['P0', 'P1', 'P2', 'P3'] : expected))

  test('a related list inside a related list is an invalid term', async () => {
    expect(await found('RLQUERYincident.problem_id,>=2^RLQUERYtask.parent,>=1^ENDRLQUERY')).toEqual(['P2', 'P3'])
  })
})

describe('JOIN finds rows whose field is the same as that of a row in another table', () => {
  const cases: [string, string[]][] = [
    ['JOINproblem.sys_id=incident.problem_id!', ['P1', 'P2', 'P3']],
    ['JOINproblem.sys_id=incident.problem_id!subcategory=further', ['P2', 'P3']],
    ['JOINproblem.sys_id=incident.problem_id!subcategory=further^^category=network', ['P3']],
    ['JOINproblem.sys_id=incident.problem_id!^short_description!=P2', ['P1', 'P3']],
    ['JOINtask.sys_id=incident.problem_id!category=network', ['P3']],
    ['JOINproblem.description=incident.short_description!category=network', ['P3']],
    ['JOINproblem.opened_by=sys_user.sys_id!user_name=admin', ['P0', 'P1', 'P2', 'P3']],
    ['JOINproblem.opened_by=sys_user.sys_id!user_name=nobody', []],
    ['JOINproblem.opened_by=sys_user.sys_id!^JOINsys_user.sys_id=sys_user_grmember.user!group.name=Tested group', ['P0', 'P1', 'P2', 'P3']],
    ['JOINproblem.opened_by=sys_user.sys_id!^JOINsys_user.sys_id=sys_user_grmember.user!group.name=Another', []],
    ['short_description=P0^ORJOINproblem.sys_id=incident.problem_id!category=network', ['P0', 'P3']],
  ]
  for (const [text, expected] of cases) test(text, async () => expect(await found(text)).toEqual(expected))

  test('from another table, to no table, or between a number and a text it is an invalid term', async () => {
    for (const text of [
      'JOINsys_user.sys_id=incident.problem_id!',
      'JOINproblem.sys_id=nothing.problem_id!',
      'JOINproblem.sys_id=incident.nothing!',
      'JOINproblem.sys_id=incident.impact!',
      'JOINproblem.sys_id=sys_user.user_password!',
      'JOINproblem.sys_id',
    ])
      expect(await found(text), text).toHaveLength(4)
  })
})

test('rows that the caller may not see do not count', async () => {
  const mine = await room.create('incident', { caller_id: DEMO.customers[0].users[0].sysId, comments: 'seen', work_notes: 'secret' })
  const asked = (text: string) => room.find('incident', `sys_id=${mine.sys_id}^${text}`, 'number', 'north.user.one')
  expect(await asked('')).toEqual([mine.number])
  expect(await asked('RLQUERYsys_journal_field.element_id,>=1^value=secret^ENDRLQUERY')).toEqual([])
  expect(await asked('RLQUERYsys_journal_field.element_id,=0^ENDRLQUERY')).toEqual([mine.number])
  expect(await asked('JOINincident.sys_id=sys_journal_field.element_id!valueLIKEsecret')).toEqual([])
  expect(await asked('JOINincident.caller_id=sys_user.sys_id!')).toEqual([mine.number])
})

test('a dynamic option stands for the caller or for the groups that the caller is in', async () => {
  const mine = await room.create('incident', { assignment_group: group.sys_id, correlation_id: 'dynamic' })
  expect(await room.find('incident', 'correlation_id=dynamic^assignment_groupDYNAMICd6435e965f510100a9ad2572f2b47744')).toEqual([
    mine.number,
  ])
  const others = 'correlation_id=dynamic^assignment_groupDYNAMICd6435e965f510100a9ad2572f2b47744'
  expect(await room.find('incident', others, 'number', 'demo.agent.one')).toEqual([])
  expect(await room.find('incident', 'correlation_id=dynamic^opened_byDYNAMIC54635e965f510100a9ad2572f2b4774c')).toEqual([mine.number])
})

test('a hierarchy is its top and all below it, also where it runs in a circle', async () => {
  const place = async (name: string, parent = '') => (await room.create('cmn_location', { name, parent })).sys_id!
  const country = await place('Country')
  const city = await place('City', country)
  const street = await place('Street', city)
  const elsewhere = await place('Elsewhere')
  await room.call('PATCH', `/api/now/table/cmn_location/${country}`, { parent: street })
  for (const location of [country, city, street, elsewhere, ''])
    await room.create('incident', { location, correlation_id: 'hierarchy', short_description: location === '' ? 'nowhere' : location })
  const at = async (top: string) => (await room.find('incident', `correlation_id=hierarchy^locationIN_HIERARCHY${top}`, 'location')).sort()
  expect(await at(`location@${country}`)).toEqual([country, city, street].sort())
  expect(await at(`parent@${elsewhere}`)).toEqual([elsewhere])
  expect(await at('location@nothing')).toEqual([])
  expect(await at(`nonsense@${country}`)).toHaveLength(5)
  const agent = DEMO.admin.sysId
  const worker = (await room.create('sys_user', { user_name: 'managed.one', manager: agent })).sys_id!
  await room.create('incident', { assigned_to: worker, correlation_id: 'managed' })
  const managed = 'correlation_id=managed^assigned_toIN_HIERARCHY'
  expect(await room.find('incident', `${managed}user@${agent}`)).toHaveLength(1)
  expect(await room.find('incident', `${managed}_DYNAMICuser@90d1921e5f510100a9ad2572f2b477fe`)).toHaveLength(1)
  expect(await room.find('incident', `${managed}user@${worker}`)).toHaveLength(1)
  expect(await room.find('incident', `${managed}user@${DEMO.customers[0].users[0].sysId}`)).toEqual([])
})

test('a tag is asked for by its sys_id', async () => {
  expect(await found(`sys_tags.${tag.sys_id}=${tag.sys_id}`)).toEqual(['P1'])
  expect(await found(`sys_tags.${tag.sys_id}DOESNOTHAVE${tag.sys_id}`)).toEqual(['P0', 'P2', 'P3'])
  expect(await found(`sys_tags.${tag.sys_id}EXCLUDING${tag.sys_id}`)).toEqual(['P0', 'P2', 'P3'])
})
