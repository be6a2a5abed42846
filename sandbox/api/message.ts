import { createHash, randomBytes } from 'node:crypto'
import { canBeUpdated } from '../cards/check.ts'
import { updateCard } from '../cards/update.ts'
import { type Input, integer, text } from '../http/input.ts'
import type { WecomEntry } from '../messages/entry.ts'
import { dayOf } from '../messages/rules.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { CallWorld } from './call.ts'
import { type Call, type CallRequest, ok, ownAgent } from './call.ts'
import { messageContent } from './message-content.ts'
import { type Receivers, receivers } from './message-receivers.ts'

const recallMs = 24 * 3_600_000

/** message/* (docs/upstream/wecom-messages.md#sending). */
export const messageCalls: readonly Call[] = [
  { method: 'POST', path: '/cgi-bin/message/send', token: 'agent', run: send },
  { method: 'POST', path: '/cgi-bin/message/recall', token: 'agent', run: recall },
  { method: 'POST', path: '/cgi-bin/message/update_template_card', token: 'agent', run: update },
  { method: 'POST', path: '/cgi-bin/message/get_statistics', token: 'agent', run: statistics },
]

function send(ask: CallRequest): Record<string, unknown> {
  const { world, caller, input } = ask
  const agentId = ownAgent(ask)
  for (const key of ['safe', 'enable_id_trans', 'enable_duplicate_check'])
    flag(input, key, key === 'safe' ? 2 : 1)
  const msgtype = text(input, 'msgtype', 40008) ?? ''
  const content = messageContent(msgtype, input, {
    toAll: input['touser'] === '@all',
    hasMedia: id => world.media.get(id) !== undefined,
  })
  const to = receivers(world, caller, input)
  const check = duplicateCheck(world, agentId, input)
  const first = check && world.messageRules.duplicateOf(check.key)
  const isCard = msgtype === 'template_card'
  const taskId = isCard ? text(content, 'task_id') : undefined
  if (first === undefined && taskId !== undefined && world.cards.isKnown(agentId, taskId))
    throw new WecomError(40058, 'task_id is used')
  const { msgId, n } =
    first === undefined ? deliver(world, { agentId, msgtype, content }, to, check) : swallow(world, first)
  const original = first ?? n
  return {
    ...ok,
    ...to.invalid,
    msgid: msgId,
    ...(isCard && canBeUpdated(content) && { response_code: codeOf(world, original, first === undefined) }),
  }
}

/** A repetition is answered with the code of the first, as far as it is remembered. No source says what WeCom does. */
function codeOf(world: CallWorld, n: number, isNew: boolean): string {
  const known = isNew ? undefined : world.cards.firstCode(n)
  return known ?? world.cards.giveCode(n)
}

function update(ask: CallRequest): Record<string, unknown> {
  return { ...ok, ...updateCard(ask.world, ownAgent(ask), ask.input) }
}

function flag(input: Input, key: string, max: number): number {
  const value = integer(input, key) ?? 0
  if (value < 0 || value > max) throw new WecomError(40058, key)
  return value
}

/**
 * The key under which an identical request within the interval is recognised; undefined when the sender did
 * not ask for the check.
 */
function duplicateCheck(world: CallWorld, agentId: number, input: Input) {
  const seconds = integer(input, 'duplicate_check_interval') ?? 1800
  if (flag(input, 'enable_duplicate_check', 1) === 0) return undefined
  if (seconds < 1 || seconds > 14_400) throw new WecomError(40058, 'duplicate_check_interval')
  const key = createHash('sha256')
    .update(`${agentId} ${JSON.stringify(input)}`)
    .digest('base64')
  return { key, until: world.now() + seconds * 1000 }
}

type EntryContent = Pick<WecomEntry, 'agentId' | 'msgtype' | 'content'>

function deliver(
  world: CallWorld,
  sent: EntryContent,
  to: Receivers,
  check: ReturnType<typeof duplicateCheck>,
): WecomEntry {
  const { messageRules: rules, state } = world
  const { limits } = world.settings
  const { agentId } = sent
  rules.checkDay(agentId, to.slots.size, limits, state.memberCount)
  const got: number[] = []
  const dropped: WecomEntry['dropped'] = []
  for (const slot of to.slots) {
    const reason = rules.refusal(agentId, slot, limits)
    if (reason) dropped.push({ userid: state.userids[slot]!, reason })
    else got.push(slot)
  }
  rules.count(agentId, got, world.now())
  const entry = {
    channel: 'wecom' as const,
    agentId,
    msgId: randomBytes(33).toString('base64url'),
    to: got.map(slot => state.userids[slot]!),
    dropped,
    all: to.all,
    msgtype: sent.msgtype,
    content: sent.content,
  }
  const message = world.messages.append(entry, got, check) as WecomEntry
  if (check) rules.remember(check.key, check.until, message.n)
  world.msgIds.set(message.msgId, message.n)
  if (sent.msgtype === 'template_card') world.cards.add(agentId, sent.content['task_id'], message.n, got)
  return message
}

/** A repeated message is answered like the first one. No source says which msgid WeCom returns here. */
function swallow(world: CallWorld, first: number): WecomEntry {
  const { agentId, msgId, all, msgtype, content } = world.messages.entry(first) as WecomEntry
  const entry = { channel: 'wecom' as const, agentId, msgId, to: [], dropped: [], all, msgtype, content }
  return world.messages.append({ ...entry, deduplicated: true }, []) as WecomEntry
}

/** No source lists WeCom's codes for a message that cannot be recalled, so 40058 stands for all of them. */
function recall({ world, caller, input }: CallRequest): Record<string, unknown> {
  const msgId = text(input, 'msgid') ?? ''
  const n = world.msgIds.get(msgId)
  const entry = n === undefined ? undefined : (world.messages.entry(n) as WecomEntry)
  if (!entry || entry.agentId !== caller.agent!.agentId) throw new WecomError(40058, 'invalid msgid')
  if (Date.parse(entry.at) <= world.now() - recallMs)
    throw new WecomError(40058, 'message is older than 24 hours')
  if (entry.recalledAt === undefined) world.messages.recall(entry.n)
  return ok
}

/** Number of messages times receivers, by application, for today (0) or yesterday (1). */
function statistics({ world, input }: CallRequest): Record<string, unknown> {
  const type = flag(input, 'time_type', 1)
  const day = dayOf(world.now()) - type
  const counts = world.agents.map(({ agentId, name }) => ({
    agentid: agentId,
    app_name: name,
    count: world.messageRules.sentOn(day, agentId),
  }))
  return { ...ok, statistics: counts.filter(item => item.count > 0) }
}
