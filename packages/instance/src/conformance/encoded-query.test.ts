import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly } from './which-instance.ts'

let room: Room

/** Twelve incidents whose fields are known, so that every operator has something to find and something to leave out. */
const SAMPLES = [
  { impact: '1', urgency: '1', subcategory: 'alpha', description: 'first' },
  { impact: '1', urgency: '2', subcategory: 'Alpha', description: '' },
  { impact: '1', urgency: '3', subcategory: 'beta', description: 'has 100% and _' },
  { impact: '2', urgency: '1', subcategory: '', description: 'first' },
  { impact: '2', urgency: '2', subcategory: 'gamma', description: 'Größe' },
  { impact: '2', urgency: '3', subcategory: 'alphabet', description: 'last' },
  { impact: '3', urgency: '1', subcategory: 'BETA', description: 'last' },
  { impact: '3', urgency: '2', subcategory: 'delta', description: '' },
  { impact: '3', urgency: '3', subcategory: '', description: 'x' },
  { impact: '3', urgency: '3', subcategory: 'a', description: 'y' },
  { impact: '2', urgency: '2', subcategory: 'b', description: 'z' },
  { impact: '1', urgency: '1', subcategory: 'c', description: '' },
]
const made: Record<string, string>[] = []

beforeAll(async () => {
  room = await openRoom()
  for (const [at, sample] of SAMPLES.entries())
    made.push(
      await room.create('incident', {
        ...sample,
        short_description: `S${at}`,
        correlation_display: 'sample',
        caller_id: at % 3 === 0 ? room.customers[0].users[0].sysId : at % 3 === 1 ? room.customers[1].users[0].sysId : '',
        due_date: `2026-01-${String(at + 1).padStart(2, '0')} 12:00:00`,
        follow_up: at === 4 ? '2026-01-05 12:00:00' : '',
      }),
    )
})
afterAll(() => room.close())

/** The samples that a query finds, by their place. */
async function samples(encodedQuery: string): Promise<number[]> {
  const parts = encodedQuery.split('^NQ').map(part => `correlation_display=sample^${part}`)
  return (await room.find('incident', `${parts.join('^NQ')}^ORDERBYdue_date`, 'short_description')).map(name => Number(name.slice(1)))
}

const all = SAMPLES.map((_, at) => at)

describe('operators', () => {
  const cases: [string, number[]][] = [
    ['impact=1', [0, 1, 2, 11]],
    ['impact!=1', [3, 4, 5, 6, 7, 8, 9, 10]],
    ['impact<2', [0, 1, 2, 11]],
    ['impact<=2', [0, 1, 2, 3, 4, 5, 10, 11]],
    ['impact>2', [6, 7, 8, 9]],
    ['impact>=2', [3, 4, 5, 6, 7, 8, 9, 10]],
    ['impactIN1,3', [0, 1, 2, 6, 7, 8, 9, 11]],
    ['impactNOT IN1,3', [3, 4, 5, 10]],
    ['impactNOTIN1,3', [3, 4, 5, 10]],
    ['impactBETWEEN1@2', [0, 1, 2, 3, 4, 5, 10, 11]],
    ['subcategory=alpha', [0, 1]],
    ['subcategory!=alpha', [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ['subcategory=', [3, 8]],
    ['subcategory!=', [0, 1, 2, 4, 5, 6, 7, 9, 10, 11]],
    ['subcategoryISEMPTY', [3, 8]],
    ['subcategoryEMPTYSTRING', [3, 8]],
    ['subcategoryISNOTEMPTY', [0, 1, 2, 4, 5, 6, 7, 9, 10, 11]],
    ['subcategoryANYTHING', all],
    ['subcategoryINalpha,BETA', [0, 1, 2, 6]],
    ['subcategoryIN,a', [3, 8, 9]],
    ['subcategoryLIKEalph', [0, 1, 5]],
    ['subcategoryCONTAINSalph', [0, 1, 5]],
    ['subcategory*alph', [0, 1, 5]],
    ['subcategoryNOT LIKEalph', [2, 3, 4, 6, 7, 8, 9, 10, 11]],
    ['subcategory!*alph', [2, 3, 4, 6, 7, 8, 9, 10, 11]],
    ['subcategoryDOES NOT CONTAINalph', [2, 3, 4, 6, 7, 8, 9, 10, 11]],
    ['subcategorySTARTSWITHalphab', [5]],
    ['subcategoryENDSWITHta', [2, 6, 7]],
    ['subcategory%ta', [2, 6, 7]],
    ['descriptionLIKE100% and _', [2]],
    ['descriptionLIKE_', [2]],
    ['descriptionLIKEGRÖSSE', []],
    ['description=grÖße', [4]],
    ['subcategory>beta', [4, 7, 11]],
    ['impactSAMEASurgency', [0, 4, 8, 9, 10, 11]],
    ['impactNSAMEASurgency', [1, 2, 3, 5, 6, 7]],
    ['impactGT_FIELDurgency', [3, 6, 7]],
    ['impactLT_FIELDurgency', [1, 2, 5]],
    ['impactGT_OR_EQUALS_FIELDurgency', [0, 3, 4, 6, 7, 8, 9, 10, 11]],
    ['impactLT_OR_EQUALS_FIELDurgency', [0, 1, 2, 4, 5, 8, 9, 10, 11]],
    ['due_date=2026-01-03 12:00:00', [2]],
    ['due_date>2026-01-10', [9, 10, 11]],
    ['due_date<=2026-01-02 12:00:00', [0, 1]],
    ['due_dateBETWEEN2026-01-02 00:00:00@2026-01-04 00:00:00', [1, 2]],
    ["due_dateBETWEENjavascript:gs.dateGenerate('2026-01-02','00:00:00')@javascript:gs.dateGenerate('2026-01-03','end')", [1, 2]],
    ["due_dateONwhatever@javascript:gs.dateGenerate('2026-01-06','start')@javascript:gs.dateGenerate('2026-01-06','end')", [5]],
    ['due_dateNOTONx@2026-01-02 00:00:00@2026-02-01 00:00:00', [0]],
    ['due_dateSAMEASfollow_up@day', [4]],
    ["due_dateDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')", [4, 11]],
    ["due_dateDATEPARTx@javascript:gs.datePart('month','1','EE')", all],
    ["due_dateDATEPARTJanuary@javascript:gs.datePart('month','jan','EE')", all],
    ["due_dateDATEPARTx@javascript:gs.datePart('month','february','GE')", []],
    ["due_dateDATEPARTx@javascript:gs.datePart('quarter','1','EE')", all],
    ["due_dateDATEPARTx@javascript:gs.datePart('year','2026','LT')", []],
    ["due_dateDATEPARTx@javascript:gs.datePart('week','1','LE')", [0, 1, 2, 3]],
    ["due_dateDATEPARTx@javascript:gs.datePart('dayofweek','friday','GT')", [2, 3, 9, 10]],
    [
      'due_dateRELATIVELT@dayofweek@ahead@1',
      all.filter(at => new Date(`2026-01-${String(at + 1).padStart(2, '0')}T12:00:00Z`).getTime() < Date.now() + 86_400_000),
    ],
    ['opened_atRELATIVEGT@hour@ago@1', all],
    ['opened_atRELATIVELT@hour@ago@1', []],
    ['opened_atRELATIVEEE@dayofweek@ago@3', []],
    ['opened_atRELATIVEEE@dayofweek@ago@0', all],
    ['opened_atRELATIVEGE@minute@ago@5', all],
    ['opened_atRELATIVELE@week@ago@1', []],
    ['opened_atRELATIVELT@month@ahead@1', all],
    ['opened_atRELATIVEGT@quarter@ago@1', all],
    ['opened_atRELATIVEGT@year@ago@1', all],
    ['due_dateLESSTHANfollow_up@day@before@2', [4]],
    ['due_dateLESSTHANfollow_up@hour@after@1', [4]],
    ['due_dateMORETHANfollow_up@hour@before@1', []],
    ['opened_at>=javascript:gs.beginningOfToday()', all],
    ['opened_at<javascript:gs.beginningOfToday()', []],
    ['opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()', all],
    ['opened_at>javascript:gs.daysAgo(1)', all],
    ['opened_at>javascript:gs.minutesAgoStart(5)', all],
    ['opened_at<javascript:gs.hoursAgo(2)', []],
    [
      'opened_atMORETHANdue_date@day@after@1',
      all.filter(at => new Date(`2026-01-${String(at + 1).padStart(2, '0')}T12:00:00Z`).getTime() + 86_400_000 < Date.now()),
    ],
    ['opened_by=javascript:gs.getUserID()', all],
    ['sys_created_by=javascript:gs.getUserName()', all],
    ['opened_byDYNAMIC90d1921e5f510100a9ad2572f2b477fe', all],
    ['sys_class_nameINSTANCEOFtask', all],
    ['sys_class_nameINSTANCEOFproblem', []],
    ['sys_class_name=task', []],
    ['active=true', all],
    ['active=1', all],
    ['active!=true', []],
    ['numberSAMEAStask_effective_number', all],
    ['sys_idNSAMEASopened_by', all],
    ['caller_id.email=user.one@north.example', [0, 3, 6, 9]],
    ['caller_id.company.nameLIKEsouth', [1, 4, 7, 10]],
    ['caller_id.emailISEMPTY', [2, 5, 8, 11]],
    ['caller_id.email!=user.one@north.example', [1, 2, 4, 5, 7, 8, 10, 11]],
    ['caller_idLIKEsouth user', [1, 4, 7, 10]],
    ['caller_id=South User One', [1, 4, 7, 10]],
    ['caller_id!=South User One', [0, 2, 3, 5, 6, 8, 9, 11]],
  ]
  for (const [text, expected] of cases)
    test(text, async () => {
      expect(await samples(text)).toEqual(expected)
    })

  practiceOnly('the hour of a day is that of the caller', async () => {
    expect(await samples("due_dateDATEPARTNoon@javascript:gs.datePart('hour','13','EE')")).toEqual(all)
  })

  test('a reference is asked for by its sys_id', async () => {
    expect(await samples(`caller_id=${room.customers[0].users[0].sysId}`)).toEqual([0, 3, 6, 9])
  })

  test('a field of a child class is reached from the parent table', async () => {
    expect(await room.find('task', 'correlation_display=sample^ref_incident.subcategory=gamma', 'short_description')).toEqual(['S4'])
    expect(await room.find('task', 'ref_incident.caller_id.email=user.one@south.example^ORDERBYdue_date', 'short_description')).toEqual([
      'S1',
      'S4',
      'S7',
      'S10',
    ])
  })
})

practiceOnly('a day without a zone is compared with the day where the caller is', async () => {
  const day = (shift: number) => new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Amsterdam' }).format(Date.now() + shift * 86_400_000)
  for (const shift of [-1, 0, 1]) await room.create('customer_account', { name: `Day ${shift}`, customer_since: day(shift) })
  const named = (text: string) => room.find('customer_account', `nameSTARTSWITHDay^${text}^ORDERBYcustomer_since`, 'name')
  expect(await named('customer_sinceONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()')).toEqual(['Day 0'])
  expect(await named('customer_since>javascript:gs.beginningOfToday()')).toEqual(['Day 1'])
  expect(await named('customer_sinceRELATIVELT@dayofweek@ago@0')).toEqual(['Day -1'])
  expect(await named('customer_sinceRELATIVEEE@dayofweek@ago@1')).toEqual(['Day -1'])
  expect(await named("customer_sinceDATEPARTx@javascript:gs.datePart('year','2020','GT')")).toHaveLength(3)
})

describe('structure', () => {
  test('^OR binds tighter than ^, and only ^NQ splits the whole', async () => {
    expect(await samples('impact=1^ORimpact=2^urgency=1^ORurgency=3')).toEqual([0, 2, 3, 5, 11])
    expect(await samples('impact=1^urgency=1^ORurgency=2')).toEqual([0, 1, 11])
    expect(await samples('impact=1^urgency=1^NQimpact=3^urgency=2')).toEqual([0, 7, 11])
  })

  test('several orders, from left to right, over the whole result', async () => {
    expect(
      await room.find(
        'incident',
        'correlation_display=sample^impact=3^ORDERBYDESCurgency^ORDERBYsubcategory^NQcorrelation_display=sample^subcategory=c',
        'short_description',
      ),
    ).toEqual(['S8', 'S9', 'S7', 'S6', 'S11'])
  })

  test('a reference is ordered by what it shows', async () => {
    const names = await room.find(
      'incident',
      'correlation_display=sample^caller_idISNOTEMPTY^ORDERBYDESCcaller_id^ORDERBYdue_date',
      'short_description',
    )
    expect(names).toEqual(['S1', 'S4', 'S7', 'S10', 'S0', 'S3', 'S6', 'S9'])
  })

  test('empty terms and the end marker are ignored', async () => {
    expect(await samples('^^impact=1^^EQ^')).toEqual([0, 1, 2, 11])
    expect(await samples('impact=1^NQ')).toEqual(expect.arrayContaining([0, 1, 2, 11]))
    expect((await room.find('incident', 'number=NONE^NQ')).length).toBe(0)
  })
})

describe('invalid terms', () => {
  const count = async (text: string) => (await room.find('incident', text)).length

  practiceOnly('an unknown field, operator or script widens the result, and the property makes it empty', async () => {
    const everything = await count('')
    const invalid = [
      'nonsense=1',
      'impactNONSENSE1',
      'Impact=1',
      'opened_by.nonsense=1',
      'short_description.x=1',
      'impact=javascript:gs.doSomething()',
      'sys_tags.abc=1',
      'opened_atVALCHANGES',
    ]
    for (const term of invalid) expect(await count(term), term).toBe(everything)
    expect(await samples('nonsense=1^impact=1')).toEqual([0, 1, 2, 11])
    expect(await samples('impact=1^ORnonsense=1')).toEqual([0, 1, 2, 11])
    const [property] = await room.find('sys_properties', 'name=glide.invalid_query.returns_no_rows', 'sys_id')
    await room.call('PATCH', `/api/now/table/sys_properties/${property}`, { value: 'true' })
    for (const term of invalid) expect(await count(term), term).toBe(0)
    expect(await samples('impact=1^ORnonsense=1')).toEqual([])
    await room.call('PATCH', `/api/now/table/sys_properties/${property}`, { value: 'false' })
  })

  test('nobody can ask for a password', async () => {
    expect((await room.find('sys_user', 'user_passwordISNOTEMPTY', 'user_name')).length).toBe(
      (await room.find('sys_user', '', 'user_name')).length,
    )
    const answer = await room.call('GET', '/api/now/table/sys_user?sysparm_limit=1&sysparm_fields=user_name,user_password')
    expect(Object.keys(answer.body.result[0])).toEqual(['user_name'])
  })
})

test('keyset paging over the time of change finds every row once', async () => {
  const seen: string[] = []
  let after = ['1970-01-01 00:00:00', '']
  for (;;) {
    const [time, id] = after
    const text = `sys_updated_on>${time}^correlation_display=sample^NQsys_updated_on=${time}^sys_id>${id}^correlation_display=sample^ORDERBYsys_updated_on^ORDERBYsys_id`
    const answer = await room.call(
      'GET',
      `/api/now/table/task?sysparm_limit=5&sysparm_no_count=true&sysparm_fields=sys_id,sys_updated_on&sysparm_query=${query(text)}`,
    )
    if (answer.body.result.length === 0) break
    for (const row of answer.body.result) seen.push(row.sys_id)
    const last = answer.body.result.at(-1)
    after = [last.sys_updated_on, last.sys_id]
  }
  expect(seen).toHaveLength(12)
  expect(new Set(seen)).toEqual(new Set(made.map(record => record.sys_id)))
})
