import { createHash, randomBytes } from 'node:crypto'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { livingMember, type View, viewOf } from '../../organisation/directory/read/view.ts'
import { perform } from '../../platform/acts/perform.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkText } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { checkKnownByAll } from '../../platform/upkeep/known-by-all.ts'
import type { ChatInfo } from '../../upstream/wecom/chats.ts'
import { agentOf } from '../apps/agent-of-call.ts'
import type { Outcome, SendNeeds } from '../channels/channel.ts'
import type { MessageSettingsOfCorps } from '../channels/settings/settings.ts'
import { Refusal } from '../channels/telling.ts'
import { chatsSince } from '../channels/wecom/chat/chat.ts'
import type { ChatReceivers } from '../channels/wecom/chat/chats-store.ts'
import { chatContent } from '../channels/wecom/chat/content.ts'
import { postToChat } from '../channels/wecom/chat/deliver.ts'
import type { ChatReason } from '../channels/wecom/chat/reasons.ts'
import { roomFor } from '../channels/wecom/chat/room.ts'
import type { WecomSettings } from '../channels/wecom/settings.ts'
import { answered, chatAgent, makeSteps, matchMembers, tooMany } from './ask.ts'
import { create, enqueueChat } from './creation.ts'
import { checkSize, membersOf } from './members.ts'
import * as store from './store.ts'

export type ChatNeeds = Core &
  SendNeeds & {
    corps: Corps
    developers: Developers
    messageSettings: MessageSettingsOfCorps
    mirrors: Mirrors
    offered: FeatureOffers
    queue: Queue
  }

/** What keeping chats takes that asks for no member. */
export type KeepNeeds = Core & { corps: Corps; developers: Developers }
export type ChatTestNeeds = SendNeeds & { corps: Corps }

/** All rows of a corp are in memory. */
export const chatsAtMost = 5000
/** WeCom cuts a longer name; in characters. */
export const nameAtMost = 50
/** When a creation is looked at by its task, in case the call that began it did not end. */
const settleAfterMs = 60_000

export type NewChat = ChatReceivers & {
  name: string
  owner?: string | undefined
  follow: boolean
  agentId?: string | undefined
  requestId?: string | undefined
}

/** Throws 1000, 1001, 1002, and 1005, 1006 or 1007 when nobody is known; 1008, 1010, 1011, 1013. */
export async function createChat(
  ctx: ChatNeeds,
  developer: Caller,
  given: NewChat,
): Promise<{ chat: store.ChatRow; invalid: { users: string[]; parties: string[]; tags: string[] } }> {
  const { corpId, devId } = developer
  await checkKnownByAll(ctx.db, chatsSince)
  const receivers = receiversIn(given)
  const name = readChatName(given.name)
  if (given.follow) checkFollowed(receivers)
  const agentId = await agentFor(ctx, developer, given.agentId)
  const view = viewOf(ctx, developer)
  const { userIds, invalid } = await membersOf(ctx, view, receivers)
  const owner = given.owner ? memberIn(view, given.owner, 'owner') : null
  const wanted = owner && !userIds.includes(owner) ? [owner, ...userIds] : userIds
  checkSize(wanted.length)
  const requestHash = hashOfRequest(given)
  const known = given.requestId && (await store.findByRequest(ctx.db, corpId, devId, given.requestId))
  if (known) return { chat: await repeated(ctx, known, requestHash), invalid }
  if ((await store.countChats(ctx.db, corpId)) >= chatsAtMost) throw full()
  const id = `wisp${randomBytes(12).toString('hex')}`
  const key = { corpId, id }
  const at = new Date(ctx.now())
  const isNew = await perform(ctx, { act: 'message.chat', actor: `developer:${devId}`, corpId }, async tx => {
    const roomAt = await roomFor(ctx, tx, corpId, 'creates')
    if (roomAt !== undefined) throw tooMany(ctx, roomAt)
    const follow = given.follow ? followOf(receivers, owner) : null
    const { requestId } = given
    const row = { ...key, name, devId, agentId, owner, follow, wanted, requestId, requestHash, at }
    const isTaken = !(await store.insertChat(tx, row))
    // Another call with this requestId came first, and did all that is recorded here.
    if (isTaken) throw new Repeated()
    await enqueueChat(tx, key, new Date(ctx.now() + settleAfterMs))
    return { target: id, targetName: name, detail: { name, members: wanted.length }, answer: true }
  }).catch(error => {
    if (error instanceof Repeated) return false
    throw error
  })
  if (!isNew) return createChat(ctx, developer, given).then(made => ({ ...made, invalid }))
  const chat = await chatOf(ctx, key)
  const done = await create(ctx, chat, true)
  if (done.kind === 'refused') {
    await store.deleteChat(ctx.db, key)
    throw new Refusal(done.reason)
  }
  return { chat: await chatOf(ctx, key), invalid }
}

class Repeated extends Error {}

/** A repetition asks again for what was left open. */
async function repeated(ctx: ChatNeeds, chat: store.ChatRow, hash: string): Promise<store.ChatRow> {
  if (chat.requestHash !== hash)
    throw new ApiError('badParameter', {
      zh: '相同的 requestId 已用于另一个群聊，没有创建；请使用新的 requestId',
      en: 'this requestId was used for another group chat, and nothing was created: use a new requestId',
    })
  if (chat.state !== 'creating') return chat
  await create(ctx, chat, false)
  return chatOf(ctx, chat)
}

const hashOfRequest = ({ requestId: _, ...given }: NewChat) =>
  createHash('sha256').update(JSON.stringify(given)).digest('base64')

function full(): ApiError {
  return new ApiError('badParameter', {
    zh: told`企业已有 ${own(chatsAtMost)} 个群聊，达到上限；管理员可在“消息中心 → 群聊”移除不用的群聊`,
    en: told`the corp has ${own(chatsAtMost)} group chats, which is the limit; administrators can remove those not in use under Message centre → Group chats`,
  })
}

/** Throws 1000 and 1001. */
function readChatName(name: string): string {
  const trimmed = name.trim()
  if (trimmed === '') throw new ApiError('missingParameter', 'name')
  checkText(trimmed, 'name', nameAtMost)
  return trimmed
}

/** Throws 1008 without an agent. */
async function agentFor(ctx: ChatNeeds, developer: Caller, agentId: string | undefined): Promise<number> {
  const { settings } = ctx.messageSettings.setupOf<WecomSettings>(developer.corpId, 'wecom')
  const found = await agentOf(ctx, developer, agentId, settings?.agentId ?? null)
  const none: ChatReason = { code: 'wecomNoAgent' }
  if (found === null) throw new Refusal(none)
  return found
}

/** Throws 1007. */
function memberIn(view: View, userId: string, name: string): string {
  const core = livingMember(view, userId)
  if (!core) throw new ApiError('unknownMember', told`${own(name)} ${userId}`)
  return core.userId
}

const receiversIn = ({ toUser, toParty, toTag }: ChatReceivers): ChatReceivers => ({
  toUser: [...new Set(toUser)],
  toParty: [...new Set(toParty)],
  toTag: [...new Set(toTag)],
})

/** An owner who is named belongs to it. */
const followOf = ({ toUser, ...others }: ChatReceivers, owner: string | null): ChatReceivers => ({
  ...others,
  toUser: owner && !toUser.includes(owner) ? [...toUser, owner] : toUser,
})

function checkFollowed({ toParty, toTag }: ChatReceivers): void {
  if (toParty.length + toTag.length > 0) return
  throw new ApiError('badParameter', {
    zh: 'follow 为 1 时须填 toParty 或 toTag：群成员跟随部门和标签变化',
    en: 'follow 1 needs toParty or toTag, because the members then follow departments and tags',
  })
}

/** Throws 1000. */
export async function chatOf(ctx: Core, key: store.ChatKey): Promise<store.ChatRow> {
  const row = await store.findChat(ctx.db, key)
  if (!row) throw noChat(key.id)
  return row
}

function noChat(id: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有群聊 ${id}`,
    en: told`there is no group chat ${id}`,
  })
}

/** Throws 1000 for what the developer did not make; whether another's exists is not told. */
export async function ownChat(ctx: Core, { corpId, devId }: Caller, id: string): Promise<store.ChatRow> {
  const row = await chatOf(ctx, { corpId, id })
  if (row.devId !== devId) throw noChat(id)
  return row
}

/** The chat as WeCom has it. Throws 1000 for one that is not there yet, or not any more; 1008, 1010, 1011. */
export async function infoOf(ctx: Core & { corps: Corps }, chat: store.ChatRow): Promise<ChatInfo> {
  if (chat.state !== 'ready')
    throw new ApiError('badParameter', {
      zh: told`群聊 ${chat.id} 还没有创建成功，请稍后再试`,
      en: told`the group chat ${chat.id} is not created yet: try again later`,
    })
  const agent = chatAgent(ctx, chat)
  const info = await answered(ctx, () => agent.messenger.chats.get(chat.id))
  if (info) return info
  throw new ApiError('badParameter', {
    zh: told`企业微信中已没有群聊 ${chat.id}`,
    en: told`the group chat ${chat.id} does not exist in WeCom any more`,
  })
}

export type ChatUpdate = ChatReceivers & {
  name?: string | undefined
  owner?: string | undefined
  addUser: string[]
  delUser: string[]
  follow?: boolean | undefined
}

/** Throws what `createChat` throws. What is repeated after a lost answer changes nothing more. */
export async function changeChat(
  ctx: ChatNeeds,
  developer: Caller,
  id: string,
  given: ChatUpdate,
): Promise<store.ChatRow> {
  const chat = await ownChat(ctx, developer, id)
  const view = viewOf(ctx, developer)
  const { receivers, follow } = followAfter(chat, given)
  const name = given.name === undefined ? undefined : readChatName(given.name)
  const owner = given.owner === undefined ? undefined : memberIn(view, given.owner, 'owner')
  const kept = follow && owner ? followOf(follow, owner) : follow
  const info = await infoOf(ctx, chat)
  // Another name alone leaves its members, also where there are too few of those that it follows.
  const isOther = receivers !== undefined || owner !== undefined || given.follow === true
  const named = isOther ? (kept ?? receivers) : undefined
  const target = await targetOf(ctx, view, { given, info, receivers: named, owner })
  const next = { ...chat, owner: owner ?? chat.owner }
  const agent = chatAgent(ctx, chat)
  await answered(ctx, async () => {
    if (target) await matchMembers(ctx, agent, next, info, target)
    if (name !== undefined) await makeSteps(ctx, agent, chat, [{ name }])
  })
  const { corpId } = chat
  await perform(ctx, { act: 'message.chat', actor: `developer:${developer.devId}`, corpId }, async tx => {
    const at = new Date(ctx.now())
    await store.updateChat(tx, chat, {
      ...(name === undefined ? {} : { name }),
      owner: next.owner,
      follow: kept,
      members: target?.length ?? info.userIds.length,
      matched: null,
      ...(kept && !target ? {} : { problem: null }),
      ...(kept && target ? { followedAt: at } : {}),
    })
    // The address book may have changed since it was read above.
    if (kept) await enqueueChat(tx, chat, at)
    const told = { name: name ?? chat.name, members: target?.length ?? info.userIds.length }
    return { target: id, targetName: name ?? chat.name, detail: told, answer: undefined }
  })
  return chatOf(ctx, chat)
}

/** What a chat follows after a change, and the receivers that were given. Throws 1000 and 1001. */
function followAfter(
  chat: store.ChatRow,
  given: ChatUpdate,
): { receivers: ChatReceivers | undefined; follow: ChatReceivers | null } {
  const named = receiversIn(given)
  const isNamed = named.toUser.length + named.toParty.length + named.toTag.length > 0
  const receivers = isNamed ? named : undefined
  const { addUser, delUser, name, owner } = given
  const isSingle = addUser.length + delUser.length > 0
  if (!isNamed && !isSingle && name === undefined && owner === undefined && given.follow === undefined)
    throw new ApiError('missingParameter', {
      zh: '没有要修改的内容：请填 name、owner、follow、addUser、delUser、toUser、toParty 或 toTag',
      en: 'nothing to change: give name, owner, follow, addUser, delUser, toUser, toParty or toTag',
    })
  const isFollowing = given.follow ?? chat.follow !== null
  if (isSingle && (isFollowing || isNamed))
    throw new ApiError('badParameter', {
      zh: isFollowing
        ? 'addUser、delUser 用于成员不跟随通讯录的群聊：请改用 toUser、toParty、toTag，或填 follow 0'
        : 'addUser、delUser 不能与 toUser、toParty、toTag 一起填',
      en: isFollowing
        ? 'addUser and delUser are for group chats that do not follow: give toUser, toParty and toTag, or follow 0'
        : 'addUser and delUser cannot be given together with toUser, toParty and toTag',
    })
  if (!isFollowing) return { receivers, follow: null }
  const follow = receivers ?? chat.follow
  checkFollowed(follow ?? { toUser: [], toParty: [], toTag: [] })
  return { receivers, follow }
}

type ChatDraft = {
  given: ChatUpdate
  info: ChatInfo
  receivers: ChatReceivers | undefined
  owner: string | undefined
}

/** Who shall be its members; undefined where they stay. Throws 1000 and 1007. */
async function targetOf(
  ctx: ChatNeeds,
  view: View,
  { given, info, receivers, owner }: ChatDraft,
): Promise<string[] | undefined> {
  const { addUser, delUser } = given
  const isChanged = receivers || owner || addUser.length + delUser.length > 0
  if (!isChanged) return undefined
  const added = addUser.map(userId => memberIn(view, userId, 'addUser'))
  const gone = new Set(delUser.map(userId => userId.toLowerCase()))
  const base = receivers ? (await membersOf(ctx, view, receivers)).userIds : info.userIds
  const people = new Map(
    [...base, ...added, ...(owner ? [owner] : [])].map(userId => [userId.toLowerCase(), userId]),
  )
  const target = [...people].flatMap(([key, userId]) => (gone.has(key) ? [] : [userId]))
  checkSize(target.length)
  return target
}

/** Forgets a chat, which stays in WeCom: what was accepted for it and has not left fails with that reason. Throws 1000. */
export async function removeChat(ctx: Core, actor: string, corpId: string, id: string): Promise<void> {
  const { name } = await chatOf(ctx, { corpId, id })
  await perform(ctx, { act: 'message.chat.remove', actor, corpId }, async tx => {
    await store.deleteChat(tx, { corpId, id })
    return { target: id, targetName: name, detail: { name }, answer: undefined }
  })
}

/** Writes a test message into the chat, of which its members see who tests. Throws 1000. */
export async function testChat(
  ctx: ChatTestNeeds,
  actor: string,
  corpId: string,
  id: string,
): Promise<Outcome> {
  const chat = await chatOf(ctx, { corpId, id })
  const corp = ctx.corps.get(corpId)
  const { content } = chatContent({
    agentName: corp.name,
    toChat: [id],
    msgType: '03',
    title: '测试',
    content: '这是一条测试消息。收到它说明可以向群聊发送。',
  })
  const at = new Date(ctx.now())
  const outcome = await postToChat(
    {
      ctx,
      corp,
      key: `test.${randomBytes(8).toString('hex')}`,
      agentId: null,
      content,
      chunk: 0,
      userIds: [id],
      memberIds: [],
      isChecked: false,
      firstTriedAt: at,
      isRepeated: false,
    },
    chat,
  )
  const detail = { ok: outcome.kind === 'sent' }
  await record(ctx.db, ctx, {
    corpId,
    actor,
    act: 'message.test',
    target: id,
    targetName: chat.name,
    detail,
  })
  return outcome
}
