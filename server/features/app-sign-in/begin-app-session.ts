import type { Core } from '../../platform/core.ts'
import { type AppSession, putAppSessionOfLive } from './session-store.ts'

/**
 * Notes that a session of wisp signed somebody in to an application, which is told when that session ends. False when it has ended:
 * then the person must not be signed in.
 */
export async function beginAppSession(ctx: Core, session: Omit<AppSession, 'id'>): Promise<boolean> {
  return putAppSessionOfLive(ctx.db, { ...session, id: ctx.newId() }, new Date(ctx.now()))
}
