import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { cronProblem, nextTime } from '../../../platform/cron-line.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion, versionOf } from '../../../platform/http/form-version.ts'
import { own, type ToldWords, told } from '../../../platform/http/told.ts'
import { usualZone } from '../../../platform/time-zone.ts'
import type { Words } from '../../../platform/words.ts'
import { s3Problem } from '../../../upstream/s3/s3-address.ts'
import { folderPlace } from '../places/folder.ts'
import type { BackupPlace } from '../places/place.ts'
import { type S3Needs, type S3PlaceOptions, s3Place } from '../places/s3.ts'
import { lockPlan, type Plan, putPlan, readPlan } from './plan-store.ts'

export type PlanSettings = Omit<Plan, 'nextAt' | 'since' | 'offByRestore'>
export type PlanChange = { [K in keyof PlanSettings]?: PlanSettings[K] | undefined }

export const sealPurpose = 'backup_plan.secret_key'

/** What a form shows before there is a plan. */
export const usualPlan: PlanSettings = {
  enabled: false,
  cron: '30 3 * * *',
  place: 'folder',
  keepDaily: 7,
  keepWeekly: 4,
  keepMonthly: 12,
  testDays: 7,
  alertDays: 2,
  endpoint: '',
  region: '',
  bucket: '',
  prefix: 'wisp/',
  addressing: 'virtual-host',
  throughProxy: false,
  accessKey: '',
  secretKey: '',
}

export function planForm(plan: Plan | undefined): PlanSettings {
  if (!plan) return usualPlan
  const { nextAt: _next, since: _since, offByRestore: _off, ...settings } = plan
  return settings
}

export const planVersion = (plan: Plan | undefined): string => versionOf(planForm(plan))

/** Changes what is given; `secretKey` comes in the clear, and '' leaves it. Throws 1000. */
export async function setPlan(ctx: Core, actor: string, given: PlanChange, version?: string): Promise<Plan> {
  return ctx.db.transaction().execute(async tx => {
    const before = await lockPlan(tx)
    const settings = planForm(before)
    checkVersion(settings, version)
    const plan = merged(ctx, settings, given)
    checkPlan(ctx, plan)
    const now = new Date(ctx.now())
    const isAnew = plan.enabled && (!before?.enabled || whereOf(before) !== whereOf(plan))
    const next: Plan = {
      ...plan,
      nextAt: plan.enabled ? nextTime(plan.cron, now, usualZone) : null,
      since: isAnew || !before ? now : before.since,
      offByRestore: false,
    }
    await putPlan(tx, next)
    const { secretKey, ...changed } = plan
    const change = { ...changed, ...(given.secretKey ? { secretKey } : {}) }
    const detail = { changes: changesOf(settings, change, ['secretKey']) }
    await record(tx, ctx, { corpId: null, actor, act: 'backup.plan.set', target: plan.place, detail })
    return next
  })
}

function merged(ctx: Core, before: PlanSettings, { secretKey, ...given }: PlanChange): PlanSettings {
  const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const plan = { ...before, ...change }
  return {
    ...plan,
    cron: plan.cron.trim().replace(/\s+/g, ' '),
    endpoint: plan.endpoint.trim().replace(/\/+$/, ''),
    region: plan.region.trim(),
    bucket: plan.bucket.trim(),
    prefix: plan.prefix
      .trim()
      .replace(/^\/+|\/+$/g, '')
      .replace(/.$/, '$&/'),
    accessKey: plan.accessKey.trim(),
    secretKey: secretKey ? ctx.seal.seal(secretKey.trim(), sealPurpose) : plan.secretKey,
  }
}

const bad = (words: ToldWords) => new ApiError('badParameter', words)

const cronWords = (problem: Words): ToldWords => ({
  zh: told`${own('cron')} ${problem.zh}`,
  en: told`${own('cron')} ${problem.en}`,
})

const limits = {
  keepDaily: [1, 90],
  keepWeekly: [0, 104],
  keepMonthly: [0, 120],
  testDays: [0, 90],
  alertDays: [1, 90],
} as const

function checkPlan(ctx: Pick<Core, 'config'>, plan: PlanSettings): void {
  const problem = cronProblem(plan.cron)
  if (problem) throw bad(cronWords(problem))
  for (const [name, [min, max]] of Object.entries(limits)) {
    const value = plan[name as keyof typeof limits]
    if (!Number.isInteger(value) || value < min || value > max)
      throw bad({
        zh: told`${own(name)} 应为 ${own(min)} 到 ${own(max)} 的整数，收到 ${value}`,
        en: told`${own(name)} must be an integer from ${own(min)} to ${own(max)}, got ${value}`,
      })
  }
  if (plan.place === 's3') checkS3(ctx, plan)
  else if (!ctx.config.backupDir)
    throw bad({
      zh: told`${own('place')}: 备份到目录时，须先在环境变量 ${own('WISP_BACKUP_DIR')} 中写明目录并重启；目录由运行 wisp 的人决定，不在页面上填写`,
      en: told`${own('place')}: for backups to a folder, name it in ${own('WISP_BACKUP_DIR')} first and restart; whoever runs wisp decides on it, and no page does`,
    })
}

function checkS3(ctx: Pick<Core, 'config'>, plan: PlanSettings): void {
  const problem = s3Problem(plan)
  if (problem)
    throw bad({
      zh: told`${own(problem.field)} ${own(problem.zh)}`,
      en: told`${own(problem.field)} ${own(problem.en)}`,
    })
  if (!/^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/.test(plan.prefix) || plan.prefix.length > 200)
    throw bad({
      zh: told`${own('prefix')} 只能用字母、数字、点、下划线、连字符和 /，至多 200 个字符：${plan.prefix}`,
      en: told`${own('prefix')} takes letters, digits, dots, underscores, hyphens and /, at most 200 characters: ${plan.prefix}`,
    })
  for (const name of ['accessKey', 'secretKey'] as const) {
    if (plan[name]) continue
    throw bad({
      zh: told`${own(name)} 没有填写：备份到 S3 需要 Access Key 和 Secret Key`,
      en: told`${own(name)} is missing: backups to S3 need an access key and a secret key`,
    })
  }
  if (plan.throughProxy && !ctx.config.outboundProxy)
    throw bad({
      zh: told`${own('throughProxy')}: 没有设置 ${own('WISP_OUTBOUND_PROXY')}，没有可走的代理`,
      en: told`${own('throughProxy')}: ${own('WISP_OUTBOUND_PROXY')} is not set, so there is no proxy to go through`,
    })
}

/** Changes when backups go to another place. */
function whereOf({ place, bucket, prefix, endpoint }: PlanSettings): string {
  return place === 'folder' ? 'folder' : `${endpoint}/${bucket}/${prefix}`
}

export type PlaceNeeds = Pick<Core, 'config' | 'seal'> & S3Needs

/** The plan's place. Close it. */
export function placeOf(ctx: PlaceNeeds, plan: PlanSettings, options: S3PlaceOptions = {}): BackupPlace {
  if (plan.place === 'folder') return folderPlace(ctx.config)
  return s3Place(ctx, { ...plan, secretKey: ctx.seal.open(plan.secretKey, sealPurpose) }, options)
}

/**
 * Writes, reads and deletes a small file where these settings would put backups, without storing them. Throws 1000, and BackupError.
 */
export async function tryPlan(
  ctx: PlaceNeeds & Core,
  given: PlanChange,
  options: S3PlaceOptions = {},
): Promise<{ address: string }> {
  const plan = merged(ctx, planForm(await readPlan(ctx.db)), given)
  checkPlan(ctx, plan)
  const place = placeOf(ctx, plan, options)
  try {
    await place.tryOut()
    return { address: place.address }
  } finally {
    await place.close()
  }
}
