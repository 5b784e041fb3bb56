import { folderStore } from './folder-store.ts'
import { keyIsGiven, readOrMakeKeys, writeKeyFile } from './key-file.ts'
import { newKey } from './keys.ts'
import { SavedConnections } from './saved-connections.ts'

type EnvironmentVariables = Readonly<Record<string, string | undefined>>

/**
 * The connections that are saved in a folder.
 * @example
 * const saved = savedInFolder(folder, {})
 * await saved.add({ name: 'desk', environment: 'sandbox', url: baseUrl, values: { userName, password } })
 * const user = await serviceNow(connect(await saved.readOptions('desk'))).user.current()
 * user.user_name // → userName
 */
export function savedInFolder(folder: string, environment: EnvironmentVariables): SavedConnections {
  return new SavedConnections(folderStore(folder), () => readOrMakeKeys(folder, environment))
}

/**
 * Makes a new key for a folder and seals its connections with it. The old key stays in the key file until all are done, so a
 * rotation that breaks off loses nothing: the next one finishes it.
 * @returns how many connections were sealed
 * @example
 * const saved = savedInFolder(folder, {})
 * await saved.add({ name: 'desk', environment: 'sandbox', url: baseUrl, values: { userName, password } })
 * await rotateKeyOfFolder(folder, {}) // → 1
 */
export async function rotateKeyOfFolder(folder: string, environment: EnvironmentVariables): Promise<number> {
  const saved = savedInFolder(folder, environment)
  // The new key comes from outside; what the old one has sealed is sealed anew with it.
  if (keyIsGiven(environment)) return saved.sealAnew()
  const key = newKey()
  writeKeyFile(folder, [key, ...readOrMakeKeys(folder, environment)])
  const count = await saved.sealAnew()
  writeKeyFile(folder, [key])
  return count
}
