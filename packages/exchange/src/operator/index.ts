export { type Figures, openFigures } from './figures.ts'
export { operatorRoutes } from './operator.routes.ts'
export { publicTroubles, readTroubles, TROUBLES, type TroubleKind } from './troubles.ts'
