/**
 * What a card says is read when it is sent or changed, and never waits in a queue. A card is one row of a to-do and a person.
 * Its message's requestId is made of both and of how often the to-do was opened.
 */

import { operator, operatorId } from '../../../callers/developers/operator.ts'
import { publicUrlOf, zoneOf } from '../../../organisation/corps/corps.ts'
import { isListed, type MemberCore } from '../../../organisation/directory/mirror/members.ts'
import { mayAct } from '../../../organisation/directory/permissions/person.ts'
import { formatMoment } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import type { Apps } from '../../apps/catalog.ts'
import { changeCards, wantedAmong } from '../../channels/wecom/cards/change-cards.ts'
import { cardParts } from '../../channels/wecom/cards/receiver-store.ts'
import { submissionOf } from '../../messages/accept/submission.ts'
import { type SubmitNeeds, submit } from '../../messages/accept/submit.ts'
import { tellMembers } from '../../messages/accept/tell-members.ts'
import { recall } from '../../messages/fate/recall.ts'
import { findByRequest, findMessage } from '../../messages/parts/store.ts'
import type { QuietHoursOfCorps } from '../../quiet-hours/catalog.ts'
import { todoPath } from '../links.ts'
import type { TodoSettings } from '../settings/catalog.ts'
import type { Todo } from '../todo.ts'
import type { CardFace, DueCard, SettledCard } from './card-store.ts'
import { type CardFrame, endedCard, noticeOf, openCard } from './draw.ts'

export type CardNeeds = SubmitNeeds & {
  apps: Apps
  quietHours: QuietHoursOfCorps
  todoSettings: TodoSettings
}

/** After WeCom gave no answer, or said that it is busy. */
const laterMs = 10_000
/** A card can be changed for so long, and is given up then. */
const changeableMs = 72 * 3_600_000

/** What the card of this person should say. */
export function truthFor({ holderId, state }: Todo, toId: number): CardFace {
  return holderId === toId ? state : state === 'open' ? 'moved' : state
}

/**
 * Makes a card say what is true: sends it, or changes the one that was sent. It is sent once each time that its to-do is opened; doing
 * this again after a crash sends nothing twice, because the number of the card is in its requestId.
 */
export async function settleCard(
  ctx: CardNeeds,
  corpId: string,
  { card, todo, isWanted }: DueCard,
): Promise<SettledCard> {
  const { sends, messageId, shows, toId } = card
  const asIs = { sends, messageId, shows, dueAt: null }
  const truth = truthFor(todo, toId)
  if (truth === shows) return asIs
  if (truth === 'open') {
    if (!isWanted) return asIs
    const quiet = ctx.quietHours.endAt(corpId, ctx.now())
    return quiet ? { ...asIs, dueAt: quiet } : send(ctx, corpId, { card, todo })
  }
  if (messageId === null || shows !== 'open') return { ...asIs, shows: shows && truth }
  const isLeft = await change(ctx, corpId, messageId, todo, truth)
  if (isLeft && ctx.now() - todo.changedAt.getTime() < changeableMs)
    return { ...asIs, dueAt: new Date(ctx.now() + laterMs) }
  return { ...asIs, shows: truth }
}

type SendableCard = Pick<DueCard, 'card' | 'todo'>

async function send(ctx: CardNeeds, corpId: string, { card, todo }: SendableCard): Promise<SettledCard> {
  const reader = ctx.mirrors.of(corpId).members.byId(card.toId)
  const { sends, shows, messageId } = card
  // Who cannot be told now gets a card when the to-do is opened the next time.
  if (!reader || !isListed(reader) || !mayAct(reader)) return { sends, shows, messageId, dueAt: null }
  const key = `todo-card-${todo.id}-${card.toId}-${sends + 1}`
  const sent = { shows: 'open', sends: sends + 1, dueAt: null } as const
  const around = aroundOf(ctx, corpId, todo)
  const changing = await sendChanging(ctx, corpId, reader, key, todo, around)
  if (changing) return { ...sent, messageId: changing }
  await tellMembers(ctx, corpId, [reader.userId], key, noticeOf(todo, around))
  return { ...sent, messageId: null }
}

/** Undefined where no card that changes can be sent: people read in WeChat, or the agent hears nothing. */
async function sendChanging(
  ctx: CardNeeds,
  corpId: string,
  reader: MemberCore,
  requestId: string,
  todo: Todo,
  around: CardFrame,
): Promise<string | undefined> {
  const earlier = await findByRequest(ctx.db, { corpId, devId: operatorId, requestId })
  if (earlier) return earlier.id
  if (ctx.todoSettings.inWechat(corpId)) return undefined
  const agentId = ctx.apps.find(todo.appId)?.agentId
  const given = {
    sendType: '0',
    msgType: '04',
    card: openCard(todo, around),
    agentName: around.appName,
    agentId: agentId ? String(agentId) : undefined,
    requestId,
    toUser: [reader.userId],
    toParty: [],
    toTag: [],
  }
  try {
    const { msgId } = await submit(ctx, operator(corpId), submissionOf(ctx, corpId, 'wecom', given))
    return msgId
  } catch (error) {
    // It is refused (1008), and the next way to tell people may do.
    if (!(error instanceof ApiError)) throw error
    ctx.log.info({ corpId, requestId, ...describeError(error) }, 'to-do not told by a card that changes')
    return undefined
  }
}

/** Returns whether it may be changed later. One that has not been sent yet is not sent any more. */
async function change(
  ctx: CardNeeds,
  corpId: string,
  messageId: string,
  todo: Todo,
  truth: Exclude<CardFace, 'open'>,
): Promise<boolean> {
  const message = await findMessage(ctx.db, { corpId, id: messageId })
  if (!message) return false
  const parts = await cardParts(ctx.db, corpId, [messageId])
  if (parts.length > 0 && parts.every(part => !part.isSent)) {
    try {
      await recall(ctx, message, 'wisp')
      return false
    } catch (error) {
      // It has left in this moment, or is leaving.
      if (error instanceof ApiError) return true
      throw error
    }
  }
  const wanted = wantedAmong({ mirror: ctx.mirrors.of(corpId) }, parts)
  const card = endedCard(todo, truth, aroundOf(ctx, corpId, todo))
  const { failed } = await changeCards(ctx, message, wanted, { card })
  return [...failed.values()].some(one => one.isPassing)
}

export function aroundOf(ctx: CardNeeds, corpId: string, todo: Todo): CardFrame {
  const zone = zoneOf(ctx, corpId)
  return {
    appName: ctx.apps.find(todo.appId)?.name ?? '待办',
    url: publicUrlOf(ctx, ctx.corps.get(corpId)) + todoPath(todo.id),
    dueAt: todo.dueAt ? formatMoment(todo.dueAt, zone, ctx.now()).zh : '',
  }
}
