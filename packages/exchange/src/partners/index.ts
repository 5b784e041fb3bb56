export { type Delivery, findPartner, findProject, makePartner, makeProject, suspendPartner } from './partners.store.ts'
