import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { optionalChoice, optionalInteger, optionalText, text } from '../../../platform/http/input.ts'
import { pageOf, paging, requiredId } from '../../../platform/http/list-input.ts'
import { time } from '../../../platform/http/output.ts'
import { installation, pageCall } from '../../../platform/http/page-call.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { askBackup, askTest, asUpstream, filesThere } from '../ask.ts'
import { BackupError } from '../backup-error.ts'
import { type PlaceNeeds, planForm, planVersion, setPlan, tryPlan, usualPlan } from '../plan/plan.ts'
import { latestTrials, type Trial, trialsOf } from '../restore-test/test-store.ts'
import { latestRuns, pageRuns, type Run } from '../runs/run-store.ts'
import { backupState } from '../state.ts'

type Needs = Core & PlaceNeeds & { outbound: Outbound }

/** Backups hold every corp, so that they concern the local system administrator alone. */
const access = installation

const maybe = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) =>
  Type.Union([schema, Type.Null()])
const words = Type.Object({ zh: Type.String(), en: Type.String() })

const testSchema = Type.Object({
  id: Type.Number(),
  file: Type.String(),
  state: Type.Enum(['waiting', 'running', 'good', 'failed']),
  askedBy: Type.String(),
  at: time,
  scratch: maybe(Type.Enum(['embedded', 'server'])),
  tables: maybe(Type.Number()),
  rows: maybe(Type.Number()),
  secrets: maybe(Type.Number()),
  signed: maybe(Type.Boolean()),
  problem: maybe(words),
})

const runSchema = Type.Object({
  id: Type.Number(),
  place: Type.Enum(['folder', 's3']),
  address: Type.String(),
  name: Type.String(),
  reason: Type.Enum(['plan', 'asked']),
  askedBy: Type.String(),
  state: Type.Enum(['waiting', 'running', 'good', 'failed', 'removed', 'missing']),
  attempt: Type.Number(),
  dueAt: time,
  startedAt: maybe(time),
  endedAt: maybe(time),
  bytes: maybe(Type.Number()),
  rows: maybe(Type.Number()),
  keyFingerprint: Type.String(),
  problem: maybe(words),
  rotationProblem: maybe(words),
  /** Its last restore test. */
  test: maybe(testSchema),
})

const planSchema = Type.Object({
  enabled: Type.Boolean(),
  cron: Type.String(),
  place: Type.Enum(['folder', 's3']),
  keepDaily: Type.Number(),
  keepWeekly: Type.Number(),
  keepMonthly: Type.Number(),
  testDays: Type.Number(),
  alertDays: Type.Number(),
  endpoint: Type.String(),
  region: Type.String(),
  bucket: Type.String(),
  prefix: Type.String(),
  addressing: Type.Enum(['virtual-host', 'path', 'own-domain']),
  throughProxy: Type.Boolean(),
  accessKey: Type.String(),
  /** Whether one is stored; it is never shown. */
  hasSecretKey: Type.Boolean(),
})

const viewSchema = Type.Object({
  plan: planSchema,
  /** Whether there is one; until then `plan` is what the form begins with. */
  isStored: Type.Boolean(),
  version: Type.String(),
  nextAt: maybe(time),
  offByRestore: Type.Boolean(),
  /** Of the present WISP_SECRET_KEY, which backups from now on need. */
  keyFingerprint: Type.String(),
  /** WISP_BACKUP_DIR of the node that answers; '' without one. */
  folder: Type.String(),
  hasProxy: Type.Boolean(),
  isOverdue: Type.Boolean(),
  isTestOverdue: Type.Boolean(),
  lastGoodAt: maybe(time),
  lastTest: maybe(testSchema),
  /** Something waits or runs, so that the page looks again soon. */
  isBusy: Type.Boolean(),
})
export type BackupsView = Static<typeof viewSchema>

/** What waits for longer is not worth looking every second. */
const soonMs = 60_000

async function viewOf(ctx: Core): Promise<BackupsView> {
  const state = await backupState(ctx)
  const { plan: stored, lastGood, isOverdue, isTestOverdue } = state
  const [lastTest] = await latestTrials(ctx.db, 1)
  const [lastRun] = await latestRuns(ctx.db, 1)
  const { secretKey, ...plan } = stored ? planForm(stored) : { ...usualPlan, place: placeFirst(ctx) }
  const soon = ctx.now() + soonMs
  const isOpen = (one: { state: string; dueAt?: Date } | undefined) =>
    one?.state === 'running' || (one?.state === 'waiting' && (one.dueAt?.getTime() ?? 0) <= soon)
  return {
    plan: { ...plan, hasSecretKey: secretKey !== '' },
    isStored: stored !== undefined,
    version: planVersion(stored),
    nextAt: stored?.nextAt ?? null,
    offByRestore: stored?.offByRestore ?? false,
    keyFingerprint: ctx.seal.fingerprint,
    folder: ctx.config.backupDir,
    hasProxy: ctx.config.outboundProxy !== '',
    isOverdue,
    isTestOverdue,
    lastGoodAt: lastGood?.endedAt ?? null,
    lastTest: lastTest ? testOf(lastTest) : null,
    isBusy: isOpen(lastTest) || isOpen(lastRun),
  }
}

const placeFirst = (ctx: Core) => (ctx.config.backupDir ? ('folder' as const) : ('s3' as const))

function testOf(trial: Trial): Static<typeof testSchema> {
  const { id, file, state, askedBy, scratch, tables, rows, secrets, signed, problem } = trial
  const at = trial.endedAt ?? trial.startedAt ?? trial.askedAt
  return { id, file, state, askedBy, at, scratch, tables, rows, secrets, signed, problem }
}

function runOf({ mark: _mark, node: _node, ...run }: Run, test: Trial | undefined): Static<typeof runSchema> {
  return { ...run, test: test ? testOf(test) : null }
}

export const showBackups = pageCall({
  method: 'GET',
  path: '/web/backups',
  point: 'backup:read',
  access,
  input: {},
  output: viewSchema,
  handle: (ctx: Core) => viewOf(ctx),
})

export const listBackups = pageCall({
  method: 'GET',
  path: '/web/backups/runs',
  point: 'backup:read',
  access,
  input: paging,
  output: Type.Object({ list: Type.Array(runSchema), total: Type.Number() }),
  async handle(ctx: Core, { input }) {
    const { list, total } = await pageRuns(ctx.db, pageOf(input))
    const ids = list.map(run => run.id)
    const tests = await trialsOf(ctx.db, ids)
    return { list: list.map(run => runOf(run, tests.get(run.id))), total }
  },
})

const settings = {
  enabled: optionalChoice('是否启用', ['0', '1']),
  cron: optionalText('时间，五段 cron', { max: 64 }),
  place: optionalChoice('备份到', ['folder', 's3']),
  keepDaily: optionalInteger('保留每日备份', { min: 1, max: 90 }),
  keepWeekly: optionalInteger('保留每周备份', { min: 0, max: 104 }),
  keepMonthly: optionalInteger('保留每月备份', { min: 0, max: 120 }),
  testDays: optionalInteger('恢复演练间隔（天），0 为不做', { min: 0, max: 90 }),
  alertDays: optionalInteger('几天没有备份就提醒', { min: 1, max: 90 }),
  endpoint: optionalText('S3 地址', { max: 200 }),
  region: optionalText('地域', { max: 64 }),
  bucket: optionalText('存储桶', { max: 63 }),
  prefix: optionalText('前缀', { max: 200 }),
  addressing: optionalChoice('存储桶的位置', ['virtual-host', 'path', 'own-domain']),
  throughProxy: optionalChoice('经代理', ['0', '1']),
  accessKey: optionalText('Access Key', { max: 200 }),
  secretKey: optionalText('Secret Key；不填则不变', { max: 200 }),
}

type PlaceFlags = { enabled?: '0' | '1' | undefined; throughProxy?: '0' | '1' | undefined }

function changeOf<G extends PlaceFlags>({ enabled, throughProxy, ...given }: G) {
  const isOn = (flag: '0' | '1' | undefined) => (flag === undefined ? undefined : flag === '1')
  return { ...given, enabled: isOn(enabled), throughProxy: isOn(throughProxy) }
}

export const savePlan = pageCall({
  method: 'POST',
  path: '/web/backups/plan',
  point: 'backup:edit',
  access,
  input: { version: text('页面所见的版本', { max: 64 }), ...settings },
  output: viewSchema,
  async handle(ctx: Core, { input, visitor }) {
    const { version, ...given } = input
    await setPlan(ctx, visitor.actor, changeOf(given), version)
    return viewOf(ctx)
  },
})

/** How long a failure of an address in our own network takes, whatever it is. */
const tryMs = 20_000
const quick = { pausesMs: [500], shortMs: 8000, longMs: 8000 }

export const tryPlace = pageCall({
  method: 'POST',
  path: '/web/backups/try',
  point: 'backup:edit',
  access,
  outgoing: true,
  input: settings,
  output: Type.Object({ address: Type.String() }),
  async handle(ctx: Needs, { input }) {
    const startedAt = performance.now()
    try {
      return await tryPlan(ctx, changeOf(input), quick)
    } catch (error) {
      if (error instanceof BackupError && error.isUntold)
        await ctx.outbound.untilOver(startedAt, { timeoutMs: tryMs, signal: ctx.stopping })
      throw asUpstream(error)
    }
  },
})

export const showStored = pageCall({
  method: 'GET',
  path: '/web/backups/stored',
  point: 'backup:read',
  access,
  outgoing: true,
  input: {},
  output: Type.Object({
    address: Type.String(),
    files: Type.Array(
      Type.Object({ name: Type.String(), size: Type.Number(), at: time, runId: maybe(Type.Number()) }),
    ),
    missing: Type.Array(Type.String()),
  }),
  handle: (ctx: Needs) => filesThere(ctx, quick),
})

export const runBackup = pageCall({
  method: 'POST',
  path: '/web/backups/run',
  point: 'backup:edit',
  access,
  outgoing: true,
  input: {},
  output: Type.Object({ id: Type.Number() }),
  handle: async (ctx: Core, { visitor }) => ({ id: await askBackup(ctx, visitor.actor) }),
})

export const testBackup = pageCall({
  method: 'POST',
  path: '/web/backups/test',
  point: 'backup:edit',
  access,
  outgoing: true,
  input: { id: requiredId('备份的编号') },
  output: Type.Object({ id: Type.Number() }),
  handle: async (ctx: Core, { input, visitor }) => ({ id: await askTest(ctx, visitor.actor, input.id) }),
})
