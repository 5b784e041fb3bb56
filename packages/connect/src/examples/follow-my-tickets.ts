import { connectClient, startPoller } from '@deskbridge/connect'

const { EXCHANGE = 'http://localhost:8080', CLIENT_ID = '', CLIENT_SECRET = '', FOLDER = './my-updates' } = process.env
const client = connectClient({ exchange: EXCHANGE, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET })

const receipt = await client.fileTicket({
  ticket_type: 'Incident',
  customer_reference_number: `DEMO-${Date.now()}`,
  short_description: 'The drive cannot be added',
  service: 'Workplace',
})
console.log(receipt.note)

const following = await startPoller({
  client,
  folder: FOLDER,
  onUpdate: async update => {
    console.log(`${update.kpn_ticket_number} ${update.action} ${update.ticket_attributes?.comments ?? ''}`)
    if (update.action === 'New' && !update.ticket_type.includes('Task')) {
      await client.respondToTicket(
        {
          kpn_ticket_number: update.kpn_ticket_number,
          customer_reference_number: `OURS-${update.transaction_id}`,
          transaction_id: update.transaction_id,
          status: 'Success',
        },
        { idempotencyKey: update.transaction_id },
      )
    }
  },
})
process.once('SIGINT', () => void following.stop())
await following.finished
