import { type Corps, zoneOf } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import { boundGrants } from '../../../platform/audit/grants.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { refused } from '../../../platform/http/page-call.ts'
import { checkText } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { Visitor } from '../../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import { signal } from '../../../platform/storage/bus.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { readScopes } from '../developer-admin.ts'
import type { Developers } from '../developers.ts'
import { developerGrants } from '../scopes/granted-store.ts'
import { readEnd } from '../scopes/scope-ends.ts'
import { checkScopesOn } from '../scopes/scopes-on.ts'
import { checkPersonal, readUpstreamPaths } from '../scopes/upstream-paths.ts'
import { type DeveloperRow, dataScopeOf, lockDeveloper, updateDeveloper } from '../store.ts'
import { ownsDeveloper } from './may-manage.ts'
import * as store from './request-store.ts'

type Needs = Core & { developers: Developers }

const reasonAtMost = 500
const openAtMost = 5

/** An owner asks for scopes and for calls of vendors, which need one; administrators hear of it. Returns the request's number. Throws 1000, 1001, 1002, 1009. */
export async function askForScopes(
  ctx: Needs & { corps: Corps; offered: FeatureOffers },
  visitor: Visitor,
  devId: string,
  asked: { scopes: readonly string[]; upstreamPaths?: readonly string[]; reason: string },
): Promise<number> {
  const developer = ctx.developers.get(devId)
  if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
  const { member } = visitor
  if (!member || !ownsDeveloper(visitor, developer))
    throw new ApiError('forbidden', {
      zh: '权限由负责人申请；管理员可以直接在“设置”中修改',
      en: 'only owners ask for scopes; administrators change them directly in the settings',
    })
  const { corpId } = developer
  const upstreamPaths = readUpstreamPaths(asked.upstreamPaths ?? [])
  const needed = upstreamPaths.length > 0 && !developer.scopes.has(passingOn) ? [passingOn] : []
  const scopes = readScopes([...asked.scopes, ...needed])
  checkScopesOn(ctx, corpId, scopes, developer.scopes)
  if (scopes.length + upstreamPaths.length === 0) throw new ApiError('missingParameter', 'scopes')
  const reason = readReason(asked.reason, 'reason')
  const askedAt = new Date(ctx.now())
  return ctx.db.transaction().execute(async tx => {
    const row = await lockKnown(tx, devId)
    const open = await store.openRequests(tx, corpId, devId)
    checkWanted(scopes, row, open)
    checkPathsWanted(upstreamPaths, row, open)
    await checkAlerts(ctx, tx, corpId)
    const request = { corpId, devId, memberId: member.id, scopes, upstreamPaths, reason, askedAt }
    const id = await store.insertRequest(tx, request)
    const entry = { corpId, actor: visitor.actor, act: 'developer.ask-scopes' as const, target: devId }
    await record(tx, ctx, { ...entry, detail: { request: id, scopes, ...pathsIn(upstreamPaths), reason } })
    return id
  })
}

/** Scopes that the developer has without an end, or that are requested already, need not be requested. */
function checkWanted(
  scopes: readonly string[],
  { scopes: held, scopeEnds }: DeveloperRow,
  open: readonly store.RequestRow[],
): void {
  const owned = scopes.find(scope => held.includes(scope) && !scopeEnds[scope])
  if (owned)
    throw new ApiError('badParameter', {
      zh: told`开发者已有权限 ${own(owned)}，不需申请`,
      en: told`the developer has the scope ${own(owned)} already and need not ask for it`,
    })
  const waiting = scopes.find(scope => open.some(one => one.scopes.includes(scope)))
  if (waiting)
    throw new ApiError('badParameter', {
      zh: told`${own(waiting)} 已申请，正在等管理员处理`,
      en: told`${own(waiting)} was asked for and waits for an administrator`,
    })
  if (open.length >= openAtMost)
    throw new ApiError('badParameter', {
      zh: `已有 ${openAtMost} 个申请等待处理，请等管理员处理后再申请`,
      en: `${openAtMost} requests wait already: ask again when an administrator has decided them`,
    })
}

/** Calls that the developer has, or that are requested already, need not be requested. Nor those that it cannot have. */
function checkPathsWanted(
  paths: readonly string[],
  row: DeveloperRow,
  open: readonly store.RequestRow[],
): void {
  const owned = paths.find(path => row.upstreamPaths.includes(path))
  if (owned)
    throw new ApiError('badParameter', {
      zh: told`开发者已可代调用 ${own(owned)}，不需申请`,
      en: told`the developer may pass on ${own(owned)} already and need not ask for it`,
    })
  const waiting = paths.find(path => open.some(one => one.upstreamPaths.includes(path)))
  if (waiting)
    throw new ApiError('badParameter', {
      zh: told`${own(waiting)} 已申请，正在等管理员处理`,
      en: told`${own(waiting)} was asked for and waits for an administrator`,
    })
  checkPersonal({ before: [], after: paths, hasDataScope: dataScopeOf(row) !== undefined, isApproved: true })
}

const passingOn = 'upstream:call'

/** In the audit log only where there are some. */
function pathsIn(upstreamPaths: readonly string[]): { upstreamPaths?: readonly string[] } {
  return upstreamPaths.length > 0 ? { upstreamPaths } : {}
}

/** `lastDay`: see scope-ends.ts; without it what is granted has no end. */
export type Decision =
  | { state: 'granted'; lastDay?: string | undefined; by?: Visitor }
  | { state: 'refused'; why: string }

/**
 * An administrator decides a request, once; the person who asked is told. If the developer has got the scope without an
 * end since, it stays without one. Throws 1000, 1001.
 */
export async function decideRequest(
  ctx: Core & { corps: Corps },
  actor: string,
  corpId: string,
  id: number,
  decision: Decision,
): Promise<void> {
  const at = new Date(ctx.now())
  const isGranted = decision.state === 'granted'
  const end =
    isGranted && decision.lastDay ? readEnd(decision.lastDay, ctx.now(), zoneOf(ctx, corpId)) : undefined
  const why = isGranted ? '' : readReason(decision.why, 'why')
  await ctx.db.transaction().execute(async tx => {
    const request = await store.lockRequest(tx, corpId, id)
    if (!request)
      throw new ApiError('badParameter', { zh: told`没有申请 ${id}`, en: told`there is no request ${id}` })
    if (request.state !== 'asked')
      throw new ApiError('badParameter', {
        zh: told`申请 ${id} 已经处理过了，请刷新`,
        en: told`request ${id} was decided already: reload`,
      })
    if (isGranted) checkNotOwn(decision.by, request)
    const { devId, scopes, upstreamPaths } = request
    if (isGranted) await grant(tx, request, end)
    const until = end === undefined ? null : new Date(end)
    await checkAlerts(ctx, tx, corpId)
    await store.setDecided(tx, request, { state: decision.state, at, by: actor, why, until })
    await enqueue(tx, [{ corpId, stream: 'scope-decisions' }], at)
    const act = isGranted ? 'developer.grant-scopes' : 'developer.refuse-scopes'
    const asked = { request: id, scopes, ...pathsIn(upstreamPaths) }
    const grants = isGranted ? await boundGrants(tx, developerGrants, corpId, [devId]) : []
    const detail = { ...asked, ...(isGranted ? { until: end ?? null, grants } : { why }) }
    await record(tx, ctx, { corpId, actor, act, target: devId, detail })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** The security administrator grants nothing to what is their own. Throws 403. */
function checkNotOwn(by: Visitor | undefined, { memberId }: store.RequestRow): void {
  if (by?.separated?.as && by.member?.id === memberId)
    throw refused({
      zh: '三员分立已开启，不能批准自己的申请，请由另一名安全管理员处理',
      en: 'the three administrators are separated: another security administrator decides your own request',
    })
}

/** Whoever grants calls about people has approved them by that. */
async function grant(
  tx: Db,
  { devId, scopes: asked, upstreamPaths: paths }: store.RequestRow,
  end: string | undefined,
): Promise<void> {
  const row = await lockKnown(tx, devId)
  const { scopes: held, scopeEnds, upstreamPaths: before } = row
  const had = new Set(before)
  // The catalogue may have changed since it was asked.
  const upstreamPaths = readUpstreamPaths([...before, ...paths], had)
  if (paths.length > 0)
    checkPersonal({
      before,
      after: upstreamPaths,
      hasDataScope: dataScopeOf(row) !== undefined,
      isApproved: true,
    })
  const isForEver = (scope: string) => held.includes(scope) && !scopeEnds[scope]
  const ends = { ...scopeEnds }
  for (const scope of asked.filter(one => !isForEver(one))) {
    if (end === undefined) delete ends[scope]
    else ends[scope] = end
  }
  await updateDeveloper(tx, devId, {
    scopes: [...new Set([...held, ...asked])],
    scopeEnds: ends,
    ...(paths.length > 0 ? { upstreamPaths } : {}),
  })
}

async function lockKnown(tx: Db, devId: string): Promise<DeveloperRow> {
  const row = await lockDeveloper(tx, devId)
  if (!row) throw new ApiError('unknownDeveloper', told`${devId}`)
  return row
}

function readReason(text: string, name: string): string {
  checkText(text, name, reasonAtMost, true)
  if (text.trim() === '') throw new ApiError('missingParameter', told`${own(name)}`)
  return text.trim()
}

/** The owners have been told of the decision. */
export async function noteTold(db: Db, request: store.RequestRow): Promise<void> {
  await store.setTold(db, request)
}
