import { randomBytes } from 'node:crypto'
import { type Input, strings, text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { SandboxChat } from '../state/chats.ts'
import type { Call, CallRequest } from './call.ts'
import { ok } from './call.ts'
import { messageContent } from './message-content.ts'

const atLeast = 2
const atMost = 2000
const nameAtMost = 50

/** appchat/* (docs/upstream/wecom-group-chats.md#calls): for applications whose visible range is the root. */
export const appchatCalls: readonly Call[] = [
  { method: 'POST', path: '/cgi-bin/appchat/create', token: 'agent', run: create },
  { method: 'POST', path: '/cgi-bin/appchat/update', token: 'agent', run: update },
  { method: 'GET', path: '/cgi-bin/appchat/get', token: 'agent', run: get },
  { method: 'POST', path: '/cgi-bin/appchat/send', token: 'agent', run: send },
]

function checkRange({ caller }: CallRequest): void {
  if (!caller.view.all) throw new WecomError(60011, 'the visible range is not the root')
}

function create(ask: CallRequest): Record<string, unknown> {
  checkRange(ask)
  const { world, caller, input } = ask
  const chatid = text(input, 'chatid') || randomBytes(16).toString('hex')
  if (!/^[0-9A-Za-z]{1,32}$/.test(chatid)) throw new WecomError(86001)
  if (world.chats.get(chatid, world.state)) throw new WecomError(86215)
  const members = slotsOf(ask, strings(input, 'userlist') ?? [])
  checkSize(members)
  const owner = ownerOf(ask, members) ?? members[0]!
  world.chats.countCreate()
  world.chats.put({ chatid, agentId: caller.agent!.agentId, name: nameOf(input) ?? '群聊', owner, members })
  return { ...ok, chatid }
}

function update(ask: CallRequest): Record<string, unknown> {
  checkRange(ask)
  const { world, input } = ask
  const chat = chatOf(ask)
  const gone = new Set(slotsOf(ask, strings(input, 'del_user_list') ?? []))
  const added = slotsOf(ask, strings(input, 'add_user_list') ?? [])
  const members = [...new Set([...chat.members, ...added])].filter(slot => !gone.has(slot))
  checkSize(members)
  const owner = ownerOf(ask, members) ?? (members.includes(chat.owner) ? chat.owner : undefined)
  if (owner === undefined) throw new WecomError(86005)
  world.chats.countChange()
  world.chats.put({ ...chat, name: nameOf(input) ?? chat.name, owner, members })
  return ok
}

function get(ask: CallRequest): Record<string, unknown> {
  checkRange(ask)
  const { state } = ask.world
  const { chatid, name, owner, members } = chatOf(ask)
  const userlist = members.map(slot => state.userids[slot]!)
  return { ...ok, chat_info: { chatid, name, owner: state.userids[owner] ?? '', userlist } }
}

/** What message/send takes and a group chat does not. */
const notForChats = new Set(['template_card', 'miniprogram_notice'])

function send(ask: CallRequest): Record<string, unknown> {
  checkRange(ask)
  const { world, caller, input } = ask
  const chat = chatOf(ask)
  const msgtype = text(input, 'msgtype', 40008) ?? ''
  if (notForChats.has(msgtype)) throw new WecomError(40008)
  const shown = messageContent(msgtype, input, {
    toAll: false,
    hasMedia: id => world.media.get(id) !== undefined,
  })
  const mentioned = strings((input[msgtype] ?? {}) as Input, 'mentioned_list')
  const content = mentioned ? { ...shown, mentioned_list: mentioned } : shown
  const { agentId } = caller.agent!
  const { got, dropped } = world.chats.countSend(agentId, chat.members)
  const named = (slots: readonly number[]) => slots.map(slot => world.state.userids[slot]!)
  world.messages.append(
    {
      channel: 'wecom',
      agentId,
      msgId: '',
      chat: { chatId: chat.chatid, name: chat.name },
      to: named(got),
      dropped: named(dropped).map(userid => ({ userid, reason: 'perMemberMinute' as const })),
      all: false,
      msgtype,
      content,
    },
    got,
  )
  return ok
}

function chatOf({ world, caller, input }: CallRequest): SandboxChat {
  const chatid = text(input, 'chatid')
  if (!chatid) throw new WecomError(86001)
  const chat = world.chats.get(chatid, world.state)
  if (!chat) throw new WecomError(86003)
  if (chat.agentId !== caller.agent!.agentId) throw new WecomError(86008)
  return chat
}

function slotsOf({ world }: CallRequest, userids: readonly string[]): number[] {
  const slots = userids.map(userid => {
    const slot = world.state.slotOf(userid)
    const status = slot === undefined ? undefined : world.state.member(slot).status
    if (slot === undefined || (status !== 1 && status !== 4)) throw new WecomError(86007, userid)
    return slot
  })
  return [...new Set(slots)]
}

function checkSize({ length }: readonly number[]): void {
  if (length < atLeast || length > atMost) throw new WecomError(86006)
}

function ownerOf(ask: CallRequest, members: readonly number[]): number | undefined {
  const userid = text(ask.input, 'owner')
  if (!userid) return undefined
  const slot = ask.world.state.slotOf(userid)
  if (slot === undefined || !members.includes(slot)) throw new WecomError(86005)
  return slot
}

/** A longer name is cut. */
function nameOf(input: Input): string | undefined {
  const name = text(input, 'name')
  return name ? [...name].slice(0, nameAtMost).join('') : undefined
}
