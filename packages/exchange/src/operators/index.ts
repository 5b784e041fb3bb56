export { operatorTokenRoutes } from './operator-tokens.routes.ts'
export { peopleRoutes } from './people.routes.ts'
export { addOperator, checkNewOperator, type NewOperator } from './people.ts'
