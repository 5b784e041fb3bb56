import { z } from 'zod'

/** Users, groups and roles in all examples (servicenow-core 8.3). */
export const USER_ID = '62826bf03710200044e0bfc8bcbe5df1'
export const GROUP_ID = '287ebd7da9fe198100f92cc8d1d2154e'
export const ROLE_ID = '282bf1fac6112285017366cb5f867469'
export const MEMBERSHIP = { sys_id: 'a55a6bf03710200044e0bfc8bcbe5d01', user: USER_ID, group: GROUP_ID }

/** Where users, groups and roles are described. */
export const SOURCE = 'servicenow-core 8.3'

/** A name by which one of them is known. */
export const nameOf = (about: string) => z.string().min(1).max(255).describe(about)
