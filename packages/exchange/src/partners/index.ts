export { type Delivery, findPartner, findProject, makePartner, makeProject } from './partners.store.ts'
