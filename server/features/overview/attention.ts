import { type Static, Type } from 'typebox'
import { ownerless } from '../../callers/developers/owners/owner-store.ts'
import { waitingRequests } from '../../callers/developers/owners/request-store.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { lastDiagnosis } from '../../organisation/corps/doctor/doctor.ts'
import type { syncStatus } from '../../organisation/sync/status.ts'
import { lateMs } from '../../organisation/sync/thresholds.ts'
import type { Core } from '../../platform/core.ts'
import { type Language, wordsIn } from '../../platform/http/words.ts'
import { inboxState } from '../../platform/inbox/event-store.ts'
import { parkedPushesOf } from '../../platform/inbox/official-feed-store.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Setups } from '../messages/channels/channel.ts'
import { hasReadyChannel } from '../messages/settings/settings.ts'
import type { Figures } from './figures.ts'

/** Something that an administrator should look at; the page has the text and the button for each kind. */
export const attentionSchema = Type.Object({
  kind: Type.Enum([
    'neverSynced',
    'syncApproval',
    'syncFailed',
    'parkedEvents',
    'lateEvents',
    'parkedPushes',
    'paymentsParked',
    'callbackUnverified',
    'doctorFailed',
    'noChannel',
    'troubledMessages',
    'scopeRequested',
    'developerOwnerless',
  ]),
  severity: Type.Enum(['bad', 'warn']),
  count: Type.Optional(Type.Number()),
  /** The details: a run's error, or the checks that failed. */
  detail: Type.Optional(Type.String()),
  /** The run concerned. */
  runId: Type.Optional(Type.Number()),
  /** The original id of the official account concerned, or of the first of several. */
  account: Type.Optional(Type.String()),
})
export type Attention = Static<typeof attentionSchema>

type Facts = { status: Awaited<ReturnType<typeof syncStatus>>; figures: Figures }

const troubledDays = 3

/** Most serious first. */
export async function whatNeedsAttention(
  ctx: Core & { corps: Corps; messageSettings: Setups },
  corpId: string,
  { status, figures }: Facts,
  language: Language,
): Promise<Attention[]> {
  const found: Attention[] = [
    ...aboutRuns(status, language),
    ...aboutEvents(status, figures),
    ...(await aboutParked(ctx.db, corpId)),
  ]
  const diagnosis = await lastDiagnosis(ctx, corpId, language)
  if (diagnosis && diagnosis.failed.length > 0) {
    found.push({
      kind: 'doctorFailed',
      severity: 'bad',
      count: diagnosis.failed.length,
      detail: diagnosis.failed.join(language === 'zh' ? '、' : ', '),
    })
  }
  if (!status.callbackVerifiedAt) found.push({ kind: 'callbackUnverified', severity: 'warn' })
  if (!hasReadyChannel(ctx, corpId)) found.push({ kind: 'noChannel', severity: 'warn' })
  const troubled = figures.troubled.slice(-troubledDays).reduce((sum, count) => sum + count, 0)
  if (troubled > 0) found.push({ kind: 'troubledMessages', severity: 'warn', count: troubled })
  found.push(...(await aboutDevelopers(ctx, corpId)))
  return found.sort((a, b) => Number(b.severity === 'bad') - Number(a.severity === 'bad'))
}

function aboutRuns(status: Facts['status'], language: Language): Attention[] {
  const waiting = status.runs.find(run => run.state === 'approval')
  if (waiting) return [{ kind: 'syncApproval', severity: 'bad', runId: waiting.id }]
  const last = status.runs.find(run => run.kind !== 'dry-run')
  if (!last) return [{ kind: 'neverSynced', severity: 'bad' }]
  if (last.state !== 'failed') return []
  const detail = wordsIn(language, last.error ?? '')
  return [{ kind: 'syncFailed', severity: 'bad', runId: last.id, detail }]
}

function aboutEvents(status: Facts['status'], figures: Figures): Attention[] {
  const found: Attention[] = []
  const { parked, pending } = status.inbox
  if (parked > 0) found.push({ kind: 'parkedEvents', severity: 'bad', count: parked })
  if ((figures.waitingSeconds ?? 0) * 1000 > lateMs)
    found.push({ kind: 'lateEvents', severity: 'warn', count: pending })
  return found
}

async function aboutDevelopers(ctx: Core, corpId: string): Promise<Attention[]> {
  const [asked, left] = await Promise.all([waitingRequests(ctx.db, corpId), ownerless(ctx.db, corpId)])
  const found: Attention[] = []
  if (asked.length > 0) found.push({ kind: 'scopeRequested', severity: 'warn', count: asked.length })
  if (left.length > 0) found.push({ kind: 'developerOwnerless', severity: 'warn', count: left.length })
  return found
}

/** What official accounts and WeChat Pay pushed, and nobody could act on. */
async function aboutParked(db: Db, corpId: string): Promise<Attention[]> {
  const [pushes, payments] = await Promise.all([parkedPushesOf(db, corpId), inboxState(db, corpId, 'pay')])
  const found: Attention[] = []
  for (const { count, account } of pushes)
    found.push({ kind: 'parkedPushes', severity: 'bad', count, account })
  if (payments.parked > 0) found.push({ kind: 'paymentsParked', severity: 'bad', count: payments.parked })
  return found
}
