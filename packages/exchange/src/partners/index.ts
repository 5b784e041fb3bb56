export { type Delivery, findPartner, findProject, makePartner, makeProject, type NewProject } from './partners.store.ts'
