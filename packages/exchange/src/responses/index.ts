export { type GivenResponse, takeResponse } from './response.ts'
export { unansweredNews } from './responses.store.ts'
