import type { House } from '../house.ts'

export const attachment: House = {
  floors: ['door', 'rules'],
  hasDoors: false,
  rooms: {
    door: { floor: 'door', about: 'what is imported', may: ['rules'], files: ['index.ts'] },
    rules: { floor: 'rules', about: 'base64 in pieces, and media types', may: [], files: ['base64-decoder.ts', 'media-type.ts'] },
  },
}
