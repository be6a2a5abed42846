import type { Corps } from '../../../organisation/corps/corps.ts'
import { isListed } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { type Roles, roleLevel } from '../../../organisation/directory/permissions/person.ts'
import { listRoles, memberOf } from '../../../organisation/people/administrators.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkText } from '../../../platform/http/rules.ts'
import { told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { isOpenid } from '../../../upstream/official/push.ts'
import type { Account } from '../accounts/accounts.ts'
import * as store from './conversation-store.ts'
import { eventKinds } from './event-kinds.ts'
import { touchTalk } from './revision-store.ts'
import { insertLines } from './store.ts'

export type Needs = Core & { corps: Corps; mirrors: Mirrors; roles: Roles }

const noteAtMost = 200

export type Person = { userId: string; name: string }

/** Throws 1000 for a follower that the account does not know. */
export async function conversationOf(
  ctx: Pick<Core, 'db'>,
  account: Account,
  openid: string,
): Promise<store.Conversation> {
  const found = isOpenid(openid) ? await store.findConversation(ctx.db, account, openid) : undefined
  if (!found)
    throw new ApiError('badParameter', {
      zh: told`这个公众号没有粉丝 ${openid}`,
      en: told`the account has no follower ${openid}`,
    })
  return found
}

/** Returns the administrators of the account, to whom a conversation may be given, in the order of their names. */
export async function peopleOf(ctx: Needs, account: Account): Promise<Person[]> {
  const { corpId, grants } = account
  const { members } = ctx.mirrors.of(corpId)
  const roles = (await listRoles(ctx, corpId)).filter(one => one.level === roleLevel.superAdministrator)
  const granted = [...grants].flatMap(id => {
    const member = members.byId(id)
    return member && isListed(member) ? [{ userId: member.userId, name: member.name }] : []
  })
  const all = [...roles.map(one => ({ userId: one.userId, name: one.userName })), ...granted]
  const once = new Map(all.map(one => [one.userId, one]))
  return [...once.values()].sort((a, b) => a.name.localeCompare(b.name, 'zh'))
}

/**
 * Gives a conversation to a member, or to nobody ('' ). Of one that somebody else has, `note` says why. Throws 1000, 1001,
 * 1007, and 1009 for a member who may not work with the account.
 */
export async function assignConversation(
  ctx: Needs,
  visitor: Visitor,
  account: Account,
  { openid, userId, note }: { openid: string; userId: string; note: string },
): Promise<void> {
  checkText(note, 'note', noteAtMost)
  await conversationOf(ctx, account, openid)
  const to = userId === '' ? undefined : memberOf(ctx, account.corpId, userId)
  if (to && !(await peopleOf(ctx, account)).some(one => one.userId === to.userId))
    throw new ApiError('forbidden', {
      zh: told`${to.name} 不是这个公众号的管理员，请另选`,
      en: told`${to.name} is not an administrator of this account: choose another one`,
    })
  await change(ctx, visitor, account, openid, 'assign', async (tx, { assignedMember }) => {
    if (assignedMember === (to?.id ?? null)) return undefined
    if (othersName(ctx, visitor, account, assignedMember) !== undefined && note.trim() === '')
      throw new ApiError('missingParameter', {
        zh: 'note：会话正由他人处理，请说明原因',
        en: 'note: another administrator has the conversation, so give a reason',
      })
    await store.setConversation(tx, account, openid, { assigned_member: to?.id ?? null, closed_at: null })
    return { userId: to?.userId ?? '', note: note.trim() }
  })
}

/** Ends a conversation until the follower writes again. */
export async function closeConversation(
  ctx: Core,
  visitor: Visitor,
  account: Account,
  openid: string,
): Promise<void> {
  await conversationOf(ctx, account, openid)
  await change(ctx, visitor, account, openid, 'close', async (tx, { closedAt }) => {
    if (closedAt) return undefined
    await store.setConversation(tx, account, openid, {
      closed_at: new Date(ctx.now()),
      assigned_member: null,
      needs_person: false,
      unanswered_since: null,
      unread: 0,
    })
    return {}
  })
}

/** The name of somebody else who has the conversation. People who have left the organisation have none. */
export function othersName(
  ctx: { mirrors: Mirrors },
  visitor: Visitor,
  { corpId }: Account,
  assignedMember: number | null,
): string | undefined {
  if (assignedMember === null || assignedMember === visitor.member?.id) return undefined
  const member = ctx.mirrors.of(corpId).members.byId(assignedMember)
  return member && isListed(member) ? member.name : undefined
}

type ConversationLock = Awaited<ReturnType<typeof store.lockConversation>>

/** Writes what was done into the conversation and the audit log, unless nothing was. */
async function change(
  ctx: Core,
  visitor: Visitor,
  account: Account,
  openid: string,
  act: 'assign' | 'close',
  work: (tx: Db, before: ConversationLock) => Promise<Record<string, string> | undefined>,
): Promise<void> {
  const { corpId, originalId } = account
  const { actor } = visitor
  await ctx.db.transaction().execute(async tx => {
    const at = new Date(ctx.now())
    const content = await work(tx, await store.lockConversation(tx, account, openid, at))
    if (!content) return
    const kind = act === 'assign' ? 'assigned' : 'closed'
    await insertLines(tx, account, [{ openid, isFromFollower: false, kind, content, actor, at }])
    const detail = { originalId, ...content }
    await record(tx, ctx, { corpId, actor, act: `official.conversation.${act}`, target: openid, detail })
    await touchTalk(tx, account)
  })
}

/** Somebody has seen the conversation up to the line `upTo`. */
export async function readConversation(
  ctx: Pick<Core, 'db'>,
  account: Account,
  openid: string,
  upTo: number,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    if (await store.setRead(tx, account, openid, upTo, eventKinds)) await touchTalk(tx, account)
  })
}
