import type { z } from 'zod'
import type { ActionName, Catalogued } from '../catalogue/catalogue.ts'

type InputOf<Name extends ActionName> = z.input<Extract<Catalogued, { name: Name }>['input']>

/** What an action is performed with, and what its answer has at least. Each time it is asked for, it makes records of its own. */
export type Case<Name extends ActionName> = () => Promise<{ input: InputOf<Name>; answer: object }>

/** A case for every row of a family: one that is owed does not compile. */
export type CasesOf<Family extends string> = { [Name in ActionName as Name extends `${Family}.${string}` ? Name : never]: Case<Name> }
