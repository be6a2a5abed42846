import { createHash } from 'node:crypto'
import { publicUrlOf } from '../../organisation/corps/corps.ts'
import { isListed } from '../../organisation/directory/mirror/members.ts'
import { mayAct, roleLevel } from '../../organisation/directory/permissions/person.ts'
import { rolesOfCorp } from '../../organisation/people/store.ts'
import type { CauseText } from '../../platform/manifest/cause.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { type Language, wordsIn } from '../../platform/words.ts'
import { alertNoticePrefix } from '../messages/accept/submission.ts'
import type { SubmitNeeds } from '../messages/accept/submit.ts'
import { type MemberNotice, tellingChannels, tellMembers } from '../messages/accept/tell-members.ts'
import { sharedForMs, tellingOf } from './shared.ts'
import * as store from './store.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    alerts: true
  }
}

const corpsAtOnce = 4
/** When nobody was reached it is tried again a day later, so that refused messages do not make more of them. */
const againMs = 86_400_000

export function tellSince({ now }: Pick<SubmitNeeds, 'now'>): store.TellSince {
  return { triedBefore: new Date(now() - againMs), sharedBefore: new Date(now() - sharedForMs) }
}

/** Tells administrators of new alerts; the queue gives each corp to one node at a time. */
export function handleAlerts(ctx: SubmitNeeds & { offered: FeatureOffers }): void {
  ctx.queue.handle({
    name: 'alerts',
    atOnce: corpsAtOnce,
    async work({ corpId, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      const untold = await store.alertsToTell(ctx.db, corpId, tellSince(ctx))
      const people = untold.length === 0 ? [] : await superAdministrators(ctx, corpId)
      const isPossible = people.length > 0 && tellingChannels(ctx, corpId).length > 0
      // Another version of wisp knows other causes, and tells of them.
      const known = untold.flatMap(alert => {
        const telling = tellingOf(ctx, alert)
        return telling ? [{ alert, telling }] : []
      })
      if (known.length === 0 || signal.aborted) return undefined
      const isTold = isPossible && (await tell(ctx, corpId, known, people))
      const ids = known.map(one => one.alert.id)
      await store.noteTried(ctx.db, ids, isTold, new Date(ctx.now()))
      return undefined
    },
  })
}

/** Their member ids; where there is none, the address book need not be read. */
async function superAdministrators(ctx: SubmitNeeds, corpId: string): Promise<number[]> {
  return (await rolesOfCorp(ctx.db, corpId)).flatMap(({ memberId, level }) =>
    level === roleLevel.superAdministrator ? [memberId] : [],
  )
}

type WordedAlert = { alert: store.AlertRow; telling: CauseText }

/** Names exactly these alerts, so that one which opened after another node had told the others, and died, is told as well. */
function keyOf(known: readonly WordedAlert[]): string {
  const tries = known.map(({ alert }) => `${alert.id}-${alert.triedAt?.getTime() ?? 0}`)
  const [only = ''] = tries
  if (tries.length === 1) return alertNoticePrefix + only
  return alertNoticePrefix + createHash('sha256').update(tries.join(' ')).digest('hex').slice(0, 32)
}

/** Returns whether anybody was reached. */
async function tell(
  ctx: SubmitNeeds,
  corpId: string,
  known: readonly WordedAlert[],
  people: number[],
): Promise<boolean> {
  return ctx.mirrors.during(corpId, async () => {
    const { members } = ctx.mirrors.of(corpId)
    const userIds = people.flatMap(id => {
      const member = members.byId(id)
      return member && isListed(member) && mayAct(member) ? [member.userId] : []
    })
    const key = keyOf(known)
    const tellings = known.map(one => one.telling)
    const left = await tellMembers(ctx, corpId, userIds, key, contentOf(ctx, corpId, tellings))
    return left.length < userIds.length
  })
}

/** All that is new at one time is one message. */
function contentOf(ctx: SubmitNeeds, corpId: string, tellings: readonly CauseText[]): MemberNotice {
  const url = (path: string) => publicUrlOf(ctx, ctx.corps.get(corpId)) + path
  const [only] = tellings
  if (only && tellings.length === 1) return contentOfOne(only, url(only.path))
  const lines = (language: Language) =>
    tellings.map(({ title, what }, n) => `${n + 1}. ${wordsIn(language, title)}: ${wordsIn(language, what)}`)
  return {
    msgType: '01',
    agentName: '平台提醒',
    title: `${tellings.length} 件事需要处理`,
    content: cut([...lines('zh'), '', ...lines('en')].join('\n')),
    url: url('/console'),
    btntxt: '去处理',
  }
}

/** What a notice may be long; the page behind it has all of it. */
const contentAtMost = 1000
const cut = (text: string) => (text.length > contentAtMost ? `${text.slice(0, contentAtMost - 1)}…` : text)

function contentOfOne({ title, what, fix }: CauseText, url: string): MemberNotice {
  return {
    msgType: '01',
    agentName: '平台提醒',
    title: title.zh,
    content: `${what.zh}\n怎么改：${fix.zh}\n\n${title.en}. ${what.en}\nWhat to do: ${fix.en}`,
    url,
    btntxt: '去处理',
  }
}
