import { withOldAddresses } from '../../../../organisation/corps/addresses/ties.ts'
import type { Corps } from '../../../../organisation/corps/corps.ts'
import { type Check, checkIn, type Finding } from '../../../../organisation/corps/doctor/check.ts'
import { keepVerdict } from '../../../../organisation/corps/doctor/keep-verdict.ts'
import { checkOn } from '../../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../../platform/core.ts'
import type { FeatureOffers } from '../../../../platform/manifest/offered.ts'
import { readSetting } from '../../../../platform/storage/settings.ts'
import type { Language } from '../../../../platform/words.ts'
import type { Accounts } from '../accounts.ts'
import { callbackSettings, diagnosisKey, sharingToken } from '../bind.ts'
import { examineCallback, examineReach, reachId } from './callback.ts'
import { examineCredentials } from './credentials.ts'
import { askAsAllNodes } from './nodes.ts'
import { examineQuota } from './quota.ts'
import { knownAddresses } from './store.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: FeatureOffers }

/** The stored form, which can be read in any language. */
type Diagnosis = { at: number; findings: Finding[] }

/**
 * Tests what commonly goes wrong between wisp and an official account, and says what to change and where. Every node asks WeChat
 * for a token of its own, past what is kept. `ok` is false when any check failed. Throws 1000 for an unknown account,
 * and 1009.
 */
export async function examineAccount(
  ctx: Needs,
  corpId: string,
  originalId: string,
  language: Language = 'zh',
): Promise<{ ok: boolean; checks: Check[] }> {
  checkOn(ctx, corpId, 'official')
  const before = ctx.accounts.get(corpId, originalId)
  const answers = await askAsAllNodes(ctx, before)
  const known = await knownAddresses(ctx.db, before)
  const mayCall = answers.some(one => one.nodeId === ctx.nodeId && one.errcode === 0)
  const upstream = mayCall ? await Promise.all([examineReach(before), examineQuota(before)]) : []
  const isReached = upstream.some(one => one.id === reachId && one.state === 'ok')
  // A verification or a push may have come during the examination.
  const account = ctx.accounts.get(corpId, originalId)
  const { callbackUrl: url } = callbackSettings(ctx, account)
  const sharing = sharingToken(ctx, account)
  const found = [
    ...examineCredentials(answers, known),
    ...examineCallback(account, { url, isReached, now: ctx.now(), sharing }),
    ...upstream,
  ]
  const findings = await withOldAddresses(ctx, corpId, found, `official:${originalId}`)
  const kept: Diagnosis = { at: ctx.now(), findings }
  await keepVerdict(ctx, corpId, diagnosisKey(originalId), kept)
  return { ok: findings.every(one => one.ok), checks: findings.map(one => checkIn(language, one)) }
}

/** The last examination; undefined when there was none. */
export async function lastExamination(
  ctx: Pick<Core, 'db'>,
  originalId: string,
  language: Language,
): Promise<{ at: Date; checks: Check[] } | undefined> {
  const kept = (await readSetting(ctx.db, diagnosisKey(originalId))) as Diagnosis | undefined
  return kept && { at: new Date(kept.at), checks: kept.findings.map(one => checkIn(language, one)) }
}
