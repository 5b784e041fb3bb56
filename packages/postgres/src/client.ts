import pg from 'pg'

/** When the server ends, what was asked of it fails; without a listener Node would end the process. */
export function clientOf(url: string): pg.Client {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  return client
}
