/** What came back over HTTP: the body parsed where it is JSON. */
export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: the stories look at bodies as a partner's program would, without our types
  body: any
}

export interface Question {
  method: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** No answer may take longer than the exchange promises. */
const PATIENCE_MS = 30_000

export async function ask(url: string | URL, { method, headers = {}, body }: Question): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const text = await response.text()
  const isJson = /^application\/json/i.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text }
}

/** An address with these parameters; those that are undefined are left out. */
export function address(base: string, path: string, query: Readonly<Record<string, string | undefined>> = {}): URL {
  const url = new URL(`${base}${path}`)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}

export const basic = (name: string, password: string): string => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
