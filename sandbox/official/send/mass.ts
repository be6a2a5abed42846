import { ControlError } from '../../http/control-input.ts'
import type { CallRequest, Input } from '../call.ts'
import type { OfficialPlatform } from '../platform.ts'
import type { Account, Fields, Job } from '../state/account.ts'
import { draftsOf } from '../state/articles.ts'
import type { Follower } from '../state/followers.ts'
import { audienceOf } from '../state/log.ts'
import { type Mass, massOf } from '../state/mass.ts'
import type { Content } from './content.ts'
import { checkQuota, reachable } from './mass-checks.ts'

/** Whom a mass message is for; `total` counts openids that nobody has too. */
export interface Audience {
  total: number
  followers: readonly Follower[]
  toAll: boolean
}

/** Takes a mass message: it is sent shortly after, or waits for an administrator. */
export function sendMass(
  ask: CallRequest,
  clientMsgId: string | undefined,
  content: Content,
  audience: Audience,
): Input {
  const { platform, account } = ask
  checkQuota(ask, audience.toAll)
  const reached = reachable(ask, audience.followers)
  const draft =
    content.type === 'mpnews' ? draftsOf(account).get(String(content.content['mediaId'])) : undefined
  if (draft) draftsOf(account).set(draft.mediaId, { ...draft, gone: true })
  const msgId = account.next('mass', 1_000_000_001)
  const mass: Mass = {
    msgId,
    msgDataId: msgId + 1_247_483_647,
    status: 'SENDING',
    clientMsgId,
    at: platform.now(),
    toAll: audience.toAll,
    type: content.type,
    audience: audienceOf(reached.map(follower => follower.index)),
  }
  const counts = { total: audience.total, reached: reached.length }
  const good = endOf(platform, mass, content, counts, platform.rules.massStatus)
  if (account.settings.apiProtection && audience.toAll) {
    const refused = endOf(platform, mass, content, counts, platform.rules.massRefusedStatus)
    mass.waiting = platform.schedule(account, platform.rules.massConfirmMs, refused).id
    account.collection<Omit<Job, 'id' | 'due'>>('massWaiting').set(msgId, good)
  } else platform.schedule(account, platform.rules.massJobMs, good)
  massOf(account).set(msgId, mass)
  return {
    errcode: 0,
    errmsg: 'send job submission success',
    msg_id: mass.msgId,
    msg_data_id: mass.msgDataId,
  }
}

/** The administrator's answer on the telephone. */
export function confirmMass(
  platform: OfficialPlatform,
  account: Account,
  msgId: number,
  confirm: boolean,
): void {
  const mass = massOf(account).get(msgId)
  const waiting = account.collection<Omit<Job, 'id' | 'due'>>('massWaiting')
  const good = waiting.get(msgId)
  if (!mass?.waiting || !good) throw new ControlError(`mass message ${msgId} does not wait`)
  const refused = account.collection<Job>('jobs').get(mass.waiting)
  platform.unschedule(account, mass.waiting)
  waiting.delete(msgId)
  const { waiting: _, ...settled } = mass
  massOf(account).set(msgId, settled)
  const { id: __, due: ___, ...no } = refused ?? { ...good, id: '', due: 0 }
  platform.schedule(account, platform.rules.massJobMs, confirm ? good : no)
}

function endOf(
  platform: OfficialPlatform,
  mass: Mass,
  content: Content,
  counts: { total: number; reached: number },
  status: string,
): Omit<Job, 'id' | 'due'> {
  const good = /^send ?success$/.test(status)
  const articles = content.content['articles']
  const urls = Array.isArray(articles) && good ? (articles as { url: string }[]) : []
  const { origin } = new URL(platform.url)
  const items = urls.map(({ url }, n) => ({ ArticleIdx: n + 1, ArticleUrl: `${origin}${url}` }))
  const fields: Fields = {
    MsgID: String(mass.msgId),
    Status: status,
    TotalCount: counts.total,
    FilterCount: counts.reached,
    SentCount: good ? counts.reached : 0,
    ErrorCount: good ? 0 : counts.reached,
    CopyrightCheckResult: { Count: 0, ResultList: '', CheckState: 0 },
    ArticleUrlResult: { Count: items.length, ResultList: items.length > 0 ? { item: items } : '' },
  }
  return {
    openid: platform.rules.massFrom,
    name: 'MASSSENDJOBFINISH',
    fields,
    change: ['mass', String(mass.msgId), { status: good ? 'SEND_SUCCESS' : 'SEND_FAIL' }],
    ...(good && {
      message: {
        from: 'account',
        how: 'mass',
        msgId: String(mass.msgId),
        audience: mass.audience,
        ...content,
      },
    }),
  }
}
