/** A caller of an instance, in a process of its own: by the SDK, or by bare `fetch` that does the least the same job can be done with. */
import { connect, serviceNow } from '@deskbridge/servicenow'

export type SdkJob = { kind: 'list'; pageSize: number; fields?: string[] } | { kind: 'create'; times: number; atOnce: number }

export interface SdkResult {
  ms: number
  /** Of this process. */
  cpuMs: number
  /** The most that was held at the end of a page or of a hundred creations, above what was held before. */
  heapMb: number
  records: number
}

const [url = '', password = '', side = ''] = process.argv.slice(2)
const sdk = serviceNow(connect({ baseUrl: url, signIn: { kind: 'basic', userName: 'admin', password } }))
const headers = {
  authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
  accept: 'application/json',
  'content-type': 'application/json',
}

/** The rows of the benchmark alone, which stay as many in every round. */
const QUERY = 'correlation_idSTARTSWITHbench-'
const values = (n: number) => ({ short_description: `Made by a benchmark ${n}`, impact: '2', urgency: '3', correlation_id: `made-${n}` })

async function* pagesBySdk(pageSize: number, fields: string[] | undefined): AsyncGenerator<Record<string, unknown>> {
  yield* sdk.incident.list.all({ query: QUERY, limit: pageSize, ...(fields && { fields }) })
}

/** By key too, since a page by offset is another and worse question. */
async function* pagesByFetch(pageSize: number, fields: string[] | undefined): AsyncGenerator<Record<string, unknown>> {
  const chosen = fields ? `&sysparm_fields=${[...fields, 'sys_id'].join(',')}` : ''
  const rest = `&sysparm_limit=${pageSize}&sysparm_exclude_reference_link=true&sysparm_no_count=true&sysparm_suppress_pagination_header=true${chosen}`
  for (let last = ''; ; ) {
    const query = encodeURIComponent(`${QUERY}${last && `^sys_id>${last}`}^ORDERBYsys_id`)
    const answer = await fetch(`${url}/api/now/table/incident?sysparm_query=${query}${rest}`, { headers })
    const { result } = (await answer.json()) as { result: Record<string, string>[] }
    if (result.length === 0) return
    yield* result
    last = result.at(-1)!.sys_id!
  }
}

async function list({ pageSize, fields }: Extract<SdkJob, { kind: 'list' }>, held: () => void): Promise<number> {
  let records = 0
  for await (const row of side === 'sdk' ? pagesBySdk(pageSize, fields) : pagesByFetch(pageSize, fields)) {
    if (!row.sys_id) throw new Error('a row has no sys_id')
    if (++records % pageSize === 0) held()
  }
  return records
}

async function create({ times, atOnce }: Extract<SdkJob, { kind: 'create' }>, held: () => void): Promise<number> {
  let next = 0
  const one = async () => {
    for (let n = next++; n < times; n = next++) {
      if (side === 'sdk') await sdk.incident.create({ values: values(n), fields: ['sys_id', 'number'] })
      else {
        const parameters = 'sysparm_fields=sys_id,number&sysparm_exclude_reference_link=true'
        const answer = await fetch(`${url}/api/now/table/incident?${parameters}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(values(n)),
        })
        const { result } = (await answer.json()) as { result: { sys_id: string } }
        if (!result.sys_id) throw new Error('nothing was created')
      }
      if (n % 100 === 0) held()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return times
}

async function work(job: SdkJob): Promise<SdkResult> {
  global.gc?.()
  const idle = process.memoryUsage().heapUsed
  let most = idle
  const held = () => {
    most = Math.max(most, process.memoryUsage().heapUsed)
  }
  const cpu = process.cpuUsage()
  const began = performance.now()
  const records = await (job.kind === 'list' ? list(job, held) : create(job, held))
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - began, cpuMs: (user + system) / 1000, heapMb: (most - idle) / 1e6, records }
}

process.on('message', (job: SdkJob) => {
  work(job).then(
    result => process.send!(result),
    error => process.send!({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit())
