export { type GivenResponse, takeResponse } from './response.ts'
export { readUnansweredNews } from './responses.store.ts'
