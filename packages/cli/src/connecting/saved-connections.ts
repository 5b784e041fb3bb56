import { lstatSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type MovedConnection, moveConnections, type SavedConnections, savedInFolder } from '@deskbridge/servicenow'
import { configurationFolder } from '../process/configuration-folder.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the command line keeps its connections and, without DESKBRIDGE_KEY, their key. */
export const connectionsFolder = (environment: Environment): string => join(configurationFolder(environment), 'connections')

/** Where earlier versions kept them: in the data folder, which is that of the current folder unless somebody says otherwise. */
const earlierFolder = (environment: Environment): string => resolve(join(environment.DESKBRIDGE_DATA || './data', 'connections'))

/** The connections that a person has saved; what lies where earlier releases kept it is moved here first, and told on standard error. */
export async function openSavedConnections(environment: Environment): Promise<SavedConnections> {
  const folder = connectionsFolder(environment)
  const earlier = earlierFolder(environment)
  if (earlier !== folder && isOurs(earlier))
    for (const one of await moveConnections(earlier, folder, environment)) process.stderr.write(sentenceOf(one, earlier, folder))
  return savedInFolder(folder, environment)
}

/** A link, and what somebody else has laid there, is not taken for ours. */
function isOurs(folder: string): boolean {
  const there = lstatSync(folder, { throwIfNoEntry: false })
  return there?.isDirectory() === true && there.uid === process.getuid?.()
}

function sentenceOf(moved: MovedConnection, from: string, to: string): string {
  if ('problem' in moved) return `The connection "${moved.name}" stays in ${from}: ${moved.problem}\n`
  const otherName = moved.as === moved.name ? '' : ` as "${moved.as}", because another one has its name there`
  return `The connection "${moved.name}" was moved from ${from} to ${to}${otherName}.\n`
}
