export { operatorTokenRoutes } from './operator-tokens.routes.ts'
export { peopleRoutes } from './people.routes.ts'
