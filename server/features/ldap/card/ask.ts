import { EventEmitter, once } from 'node:events'
import { operator } from '../../../callers/developers/operator.ts'
import { publicUrlOf, zoneOf } from '../../../organisation/corps/corps.ts'
import type { MemberCore } from '../../../organisation/directory/mirror/members.ts'
import type { Core } from '../../../platform/core.ts'
import { formatMoment } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { type AttemptLimit, countAttempt, forgetAttempts } from '../../../platform/security/counters.ts'
import type { TemplateCard } from '../../../upstream/wecom/cards/template-card.ts'
import type { Apps } from '../../apps/catalog.ts'
import { checkTaken, submissionOf } from '../../messages/accept/submission.ts'
import { checkReady, type SubmitNeeds, senderOf, submit } from '../../messages/accept/submit.ts'
import * as store from './card-store.ts'

/** Tells by a card's id that it was pressed, on whichever node. */
export type CardPresses = EventEmitter

export type CardNeeds = SubmitNeeds & { apps: Apps; ldapCards: CardPresses }

export async function listenToPresses({ bus }: Pick<Core, 'bus'>): Promise<CardPresses> {
  const presses: CardPresses = new EventEmitter().setMaxListeners(0)
  const onGap = () => {
    for (const id of presses.eventNames()) presses.emit(id)
  }
  await bus.listen('wisp_ldap', id => void presses.emit(id), onGap)
  return presses
}

/** Why a card lets nobody in; its words are in the sign-in log's. */
export type CardRefusal = 'card-refused' | 'card-unanswered' | 'card-unsent' | 'card-limit'

/**
 * Cards in a row that were not allowed, for one password: whoever has that of somebody else does not wear them out, and does not keep them
 * out either, since another password of theirs has cards of its own.
 */
const unanswered: AttemptLimit = { purpose: 'ldap-card', atMost: 5, windowMs: 15 * 60_000 }

export const cardKeys = { allow: 'allow', refuse: 'refuse' } as const

/** The requestId of a card's message, by which a press finds the card again. */
export const requestOf = (id: string) => `ldap-card-${id}`

export function cardOfRequest(requestId: string | null): string | undefined {
  return requestId?.startsWith('ldap-card-') ? requestId.slice('ldap-card-'.length) : undefined
}

/**
 * Asks somebody in WeCom whether it is them who signs in, and waits: undefined when they allow it. A program that waits less than its person
 * lets them try again: the card that was sent is asked then, and its yes lets one bind in.
 */
export async function askByCard(
  ctx: CardNeeds,
  { corpId, appId }: Pick<store.CardKey, 'corpId' | 'appId'>,
  member: MemberCore,
  {
    address,
    gone,
    cardMs,
    passwordId,
  }: { address: string; gone: AbortSignal; cardMs: number; passwordId: string },
): Promise<CardRefusal | undefined> {
  const subject = { corpId, of: passwordId }
  const now = () => new Date(ctx.now())
  const { id, isNew } = await store.openCard(
    ctx.db,
    { corpId, appId, memberId: member.id },
    ctx.newId(),
    now(),
  )
  if (isNew) {
    const { isOver } = await countAttempt(ctx, unanswered, subject)
    const refusal = isOver ? 'card-limit' : await send(ctx, { corpId, appId, id }, member, address)
    if (refusal) {
      await store.decideCard(ctx.db, { corpId, id, memberId: member.id }, 'refused', now())
      return refusal
    }
  }
  const done = new AbortController()
  const end = AbortSignal.any([gone, ctx.stopping, AbortSignal.timeout(cardMs), done.signal])
  try {
    while (!end.aborted) {
      const pressed = once(ctx.ldapCards, id, { signal: end }).catch(() => undefined)
      const state = await store.takeAnswer(ctx.db, corpId, id, now())
      if (state === 'taken') {
        await forgetAttempts(ctx, unanswered, subject)
        return undefined
      }
      if (state === 'refused') return 'card-refused'
      if (state !== 'asked') return 'card-unanswered'
      await pressed
    }
    return 'card-unanswered'
  } finally {
    done.abort()
  }
}

type SentCard = { corpId: string; appId: string; id: string }

async function send(
  ctx: CardNeeds,
  card: SentCard,
  { userId }: MemberCore,
  address: string,
): Promise<CardRefusal | undefined> {
  const { corpId } = card
  try {
    const given = submissionFor(ctx, card, [userId], address)
    const { status, invaliduser } = await ctx.mirrors.during(corpId, () =>
      submit(ctx, operator(corpId), given),
    )
    return status === 'failed' || invaliduser !== '' ? 'card-unsent' : undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    ctx.log.warn({ corpId, appId: card.appId, ...describeError(error) }, 'card of an LDAP sign-in not sent')
    return 'card-unsent'
  }
}

/** Throws 1008 and 1009 where no card could be sent for this app, or nobody would hear its press. */
export async function checkCardsLeave(ctx: CardNeeds, corpId: string, appId: string): Promise<void> {
  const given = submissionFor(ctx, { corpId, appId, id: '' }, [], '')
  await checkTaken(ctx, corpId, given)
  checkReady(ctx, corpId, given, await senderOf(ctx, operator(corpId), 'wecom', given.agentId))
}

function submissionFor(ctx: CardNeeds, { corpId, appId, id }: SentCard, toUser: string[], address: string) {
  const app = ctx.apps.find(appId)
  const name = [...(app?.name ?? 'LDAP')].slice(0, 26).join('')
  const url = `${publicUrlOf(ctx, ctx.corps.get(corpId))}/portal?me=devices`
  const facts = [
    { keyname: '应用', value: name },
    { keyname: '时间', value: formatMoment(new Date(ctx.now()), zoneOf(ctx, corpId), ctx.now()).zh },
    { keyname: '软件的地址', value: address },
  ]
  const card: TemplateCard = {
    card_type: 'button_interaction',
    source: { desc: '登录确认' },
    main_title: { title: `登录 ${name}`, desc: 'Is it you who signs in?' },
    sub_title_text: '有人用您的应用密码登录。不是您本人操作请拒绝，并停用这个应用密码。',
    horizontal_content_list: facts.filter(one => one.value !== ''),
    card_action: { type: 1, url },
    button_list: [
      { text: '允许', style: 1, key: cardKeys.allow },
      { text: '拒绝', style: 2, key: cardKeys.refuse },
    ],
  }
  const agentId = app?.agentId ? String(app.agentId) : undefined
  return submissionOf(ctx, corpId, 'wecom', {
    ...{ sendType: '0', msgType: '04', card, agentName: '登录确认', agentId, requestId: requestOf(id) },
    ...{ toUser, toParty: [], toTag: [] },
  })
}
