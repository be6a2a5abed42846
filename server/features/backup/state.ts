import type { Core } from '../../platform/core.ts'
import type { Words } from '../../platform/words.ts'
import { type Plan, readPlan } from './plan/plan-store.ts'
import { lastTrial, type Trial } from './restore-test/test-store.ts'
import { goodRuns, latestRuns, type Run } from './runs/run-store.ts'

const dayMs = 86_400_000

/** How things stand with backups by the plan, for the page, the commands, the alerts and the gauges. */
export type BackupState = {
  plan: Plan | undefined
  /** The last that ended well, and whose file is there. */
  lastGood: Run | undefined
  /** The last one, if it failed and is not tried again soon. */
  failed: Run | undefined
  /** Nothing good is younger than the plan says. */
  isOverdue: boolean
  lastTest: Trial | undefined
  lastGoodTest: Trial | undefined
  isTestOverdue: boolean
  rotationProblem: Words | null
}

export async function backupState(ctx: Pick<Core, 'db' | 'now'>): Promise<BackupState> {
  const plan = await readPlan(ctx.db)
  const [last, good, lastTest, lastGoodTest] = [
    (await latestRuns(ctx.db, 1))[0],
    (await goodRuns(ctx.db))[0],
    await lastTrial(ctx.db),
    await lastTrial(ctx.db, 'good'),
  ]
  const isOlder = (at: Date | null | undefined, days: number) =>
    plan?.enabled === true && ctx.now() - Math.max(at?.getTime() ?? 0, plan.since.getTime()) > days * dayMs
  return {
    plan,
    lastGood: good,
    failed: last?.state === 'failed' ? last : undefined,
    isOverdue: isOlder(good?.endedAt, plan?.alertDays ?? 0),
    lastTest,
    lastGoodTest,
    isTestOverdue:
      plan !== undefined &&
      plan.testDays > 0 &&
      isOlder(lastGoodTest?.endedAt, plan.testDays + plan.alertDays),
    rotationProblem: good?.rotationProblem ?? null,
  }
}
