import type { ApiCall } from '../call/call.ts'
import { notAnAddress, unknownTiny } from '../refusals/tiny-url.ts'
import type { Database } from '../storage/database.ts'
import { fixedSysId } from '../sys-id.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'

/** Short addresses for what is longer than an address may be (the platform's pages use them; ServiceNow does not document them). */

const LONGEST = 128 * 1024
/** The oldest go: a short address is made to be used at once. */
const KEPT = 1_000

/** POST /tinyurl with `{"url":"…"}`: the same address without its parameters, which `sysparm_tiny` stands for. */
export async function makeTiny(call: ApiCall): Promise<Response> {
  const { url } = await readObject(call.request)
  if (typeof url !== 'string' || url === '') throw notAnAddress('url is required')
  if (url.length > LONGEST) throw notAnAddress(`url has more than ${LONGEST} characters`)
  const address = url.replaceAll('\0', '')
  const id = fixedSysId(address)
  const { database } = call.practice
  const table = database.name('tiny_url')
  await database.run(
    `with older as (delete from ${table} where place <= (select max(place) from ${table}) - ${KEPT})
     insert into ${table} (id, url) values ($1, $2) on conflict do nothing`,
    [id, address],
  )
  const path = address.split(/[?#]/, 1)[0]!.replace(/^(https?:\/\/[^/]*)?\/*/i, '')
  return json(201, { result: `${path}?sysparm_tiny=${id}` })
}

/** The address with the parameters that its `sysparm_tiny` stands for; its own win. */
export async function unfoldAddress(database: Database, url: URL): Promise<URL> {
  const id = url.searchParams.get('sysparm_tiny')
  if (!id) return url
  const [row] = await database.run(`select url from ${database.name('tiny_url')} where id = $1`, [id.replaceAll('\0', '')])
  if (!row) throw unknownTiny()
  const long = row[0] ?? ''
  const whole = new URL(url)
  whole.searchParams.delete('sysparm_tiny')
  const own = new Set(whole.searchParams.keys())
  const parameters = long.includes('?') ? long.slice(long.indexOf('?') + 1).split('#', 1)[0] : ''
  for (const [name, value] of new URLSearchParams(parameters)) if (!own.has(name)) whole.searchParams.append(name, value)
  return whole
}
