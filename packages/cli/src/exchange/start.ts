import { type FirstSteps, hasDemo, type RunningExchange, readSettings, startExchange } from '@deskbridge/exchange'
import { CannotStart } from '../process/cannot-start.ts'
import { waitForEnd } from '../process/signals.ts'

/**
 * `deskbridge start`: everything, until SIGTERM or SIGINT. Then it exits, whatever is still open: connections to a database that stands still
 * cannot be ended in order, and would keep the process alive.
 */
export async function runStart(args: readonly string[]): Promise<number> {
  // What was given is not repeated: it may be a secret.
  if (args.length > 0)
    throw new CannotStart('deskbridge start takes no arguments: its settings are environment variables, such as PORT=8080.')
  const ending = waitForEnd()
  const started = startExchange(readSettings(process.env), line => process.stdout.write(`${line}\n`))
  const exchange = await Promise.race([started, ending.then(() => undefined)])
  if (!exchange) {
    process.stdout.write('Asked to end while starting.\n')
    process.exit(0)
  }
  process.stdout.write(summary(exchange))
  const broken = await Promise.race([ending.then(() => undefined), exchange.broken])
  process.stdout.write(broken ? `${broken} Ending.\n` : 'Finishing what was accepted, then ending.\n')
  await exchange.close({ drain: !broken, ...(broken ? { why: broken } : {}) })
  process.exit(broken ? 1 : 0)
}

/** Journals and containers keep what is printed here: no secret is in it, nor in the arguments of what is to be copied. */
function summary({ firstSteps, firstStepsPath, remarks }: RunningExchange): string {
  const { exchange, connectBaseUrl, instances } = firstSteps
  const demo = hasDemo(firstSteps)
  return `
Deskbridge runs.

  exchange              ${exchange}
  Connect API           ${connectBaseUrl}
  sandbox instance      ${instances.sandbox.url}
  production instance   ${instances.production.url}
  ${demo ? 'credentials' : 'addresses  '}           ${firstStepsPath}

${demo ? `${firstTicket(firstSteps, firstStepsPath)}\n` : ''}${remarks.map(sentence => `${sentence}\n\n`).join('')}Ctrl-C ends it.
`
}

function firstTicket({ tokenUrl, connectBaseUrl, customer }: FirstSteps, path: string): string {
  return `File a first ticket as ${customer.organisation.name}: copy these lines; they take the credentials from that file.

  export FIRST_STEPS=${inShell(path)}
  TOKEN=$(node -p '({ customer: c } = JSON.parse(fs.readFileSync(process.env.FIRST_STEPS))), "client_id=" + c.clientId + "&client_secret=" + c.clientSecret' \\
    | curl -s '${tokenUrl}?grant_type=client_credentials' -d @- | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  echo "Authorization: Bearer $TOKEN" | curl -s ${connectBaseUrl}/Ticket -H @- -H 'Content-Type: application/json' \\
    -d '{"ticket_type":"Incident","customer_reference_number":"FIRST-1","short_description":"My first ticket","service":"${customer.service}"}'
`
}

const inShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
