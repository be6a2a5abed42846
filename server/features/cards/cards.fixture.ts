import { type Answer, type Caller, startWorld, type World } from '../../../test/harness.ts'
import { sampleCards } from '../../upstream/wecom/cards/card-samples.ts'
import type { CardType } from '../../upstream/wecom/cards/template-card.ts'
import { fresh, type ShownMessage, useAgents } from '../messages/messages.fixture.ts'
import { startTarget } from '../webhooks/target.fixture.ts'

/** Sends a card of this kind to 张三, or as `body` says. */
export function sendCard(
  world: World,
  kind: CardType,
  body: object = {},
  dev: Caller = world.dev,
): Promise<Answer> {
  const common = { toUser: 'zhangsan', sendType: '0', msgType: '04', agentName: '审批' }
  return fresh(world, dev).post('/api/message/send', { ...common, card: sampleCards[kind], ...body })
}

/** The cards that the sandbox got for a message, by its task_id, in order. */
export async function cardsOf(world: World, msgId: string): Promise<ShownMessage[]> {
  const { messages } = (await world.control('messages?channel=wecom&limit=10000')) as {
    messages: ShownMessage[]
  }
  const isOwn = (one: ShownMessage) => String(one.content['task_id'] ?? '').startsWith(`${msgId}@`)
  return messages.filter(one => isOwn(one) && !one.deduplicated)
}

export type PressAnswer = {
  state: string
  note: string
  reply: Record<string, unknown> | null
  responseCode: string
}

/** Somebody presses the card of a message in WeCom. */
export async function press(
  world: World,
  msgId: string,
  userid: string,
  key: string,
  more: object = {},
): Promise<PressAnswer> {
  const own = await cardsOf(world, msgId)
  const card = own.find(one => one.to.includes(userid)) ?? own[0]
  if (!card) throw new Error(`no card of ${msgId}`)
  const pressed = await world.control('cards/press', { msgId: card.msgId, userid, key, ...more })
  if (pressed['error']) throw new Error(String(pressed['error']))
  return pressed as unknown as PressAnswer
}

/** What somebody sees of the card of a message. */
export async function seen(
  world: World,
  msgId: string,
  userid: string,
): Promise<{ card: Record<string, unknown>; replaced: string | null }> {
  const own = await cardsOf(world, msgId)
  const card = own.findLast(one => one.to.includes(userid))
  if (!card) throw new Error(`${userid} got no card of ${msgId}`)
  return (await world.control(`cards?msgId=${encodeURIComponent(card.msgId)}&userid=${userid}`)) as never
}

/** A world in which an agent hears, and a developer is told by webhook; WeCom's clock is moved with wisp's. */
export async function startCards() {
  const world = await startWorld({ members: 40, isOneClock: true })
  await useAgents(world)
  const agentId = await world.connectAgent()
  const dev = await world.addDeveloper({ scopes: ['directory:read', 'message:send', 'webhook:manage'] })
  const target = await startTarget()
  await dev.post('/api/webhook/create', { url: target.url })
  return {
    world,
    agentId,
    dev,
    target,
    answers: (msgId: string, query: object = {}, by = dev) =>
      fresh(world, by).get('/api/message/card', { msgId, ...query }),
    update: (msgId: string, body: object, by = dev) =>
      fresh(world, by).post('/api/message/card/update', { msgId, ...body }),
    remind: (msgId: string, by = dev) => fresh(world, by).post('/api/message/card/remind', { msgId }),
    send: (kind: CardType, body: object = {}) => sendCard(world, kind, body, dev),
    told: (msgId: string, type = 'message.card.pressed') =>
      target.got.map(one => one.event).filter(one => one.type === type && one.data['msgId'] === msgId),
    /** A member gets 30 messages of an agent a minute. */
    nextMinutes() {
      world.clock.offsetMs += 120_000
    },
    async close() {
      await world.close()
      await target.close()
    },
  }
}
