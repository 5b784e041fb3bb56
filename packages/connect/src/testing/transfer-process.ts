/**
 * A partner's process of its own, so that its memory can be measured: `upload <host> <file>` or `download <host> <file>`.
 * Prints the highest resident size before and after, in MiB.
 */
import { connectClient } from '../client.ts'

const [what, host = '', path = ''] = process.argv.slice(2)
const client = connectClient({ exchange: host, clientId: 'id', clientSecret: 'secret' })
const peak = () => process.resourceUsage().maxRSS / 1024

await client.listOpenTickets()
const before = peak()
const began = performance.now()
if (what === 'upload') {
  await client.commentOnTicket({ kpn_ticket_number: 'INC#1', customer_reference_number: 'R', attachments: [{ path }] })
} else {
  await client.saveAttachment('A1', path)
}
console.log(JSON.stringify({ before, after: peak(), ms: performance.now() - began }))
