import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { namedMembers, viewOf } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Apps } from '../apps/catalog.ts'
import { leaversByKey } from './people-store.ts'

type Needs = Core & { apps: Apps; mirrors: Mirrors }

/** Whose to-dos somebody may write: those of which apps, for whom. */
export type TodoWriter = {
  corpId: string
  /** The app that an id means, its own or that of its agent in WeCom; undefined for one that the writer may not use. */
  appOf(id: string): { id: string; devId: string | null } | undefined
  /** By the userids as they were given; without those whom the writer does not reach. */
  membersOf(userIds: readonly string[]): Promise<Map<string, Receiver>>
}

/** Who has left is found again for what they had, which may be another's now, and gets nothing new. */
export type Receiver = { readonly id: number; readonly hasLeft?: boolean }

/** A developer writes those of its own apps, for members within its data scope. */
export function developerAsWriter(ctx: Needs, developer: Caller): TodoWriter {
  const { corpId, devId } = developer
  const own = ctx.apps.ofCorp(corpId).filter(app => app.devId === devId)
  return {
    corpId,
    appOf: id => own.find(app => app.id === id) ?? own.find(app => String(app.agentId) === id),
    async membersOf(userIds) {
      const found: Map<string, Receiver> = await namedMembers(ctx, viewOf(ctx, developer), userIds)
      const strange = userIds.filter(userId => !found.has(userId))
      if (strange.length === 0) return found
      const left = await leaversByKey(
        ctx.db,
        corpId,
        strange.map(userKey),
        own.map(app => app.id),
      )
      for (const userId of strange) {
        const id = left.get(userKey(userId))
        if (id !== undefined) found.set(userId, { id, hasLeft: true })
      }
      return found
    },
  }
}

/** Throws 1002. */
export function appOf(writer: TodoWriter, id: string): { id: string; devId: string | null } {
  const app = writer.appOf(id)
  if (!app) throw notYourApp(id)
  return app
}

export function notYourApp(id: string): ApiError {
  return new ApiError('unknownDeveloper', {
    zh: told`agentId ${id}：您没有这个应用`,
    en: told`agentId ${id}: you have no such app`,
  })
}

/** Throws 1007. */
export async function memberOf(writer: TodoWriter, userId: string): Promise<Receiver> {
  const member = (await writer.membersOf([userId])).get(userId)
  if (!member) throw new ApiError('unknownMember', told`${userId}`)
  return member
}

/** Somebody who can get something new. Throws 1007. */
export async function presentMemberOf(writer: TodoWriter, userId: string): Promise<Receiver> {
  const member = await memberOf(writer, userId)
  if (member.hasLeft) throw new ApiError('unknownMember', told`${userId}`)
  return member
}
