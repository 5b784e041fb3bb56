import { type DoorName, findDoors, namesOfDoor, type ReadText } from './doors.ts'

/** Every public name whose definition has no docstring, once. */
export function docstringProblems(files: readonly string[], read?: ReadText): string[] {
  return problemsOf(findDoors(files).flatMap(door => namesOfDoor(door, read)))
}

/** The same for names that are given. */
export function problemsOf(names: readonly DoorName[]): string[] {
  const missing = new Map<string, DoorName>()
  for (const one of names) if (!one.documented) missing.set(`${one.file} ${one.name}`, one)
  return [...missing.values()].map(
    ({ door, name, file, line }) =>
      `${file}:${line}  ${name} has no docstring, and ${door} passes it on: say what it is, its units, limits and errors`,
  )
}
