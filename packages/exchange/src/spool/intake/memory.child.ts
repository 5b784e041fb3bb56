/** Takes in four bodies of 80 MiB at once and says what that took. Run by read-body.test.ts in a process of its own. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import { readBody } from './read-body.ts'
import { ampleSpool } from './testing.ts'

const SIZE = 83_886_080
const PIECE = 48 * 1024

async function* body(): AsyncGenerator<Buffer> {
  const content = Buffer.from(Buffer.alloc(PIECE, 'deskbridge').toString('base64'))
  yield Buffer.from('{"attachments":[{"content":"')
  for (let left = SIZE; left > 0; left -= PIECE) {
    yield left >= PIECE ? Buffer.from(content) : Buffer.from(Buffer.alloc(left).toString('base64'))
    await turn()
  }
  yield Buffer.from('"}]}')
}

const spool = await ampleSpool(process.argv[2]!)
const delay = monitorEventLoopDelay({ resolution: 1 })
await pause(50)
const idle = process.memoryUsage.rss()
delay.enable()
const sizes = await Promise.all(
  Array.from({ length: 4 }, async () => {
    const intake = await readBody(body(), spool)
    await intake.discard()
    return intake.files[0]?.size
  }),
)
const peakMb = (process.resourceUsage().maxRSS * 1024 - idle) / 1e6
process.stdout.write(JSON.stringify({ peakMb, stallMs: delay.max / 1e6, sizes }))
