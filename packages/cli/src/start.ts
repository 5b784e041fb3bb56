import { type RunningExchange, readSettings, startExchange } from '@deskbridge/exchange'
import { askedToEnd } from './signals.ts'

/**
 * `deskbridge start`: everything, until somebody asks it to end. Then the process ends by itself, whatever is still open: a database
 * that stands still answers no goodbye.
 */
export async function start(): Promise<number> {
  const ending = askedToEnd()
  const started = startExchange(readSettings(process.env))
  const exchange = await Promise.race([started, ending.then(() => undefined)])
  if (!exchange) {
    process.stdout.write('Asked to end while starting.\n')
    process.exit(0)
  }
  process.stdout.write(summary(exchange))
  const broken = await Promise.race([ending.then(() => undefined), exchange.broken])
  process.stdout.write(broken ? `${broken} Ending.\n` : 'Finishing what was accepted, then ending.\n')
  await exchange.close({ drain: !broken })
  process.exit(broken ? 1 : 0)
}

function summary({ firstSteps, firstStepsPath }: RunningExchange): string {
  const { exchange, tokenUrl, connectBaseUrl, customer, instances } = firstSteps
  return `
Deskbridge runs.

  exchange              ${exchange}
  Connect API           ${connectBaseUrl}
  sandbox instance      ${instances.sandbox.url}
  production instance   ${instances.production.url}
  credentials           ${firstStepsPath}

File a first ticket as ${customer.organisation.name}: copy these lines.

  TOKEN=$(curl -s '${tokenUrl}?grant_type=client_credentials' \\
    -d client_id=${customer.clientId} -d client_secret=${customer.clientSecret} \\
    | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -s ${connectBaseUrl}/Ticket -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -d '{"ticket_type":"Incident","customer_reference_number":"FIRST-1","short_description":"My first ticket","service":"${customer.service}"}'

Ctrl-C ends it.
`
}
