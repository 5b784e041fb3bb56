/**
 * How fast is the practice instance beside statements written by hand, behind a bare `node:http`, and does it stay as fast when
 * it holds a hundred times as many incidents? Run: npm run bench -- practice-instance
 */
import { createHash } from 'node:crypto'
import { compare } from './compare.ts'
import { NUMBER } from './load.ts'
import { openPracticeGround, type PracticeGround, SIZES, type Size } from './practice-ground.ts'
import { OF_ONE_GROUP, OF_ONE_WORD } from './practice-rows.ts'

const CONNECTIONS = 8
const SECONDS = 1
const ROUNDS = 5
/** So many different records, groups or words are asked for in turn. */
const DIFFERENT = 400

const key = (kind: string, n: number) => createHash('md5').update(`${kind} ${n}`).digest('hex')
const FIELDS = 'sysparm_fields=number,short_description,state,priority,caller_id,sys_updated_on'

interface Job {
  title: string
  method: 'GET' | 'POST' | 'PATCH'
  /** What comes behind the address of the instance, and of the bare server, for the nth request. */
  ours: (n: number, size: Size) => string
  bare: (n: number, size: Size) => string
  body?: Record<string, string>
  aim?: number
}

const groupOf = (n: number, size: Size) => key('group', n % (SIZES[size] / OF_ONE_GROUP))
const incidentOf = (n: number, size: Size) => key('incident', (n * 7919) % SIZES[size])
const wordOf = (n: number, size: Size) => `needle${(n * 7919) % (SIZES[size] / OF_ONE_WORD)}`

const JOBS: readonly Job[] = [
  {
    title: 'one record, all fields',
    method: 'GET',
    ours: (n, size) => `/api/now/table/incident/${incidentOf(n, size)}`,
    bare: (n, size) => `/record/${incidentOf(n, size)}`,
    aim: 1.5,
  },
  {
    title: 'the 100 latest of the active incidents of a group, with their count',
    method: 'GET',
    ours: (n, size) =>
      `/api/now/table/incident?sysparm_limit=100&${FIELDS}&sysparm_query=active=true%5Eassignment_group=${groupOf(n, size)}%5EORDERBYDESCsys_updated_on`,
    bare: (n, size) => `/list/${groupOf(n, size)}`,
    aim: 1.5,
  },
  {
    title: 'the count of the active incidents of a group',
    method: 'GET',
    ours: (n, size) => `/api/now/stats/incident?sysparm_count=true&sysparm_query=active=true%5Eassignment_group=${groupOf(n, size)}`,
    bare: (n, size) => `/count/${groupOf(n, size)}`,
    aim: 1.5,
  },
  {
    title: `text search for a word that ${OF_ONE_WORD} incidents have`,
    method: 'GET',
    ours: (n, size) => `/api/now/table/incident?sysparm_limit=100&${FIELDS}&sysparm_query=123TEXTQUERY321=${wordOf(n, size)}`,
    bare: (n, size) => `/words/${wordOf(n, size)}`,
    aim: 1.5,
  },
  {
    title: 'create',
    method: 'POST',
    ours: () => '/api/now/table/incident',
    bare: () => '/create',
    body: {
      short_description: 'The printer on the third floor prints nothing',
      description: 'Since this morning. Switched off and on again. '.repeat(6),
      caller_id: key('user', 1),
      assignment_group: key('group', 1),
      impact: '2',
      urgency: '3',
      correlation_id: `made-${NUMBER}`,
    },
  },
  {
    title: 'update with a work note',
    method: 'PATCH',
    ours: (n, size) => `/api/now/table/incident/${incidentOf(n, size)}`,
    bare: (n, size) => `/update/${incidentOf(n, size)}`,
    body: { short_description: `Changed ${NUMBER}`, work_notes: `Looked at it ${NUMBER}` },
  },
]

const ground = await openPracticeGround()
try {
  await teachShape(ground)
  const wanted = process.argv[2]
  for (const job of JOBS.filter(({ title }) => wanted === undefined || title.includes(wanted))) {
    for (const size of ['small', 'large'] as const)
      await compare({
        title: `${job.title}, ${SIZES[size]} incidents, ${CONNECTIONS} connections`,
        rounds: ROUNDS,
        pids: { ours: ground.instance[size].pid, bare: ground.bare[size].pid },
        ours: () => asked(job, size, 'ours'),
        bare: () => asked(job, size, 'bare'),
        aim: job.aim === undefined ? 'none' : { times: job.aim },
      })
    await compare({
      title: `${job.title}, ${SIZES.large} incidents beside ${SIZES.small}`,
      rounds: ROUNDS,
      pids: { ours: ground.instance.large.pid, bare: ground.instance.small.pid },
      ours: () => asked(job, 'large', 'ours'),
      bare: () => asked(job, 'small', 'ours'),
      aim: { times: 1.3 },
    })
  }
} finally {
  await ground.close()
}

function asked(job: Job, size: Size, side: 'ours' | 'bare') {
  const { url } = side === 'ours' ? ground.instance[size] : ground.bare[size]
  return ground.load({
    kind: 'requests',
    url: Array.from({ length: DIFFERENT }, (_, n) => url + job[side](n, size)),
    method: job.method,
    headers: {
      authorization: ground.authorization,
      accept: 'application/json',
      ...(job.body ? { 'content-type': 'application/json' } : {}),
    },
    ...(job.body ? { body: JSON.stringify(job.body) } : {}),
    connections: CONNECTIONS,
    seconds: SECONDS,
  })
}

/** The bare servers answer whole records in the shape of one. */
async function teachShape({ instance, bare, authorization }: PracticeGround): Promise<void> {
  for (const size of ['small', 'large'] as const) {
    const answer = await fetch(`${instance[size].url}/api/now/table/incident/${key('incident', 1)}`, { headers: { authorization } })
    const { result } = (await answer.json()) as { result: unknown }
    await fetch(`${bare[size].url}/shape`, { method: 'POST', body: JSON.stringify(result) })
  }
}
