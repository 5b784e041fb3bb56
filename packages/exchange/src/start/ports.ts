import { CannotStart } from '../platform/data-folder.ts'

/** An address that this machine itself can use, and that reads well. */
export const reachableUrl = (url: string): string => url.replace(/\/\/(0\.0\.0\.0|127\.0\.0\.1|\[::\]|\[::1\])(?=:|$)/, '//localhost')

/**
 * Takes a port.
 * @throws CannotStart when it cannot be had; the sentence names the variable that chooses another one
 */
export async function takePort<T>(variable: string, port: number, take: () => Promise<T>): Promise<T> {
  try {
    return await take()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new CannotStart(`Port ${port} is taken by another program. Choose another with ${variable}.`)
    if (code === 'EACCES') throw new CannotStart(`Port ${port} may not be used by this user. Choose one above 1023 with ${variable}.`)
    throw new CannotStart(`Port ${port} cannot be used: ${message}. Choose another with ${variable}.`)
  }
}
