import type { Core } from '../../../platform/core.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { textIn } from '../../../upstream/wecom/agent-push.ts'
import type { StoredPush } from '../heard.ts'
import { type LifeRow, putLife } from './life-store.ts'

/** What WeCom tells of an agent that nobody, or hardly anybody, uses (docs/upstream/wecom-agents.md#the-life-of-an-agent). */
const tracks: Readonly<Record<string, LifeRow['track']>> = {
  inactive_alert: 'unused',
  close_inactive_agent: 'unused',
  reopen_inactive_agent: 'unused',
  low_active_alert: 'low',
  low_active: 'low',
  active_restored: 'low',
}

/** Events after which nothing is wrong any more. */
export const ends: ReadonlySet<string> = new Set(['reopen_inactive_agent', 'active_restored'])

/** Notes how the agent fares, at the beginning of the transaction that acts on the pushes. */
export async function noteLife(ctx: Core, tx: Db, heard: readonly StoredPush[]): Promise<void> {
  const rows = heard.flatMap(one => rowOf(one) ?? [])
  const first = rows[0]
  if (!first) return
  await checkAlerts(ctx, tx, first.corpId)
  for (const row of rows) await putLife(tx, row)
}

function rowOf({ corpId, agentId, push }: StoredPush): LifeRow | undefined {
  const { event = '', createTime, fields } = push
  const track = Object.hasOwn(tracks, event) ? tracks[event] : undefined
  if (!track) return undefined
  const at = new Date(createTime * 1000)
  return { corpId, agentId, track, event, effectAt: timeIn(textIn(fields, 'EffectTime')), at }
}

function timeIn(seconds: string): Date | null {
  return /^\d{1,12}$/.test(seconds) && Number(seconds) > 0 ? new Date(Number(seconds) * 1000) : null
}
