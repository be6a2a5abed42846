import type { AccessEnd } from '../../platform/manifest/access-end.ts'
import type { SessionEnd } from '../../platform/manifest/session-end.ts'
import { tellOfLogouts } from './logouts/deliver.ts'
import { endAppSessions, endAppSessionsOfMembers } from './session-store.ts'

/** The applications that a session signed somebody in to are told that it ended. */
export const endAppsOfSessions: SessionEnd = async (tx, corpId, sessionIds, cause, at) => {
  await tellOfLogouts(tx, corpId, await endAppSessions(tx, corpId, sessionIds, at), cause, at)
}

/** Signs leavers out of all applications, also of applications whose session here is over. */
export const endAppsOfMembers: AccessEnd = async (tx, corpId, memberIds, at) => {
  await tellOfLogouts(tx, corpId, await endAppSessionsOfMembers(tx, corpId, memberIds, at), 'left', at)
}
