import type { Context } from '../context.ts'

/** The door for the command line: a socket in the data directory, this user's only. */
export async function listenForCommands(_ctx: Context): Promise<{ close(): Promise<void> }> {
  return { close: async () => {} }
}
