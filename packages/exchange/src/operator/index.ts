export { operatorRoutes } from './operator.routes.ts'
export { publicTroubles, readTroubles, TROUBLES, type TroubleKind } from './troubles.ts'
