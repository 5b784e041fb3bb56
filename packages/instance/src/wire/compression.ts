import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { textOfAnswer } from './text-answer.ts'

/** Shorter answers are sent sooner than they are packed: on one machine the line is never the slow part. */
const LEAST_CHARACTERS = 64 * 1024

const pack = promisify(gzip)

/** A long answer packed with gzip for a caller who takes that (contract servicenow-core.md 2.2, Compression). */
export async function compress(request: Request, answer: Response): Promise<Response> {
  if ((textOfAnswer(answer)?.length ?? 0) < LEAST_CHARACTERS || !takesGzip(request.headers.get('accept-encoding') ?? '')) return answer
  const bytes = await pack(await answer.arrayBuffer(), { level: 1 })
  const { status, headers } = answer
  const made = new Response(new Uint8Array(bytes), { status, headers })
  made.headers.set('Content-Encoding', 'gzip')
  made.headers.set('Vary', 'Accept-Encoding')
  made.headers.set('Content-Length', String(bytes.length))
  return made
}

function takesGzip(accepted: string): boolean {
  return accepted
    .toLowerCase()
    .split(',')
    .some(one => /^\s*(gzip|x-gzip|\*)\s*($|;)/.test(one) && !/;\s*q\s*=\s*0(\.0*)?\s*$/.test(one))
}
