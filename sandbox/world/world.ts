import { AgentPusher } from '../agents/pusher.ts'
import type { MeetingRoom } from '../api/call.ts'
import { type ApprovalOptions, Approvals } from '../approvals/approvals.ts'
import { tellAgents } from '../approvals/tell.ts'
import { Cards } from '../cards/cards.ts'
import { newTour, type Tour } from '../control/world.ts'
import { type CorpOptions, corpSize } from '../corp/corp.ts'
import type { Commit, Editor } from '../edits/edit.ts'
import { edits } from '../edits/edits.ts'
import { CallCounts } from '../http/calls.ts'
import type { Input } from '../http/input.ts'
import { JsTickets } from '../js-sdk/tickets.ts'
import type { StoredMessage } from '../messages/entry.ts'
import { MessageLog } from '../messages/log.ts'
import { MessageRules } from '../messages/rules.ts'
import { OAuth } from '../oauth.ts'
import { OfficialPlatform } from '../official/platform.ts'
import { People } from '../pay/people.ts'
import { PayPlatform } from '../pay/platform.ts'
import type { ContactEvent } from '../push/event.ts'
import { Pusher, type StoredPush } from '../push/pusher.ts'
import { eventXml } from '../push/xml.ts'
import { Robots } from '../robots/robots.ts'
import { Faults } from '../rules/faults.ts'
import { Limits } from '../rules/limits.ts'
import { type StoredToken, Tokens } from '../rules/tokens.ts'
import { type ChangeSettings, defaultSettings, type Settings } from '../settings.ts'
import { QrSignIns } from '../sign-in/qr.ts'
import { SmsDesk } from '../sms/desk.ts'
import type { SmtpAddress } from '../smtp/server.ts'
import { Chats } from '../state/chats.ts'
import { type Agent, agentsOf, type Identity, identityOf } from '../state/identity.ts'
import { MediaStore } from '../state/media.ts'
import { CorpState } from '../state/state.ts'
import { Workbench } from '../state/workbench.ts'
import { Journal, type JournalEntry } from './journal.ts'

/**
 * The whole state of the sandbox, put together from what each room has. No room takes all of it: each names what it uses in an interface
 * of its own.
 */
export interface World {
  readonly identity: Identity
  readonly identitySeed: number
  state: CorpState
  agents: Agent[]
  settings: Settings
  /** The address of the sandbox; avatars are served from it. */
  url: string
  readonly journal: Journal
  readonly tokens: Tokens
  readonly jsTickets: JsTickets
  readonly oauth: OAuth
  readonly qrSignIns: QrSignIns
  readonly robots: Robots
  readonly faults: Faults
  readonly limits: Limits
  readonly calls: CallCounts
  readonly pusher: Pusher
  readonly agentPusher: AgentPusher
  lastPushId: number
  readonly messages: MessageLog
  readonly messageRules: MessageRules
  /** Numbers of WeCom messages by msgid. */
  readonly msgIds: Map<string, number>
  readonly cards: Cards
  readonly chats: Chats
  readonly approvals: Approvals
  readonly media: MediaStore
  /** Meeting rooms; they do not outlive the process. */
  readonly rooms: MeetingRoom[]
  readonly workbench: Workbench
  readonly sms: SmsDesk
  readonly official: OfficialPlatform
  readonly pay: PayPlatform
  readonly tour: Tour
  /** The mail server; undefined until it listens. */
  smtp?: SmtpAddress
  readonly now: () => number
  readonly changeSettings: ChangeSettings
  readonly commit: Commit
  /** Replaces the corp by a new one; see resetWorld for what is kept. */
  readonly reset: (size: CorpOptions) => void
}

/** Generates the corp, or restores it from the journal when the data directory has one. */
export function openWorld(options: {
  size: CorpOptions
  dataDir: string | undefined
  now: () => number
  /** The settings of a corp that is made now; one that is restored has its own. */
  settings?: Partial<Settings>
}): World {
  const journal = new Journal(options.dataDir)
  const entries = journal.open()
  const first = entries[0]
  const known = first && 'base' in first ? first : undefined
  const size = known?.base ?? corpSize(options.size)
  const identitySeed = known?.identitySeed ?? size.seed
  const identity = identityOf(identitySeed)
  const state = new CorpState(size)
  const faults = new Faults(size.seed)
  const { now } = options
  const world: World = {
    identity,
    identitySeed,
    state,
    agents: agentsOf(identitySeed, state),
    settings: defaultSettings(),
    url: '',
    journal,
    tokens: new Tokens(now, token => journal.append({ token })),
    jsTickets: new JsTickets(now, jsTicket => journal.append({ jsTicket })),
    oauth: new OAuth(now),
    qrSignIns: new QrSignIns(now),
    robots: new Robots(identitySeed, now),
    faults,
    limits: new Limits(now),
    calls: new CallCounts(),
    pusher: new Pusher({
      corpId: identity.corpId,
      now,
      faults,
      settled: id => journal.append({ pushed: id }),
    }),
    agentPusher: openAgents(() => world, { corpId: identity.corpId, now, faults }),
    lastPushId: 0,
    messages: new MessageLog(now, entry => journal.append(entry)),
    messageRules: new MessageRules(now),
    msgIds: new Map(),
    cards: new Cards(now, entry => journal.append(entry)),
    chats: new Chats(now, entry => journal.append(entry)),
    approvals: openApprovals(() => world, { now, keep: entry => journal.append(entry) }),
    media: new MediaStore(now),
    rooms: [],
    workbench: new Workbench(),
    tour: newTour(),
    sms: new SmsDesk(identitySeed, pulled => journal.append({ pulled })),
    official: new OfficialPlatform({
      seed: identitySeed,
      now,
      faults,
      keep: entry => journal.append(entry),
      url: () => world.url,
    }),
    pay: openPay(() => world, { identity, seed: identitySeed, now, faults }),
    now,
    changeSettings: change => changeSettings(world, change),
    commit: (name, input, editor) => commit(world, name, input, editor),
    reset: size => resetWorld(world, size),
  }
  if (entries.length === 0) {
    journal.restart([{ base: size, identitySeed }])
    if (options.settings) changeSettings(world, options.settings)
  } else replay(world, entries)
  return world
}

function openAgents(
  world: () => World,
  options: { corpId: string; now: () => number; faults: Faults },
): AgentPusher {
  return new AgentPusher({
    ...options,
    hasMedia: id => world().media.get(id) !== undefined,
    settled: () => undefined,
  })
}

function openApprovals(world: () => World, options: Omit<ApprovalOptions, 'tell'>): Approvals {
  return new Approvals({
    ...options,
    tell: (approval, happening) => tellAgents(world(), approval, happening),
  })
}

/** WeChat Pay, which knows the people of the corp and of the official accounts. */
function openPay(
  world: () => World,
  { identity, ...options }: { identity: Identity; seed: number; now: () => number; faults: Faults },
): PayPlatform {
  const { corpId } = identity
  return new PayPlatform({
    ...options,
    people: new People(
      corpId,
      () => world().state,
      () => world().official,
    ),
    keep: entry => world().journal.append(entry),
    url: () => world().url,
    appIds: () => [world().official.accounts[0]!.profile.appId, corpId],
  })
}

function replay(world: World, entries: readonly JournalEntry[]): void {
  const pending = new Map<number, StoredPush>()
  const tokens: StoredToken[] = []
  for (const entry of entries) {
    if ('edit' in entry) {
      edits[entry.edit]?.(world.state, entry.input, entry.editor ?? (entry.console ? 'console' : 'contact'))
      for (const push of entry.pushes ?? []) {
        pending.set(push.id, push)
        world.lastPushId = Math.max(world.lastPushId, push.id)
      }
    } else if ('pushed' in entry) {
      pending.delete(entry.pushed)
      world.lastPushId = Math.max(world.lastPushId, entry.pushed)
    } else if ('settings' in entry) world.settings = withDefaults(entry.settings)
    else if ('message' in entry) replayMessage(world, entry)
    else if ('audience' in entry) world.messages.restoreAudience(entry)
    else if ('recalled' in entry) world.messages.restoreRecall(entry.recalled, entry.at)
    else if ('pulled' in entry) world.sms.pulledTo = entry.pulled
    else if ('official' in entry) world.official.restore(entry)
    else if ('pay' in entry) world.pay.restore(entry)
    else if ('card' in entry) world.cards.restore(entry)
    else if ('chat' in entry) world.chats.restore(entry)
    else if ('approval' in entry || 'approvalTemplate' in entry) world.approvals.restore(entry)
    else if ('token' in entry) tokens.push(entry.token)
    else if ('jsTicket' in entry) world.jsTickets.restore(entry.jsTicket)
  }
  for (const token of tokens) world.tokens.restore(token)
  applySettings(world)
  if (world.settings.callback) for (const push of pending.values()) world.pusher.enqueue(push)
}

/** Fills in settings that did not exist when an older version wrote the journal. */
function withDefaults(settings: Settings): Settings {
  const { limits, ...others } = defaultSettings()
  return { ...others, ...settings, limits: { ...limits, ...settings.limits } }
}

/** Restores a message, and with it the counts of the message limits and the duplicate check. */
function replayMessage(world: World, stored: StoredMessage): void {
  const { message, check } = stored
  world.messages.restore(stored)
  if (message.channel !== 'wecom' || message.deduplicated || message.from || message.isReply || message.chat)
    return
  world.msgIds.set(message.msgId, message.n)
  if (message.msgtype === 'template_card')
    world.cards.add(message.agentId, message.content['task_id'], message.n, world.messages.slotsOf(stored))
  world.messageRules.count(message.agentId, world.messages.slotsOf(stored), Date.parse(message.at))
  if (check) world.messageRules.remember(check.key, check.until, message.n)
}

function applySettings(world: World): void {
  for (const agent of world.agents) {
    const change = world.settings.agents[agent.agentId]
    agent.disabled = change?.disabled ?? false
    agent.trustedDomain = change?.trustedDomain ?? ''
    if (change?.visible) agent.visible = change.visible
  }
  world.pusher.callback = world.settings.callback
  world.agentPusher.callbacks = world.settings.agentCallbacks
}

function changeSettings(world: World, change: Partial<Settings>): void {
  world.settings = { ...world.settings, ...change }
  world.journal.append({ settings: world.settings })
  applySettings(world)
}

/**
 * Makes one edit, stores it in the journal and, when it was done in the console, calls it back. Returns
 * WeCom's answer; throws WecomError when WeCom would refuse the edit.
 */
function commit(world: World, name: string, input: Input, editor: Editor): Record<string, unknown> {
  const edit = edits[name]
  if (!edit) throw new Error(`no edit is called ${name}`)
  const { answer, events } = edit(world.state, input, editor)
  const pushes =
    editor === 'console' && world.settings.callback ? events.flatMap(event => pushOf(world, event)) : []
  world.journal.append({ edit: name, input, editor, ...(pushes.length > 0 && { pushes }) })
  for (const push of pushes) world.pusher.enqueue(push)
  return answer
}

function pushOf(world: World, event: ContactEvent): StoredPush[] {
  const stripped = world.settings.regime === 'restricted'
  const xml = eventXml(event, { corpId: world.identity.corpId, at: world.now(), stripped })
  return xml === undefined ? [] : [{ id: ++world.lastPushId, type: event.type, xml }]
}

/**
 * Replaces the corp by a new one. The callback, the regime, the trusted addresses, the limits and the tokens
 * and the official accounts with their servers and WeChat Pay's merchants are kept, because they are settings of the consoles. Edits, changes of agents, pending pushes, faults,
 * counts and OAuth codes of the old corp are dropped.
 */
function resetWorld(world: World, size: CorpOptions): void {
  const full = corpSize({ company: world.state.size.company, ...size })
  world.state = new CorpState(full)
  world.agents = agentsOf(world.identitySeed, world.state)
  world.settings = { ...world.settings, agents: {} }
  world.pusher.clear()
  world.agentPusher.clear()
  world.faults.restart(full.seed)
  world.limits.clear()
  world.calls.clear()
  world.oauth.clear()
  world.messages.clear()
  world.messageRules.clear()
  world.msgIds.clear()
  world.cards.clear()
  world.chats.clear()
  world.approvals.clear()
  world.media.clear()
  world.rooms.length = 0
  world.workbench.clear()
  world.sms.clear()
  world.journal.restart([
    { base: full, identitySeed: world.identitySeed },
    { settings: world.settings },
    ...world.tokens.current().map(token => ({ token })),
    ...world.jsTickets.current().map(jsTicket => ({ jsTicket })),
    ...world.official.reset(),
    ...world.pay.reset(),
  ])
  applySettings(world)
}
