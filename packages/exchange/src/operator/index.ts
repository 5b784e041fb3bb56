export { operatorRoutes } from './operator.routes.ts'
export { TROUBLES, type TroubleKind, toldToAnyone, troublesNow } from './troubles.ts'
