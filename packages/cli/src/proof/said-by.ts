import { vi } from 'vitest'

/** What a command writes to standard output while it runs in this process. */
export async function saidBy(command: () => Promise<unknown>): Promise<string> {
  let said = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    said += text
    return true
  })
  try {
    await command()
  } finally {
    write.mockRestore()
  }
  return said
}
