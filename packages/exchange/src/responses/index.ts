export { type GivenResponse, takeResponse } from './response.ts'
export { countUnansweredNews, readUnansweredNews } from './responses.store.ts'
