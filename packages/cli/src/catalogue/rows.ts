import { type Action, catalogue } from '@deskbridge/servicenow'
import { WrongUse } from '../process/wrong-use.ts'

/** The catalogue's rows, without their literal types: what both the command line and an assistant's tools are read from. */
export const ROWS = catalogue as unknown as readonly Action[]

/** @throws WrongUse for a name that is none, with those that are near it */
export function rowNamed(name: string): Action {
  const row = ROWS.find(one => one.name === name)
  if (row) return row
  const near = namesNear(name)
  const hint = near.length ? ` Did you mean ${near.join(', ')}?` : ''
  throw new WrongUse(`There is no action "${name}".${hint} "deskbridge action list" shows all ${ROWS.length}.`)
}

/** The same letters in another case, the same family, or the same verb. */
function namesNear(name: string): string[] {
  const wanted = name.toLowerCase()
  const same = ROWS.filter(row => row.name.toLowerCase() === wanted)
  const [family = '', verb] = wanted.split('.')
  const near = same.length ? same : ROWS.filter(row => row.name.toLowerCase().startsWith(`${family}.`))
  const found = near.length || !verb ? near : ROWS.filter(row => row.name.toLowerCase().endsWith(`.${verb}`))
  return found.slice(0, 8).map(row => row.name)
}
