import { type DoorName, findDoors, namesOfDoor, type ReadText } from './doors.ts'
import { NOT_YET } from './not-yet.ts'

/** What is wrong with the docstrings of the doors; `notYet` are names (`package: name`) that have none for now. */
export function docstringProblems(files: readonly string[], notYet: readonly string[], read?: ReadText): string[] {
  const names = findDoors(files).flatMap(door => namesOfDoor(door, read))
  return problemsOf(names, notYet)
}

/** The same for names that are given. */
export function problemsOf(names: readonly DoorName[], notYet: readonly string[]): string[] {
  const missing = new Map<string, DoorName>()
  for (const one of names) if (!one.documented) missing.set(keyOf(one), one)
  return [
    ...[...missing].flatMap(([key, { door, name, file, line }]) =>
      notYet.includes(key)
        ? []
        : [`${file}:${line}  ${name} has no docstring, and ${door} passes it on: say what it is, its units, limits and errors`],
    ),
    ...notYet.flatMap(key => (missing.has(key) ? [] : [`${NOT_YET}  '${key}' has a docstring, or is no more`])),
  ]
}

const keyOf = ({ door, name }: DoorName) => `${door.split('/')[1]}: ${name}`
