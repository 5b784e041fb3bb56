import type { House } from '../house.ts'

export const connect: House = {
  floors: ['door', 'poller', 'client', 'operations', 'messages', 'attachments', 'calling'],
  hasDoors: false,
  rooms: {
    door: { floor: 'door', about: 'what a partner imports', may: 'anything below', files: ['index.ts'] },
    poller: { floor: 'poller', about: 'follows the update queue and loses nothing', may: ['client', 'operations', 'messages', 'calling'] },
    client: {
      floor: 'client',
      about: 'the methods of one credential',
      may: ['operations', 'messages', 'attachments', 'calling'],
      files: ['client.ts'],
    },
    operations: { floor: 'operations', about: 'one file a call of the Connect API', may: ['messages', 'attachments', 'calling'] },
    messages: { floor: 'messages', about: 'the types of the contract', may: ['attachments'] },
    attachments: { floor: 'attachments', about: 'files on their way out and in, piece by piece', may: ['calling'] },
    calling: { floor: 'calling', about: 'one call: sign-in, request, answer, repetition', may: [] },
  },
}
