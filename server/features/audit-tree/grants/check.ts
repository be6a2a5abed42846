import { record } from '../../../platform/audit/audit.ts'
import { type BoundGrant, lineOf } from '../../../platform/audit/grants.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { livingNodes } from '../../../platform/storage/nodes/node-store.ts'
import { putTreeOnce } from '../checkpoints/checkpoint-store.ts'
import type { TreeName } from '../tree/source.ts'
import { treeNames } from '../tree/tree-store.ts'
import { compareIn, type GrantVerdict } from './compare.ts'
import * as store from './grants-store.ts'

type Needs = Core & { offered: FeatureOffers }

const migration = '0180-grants-and-destinations.sql'
/** Well before acts, and the entries that lists are, go by their age. */
const listedForMs = 30 * 86_400_000
const actsAtMost = 5000
const linesAtOnce = 200
const findingsAtMost = 500

/** Compares the grants of all trees; one that fails keeps no other from it. */
export async function checkAllGrants(ctx: Needs): Promise<void> {
  // Acts of older nodes have no hashes: it begins when there is none.
  const isOld = (await livingNodes(ctx.db)).some(node => !node.migrations.includes(migration))
  for (const tree of new Set(['', ...(await treeNames(ctx.db))])) {
    if (ctx.stopping.aborted) return
    await checkGrants(ctx, tree, { mayBegin: !isOld }).catch(error =>
      ctx.log.error({ tree, ...describeError(error) }, 'grants not compared with the audit log'),
    )
  }
}

/**
 * Compares the grants of a tree, keeps what it found and makes a list where one is due. Nothing is compared before the first list.
 */
export async function checkGrants(
  ctx: Needs,
  tree: TreeName,
  { mayBegin = true }: { mayBegin?: boolean } = {},
): Promise<void> {
  const { verdict, lastAct } = await look(ctx, tree)
  if (!verdict.isListed && !mayBegin) return
  await ctx.db.transaction().execute(async tx => {
    await putTreeOnce(tx, tree)
    const findings = verdict.findings.slice(0, findingsAtMost)
    const before = await store.grantsRow(tx, tree)
    const kept = { at: new Date(ctx.now()), held: verdict.held.length, findings }
    if (verdict.isListed) {
      // What somebody has changed meanwhile is looked at again in an hour.
      if (!(await hasActs(tx, ctx, tree, lastAct)))
        await recordLines(tx, ctx, tree, { act: 'audit.grants.taken', grants: verdict.older })
      await store.putChecked(tx, tree, kept)
      if (isListDue(ctx, verdict)) await makeList(tx, ctx, tree, verdict, lastAct)
    } else {
      await makeList(tx, ctx, tree, verdict, lastAct)
      await store.putChecked(tx, tree, { ...kept, listed: verdict.held.length })
    }
    if (tree !== '' && (findings.length > 0 || before?.findings.length)) await checkAlerts(ctx, tx, tree)
  })
}

/** What there is at one moment, and the last act of then. */
async function look(ctx: Needs, tree: TreeName): Promise<{ verdict: GrantVerdict; lastAct: number }> {
  const snapshot = ctx.db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return snapshot.execute(async tx => ({
    lastAct: await store.lastAct(tx, tree),
    verdict: await compareIn(tx, ctx.offered.grants, tree, { isWhole: false, now: ctx.now() }),
  }))
}

/** Whether somebody has given or taken something since. */
async function hasActs(tx: Db, ctx: Needs, tree: TreeName, after: number): Promise<boolean> {
  const acts = ctx.offered.grants.flatMap(kind => kind.acts)
  return (await store.grantActs(tx, tree, { after, acts })).length > 0
}

const isListDue = ({ now }: Pick<Core, 'now'>, { listedAt, actsSince }: GrantVerdict) =>
  !listedAt || now() - listedAt.getTime() > listedForMs || actsSince > actsAtMost

async function makeList(
  tx: Db,
  ctx: Needs,
  tree: TreeName,
  { isListed, held, expected, older }: GrantVerdict,
  lastAct: number,
): Promise<void> {
  const taken = new Map(older.map(one => [`${one.kind} ${one.key}`, one]))
  const lines = isListed
    ? expected.flatMap(one => taken.get(`${one.kind} ${one.key}`) ?? one).filter(one => one.hash !== null)
    : held.map(one => one.bound)
  const list = `${ctx.now()}`
  const told = { list, fromNumber: lastAct, first: !isListed }
  // Also where there is no grant: from now on one without an act is a finding.
  await recordLines(tx, ctx, tree, { act: 'audit.grants.list', grants: lines, told, isAlways: true })
}

type GrantEntry = {
  act: 'audit.grants.list' | 'audit.grants.taken' | 'audit.grants.confirm'
  grants: readonly BoundGrant[]
  told?: { list: string; fromNumber: number; first: boolean }
  actor?: string
  /** Whether there is an entry even without a grant. */
  isAlways?: boolean
}

async function recordLines(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  tree: TreeName,
  { act, grants, told, actor = 'wisp', isAlways = false }: GrantEntry,
): Promise<void> {
  const entry = { corpId: tree || null, actor, act, target: tree }
  for (let from = 0; from < Math.max(grants.length, isAlways ? 1 : 0); from += linesAtOnce) {
    const lines = grants.slice(from, from + linesAtOnce).map(lineOf)
    await record(tx, ctx, { ...entry, detail: { ...told, grants: lines } })
  }
}

/**
 * Confirms that the grants with which the comparison began are right and, of what differs from the acts, that it is right as it is: from
 * now on it has an act, that of whoever confirms. `expected` is the version of what they saw. Throws 1000 where that has changed since.
 */
export async function confirmGrants(
  ctx: Needs,
  actor: string,
  tree: TreeName,
  expected: string | undefined,
): Promise<{ confirmed: number }> {
  const { verdict, lastAct } = await look(ctx, tree)
  return ctx.db.transaction().execute(async tx => {
    const row = await store.grantsRow(tx, tree)
    if (!row || !verdict.isListed)
      throw new ApiError('badParameter', {
        zh: '授权还没有进入审计；每小时比对一次，请稍后再确认',
        en: 'the grants have not entered the audit log yet; they are compared each hour: confirm later',
      })
    const isOther = expected !== undefined && expected !== grantsVersion(row, verdict)
    if (isOther || (await hasActs(tx, ctx, tree, lastAct)))
      throw new ApiError(
        'badParameter',
        {
          zh: '授权在打开清单之后又有变化，没有确认；请重新查看',
          en: 'the grants have changed since the list was opened; nothing was confirmed: look again',
        },
        { status: 409 },
      )
    const { different } = verdict
    await recordLines(tx, ctx, tree, {
      act: 'audit.grants.confirm',
      grants: different,
      actor,
      isAlways: true,
    })
    const at = new Date(ctx.now())
    await store.putChecked(tx, tree, { at, held: verdict.held.length, findings: [] })
    await store.putConfirmed(tx, tree, { at, by: actor })
    if (tree !== '') await checkAlerts(ctx, tx, tree)
    return { confirmed: row.confirmedAt ? different.length : row.listed + different.length }
  })
}

/** Returns the version of what a person sees who confirms: the first list, and what differs. */
export function grantsVersion(row: store.GrantsRow | undefined, { different }: GrantVerdict): string {
  return versionOf([row?.listedAt, row?.confirmedAt, different.map(lineOf).sort()])
}
