import { randomBytes } from 'node:crypto'
import { readLimits } from '../../organisation/corps/call-limits.ts'
import { type Corps, zoneOf } from '../../organisation/corps/corps.ts'
import { checkStaysOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { noteScope } from '../../organisation/directory/permissions/data-scope.ts'
import { nameGroups } from '../../organisation/groups/groups.ts'
import { perform } from '../../platform/acts/perform.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import type { Core } from '../../platform/core.ts'
import { keepDeleted } from '../../platform/deleted/deleted.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion } from '../../platform/http/form-version.ts'
import { readName, readSet } from '../../platform/http/rules.ts'
import { type Scope, scopes } from '../../platform/http/scope.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { enqueue } from '../../platform/queue/queue-store.ts'
import { type DeveloperSettings, initialSettings } from './admin/settings.ts'
import { type Developer, type Developers, hashSecret } from './developers.ts'
import { readNetworks } from './networks.ts'
import { putOwners } from './owners/owner-store.ts'
import { changeOwners, readOwners } from './owners/owners.ts'
import { checkRoom } from './quota.ts'
import { boundDeveloper, developerGrants, ownerKeys } from './scopes/granted-store.ts'
import { readRefundLimits } from './scopes/refund-limits.ts'
import { endsAfter } from './scopes/scope-ends.ts'
import { checkScopesOn, scopesOn } from './scopes/scopes-on.ts'
import { checkPersonal, readUpstreamPaths } from './scopes/upstream-paths.ts'
import * as store from './store.ts'

type Needs = Core & { developers: Developers; offered: FeatureOffers }
/** The address book is read only where a data scope is given. */
type Checks = { mirrors: Pick<Mirrors, 'load'> }

/** Creates a developer; its secret, made by `memberId`, is returned once and never again. Throws 1000, 1001, 1005, 1006. */
export async function addDeveloper(
  ctx: Core & Checks & { corps: Corps; offered: FeatureOffers },
  actor: string,
  corpId: string,
  settings: DeveloperSettings & { name: string },
  memberId: number | null = null,
): Promise<{ devId: string; devSecret: string }> {
  const { timeZone } = ctx.corps.get(corpId)
  checkScopesOn(ctx, corpId, settings.scopes ?? [])
  const devId = `wd${randomBytes(8).toString('hex')}`
  const devSecret = newSecret()
  const at = new Date(ctx.now())
  const row = checkSettings({ ...initialSettings, ...settings })
  row.upstreamPaths = readUpstreamPaths(settings.upstreamPaths ?? [])
  const scopeEnds = endsAfter(
    { scopes: row.scopes ?? [], scopeEnds: {} },
    { days: settings.scopeDays },
    { now: ctx.now(), timeZone },
  )
  await checkDataScope(ctx, corpId, settings.dataScope, undefined)
  await checkAccounts(ctx, corpId, row.accounts, undefined)
  checkPaths(settings, undefined, row)
  const owners = await readOwners(ctx, corpId, settings.owners ?? [])
  return perform(ctx, { act: 'developer.add', actor, corpId }, async tx => {
    const { enabled = true } = settings
    if (enabled) await checkRoom(tx, corpId)
    if (row.packets !== 'off') await checkStaysOn(tx, ctx, corpId, 'packets')
    if (row.smsBudget) await ctx.offered.checkSmsBudget(tx, corpId)
    await nameGroups(tx, corpId, row.scopeGroups ?? [])
    await store.insertDeveloper(tx, {
      ...row,
      enabled,
      scopeEnds,
      devId,
      corpId,
      createdAt: at,
    } as store.DeveloperRow)
    await putOwners(tx, corpId, devId, owners, at)
    await store.insertSecret(tx, { devId, hash: hashOf(devSecret), createdAt: at, createdBy: memberId })
    const grants = await boundDeveloper(tx, corpId, devId)
    return { target: devId, detail: { name: settings.name, grants }, answer: { devId, devSecret } }
  })
}

/**
 * Changes a developer. `expected` and `ownersVersion` are the versions that the forms were filled from (form-version.ts); if one is no
 * longer current, throws 1000. Also throws 1002, and 1000, 1001, 1005 or 1006 for wrong settings.
 */
export async function setDeveloper(
  ctx: Needs & Checks & { corps: Corps },
  actor: string,
  devId: string,
  settings: DeveloperSettings & { ownersVersion?: string | undefined },
  expected?: string,
): Promise<void> {
  const developer = known(ctx, devId)
  const { corpId } = developer
  const change: store.DeveloperChange = checkSettings(settings)
  checkScopesOn(ctx, corpId, settings.scopes ?? [], developer.scopes)
  await checkDataScope(ctx, corpId, settings.dataScope, developer.dataScope)
  await checkAccounts(ctx, corpId, change.accounts, developer.accounts)
  if (settings.upstreamPaths)
    change.upstreamPaths = readUpstreamPaths(settings.upstreamPaths, developer.upstreamPaths)
  const owners = settings.owners && (await readOwners(ctx, corpId, settings.owners))
  if (settings.enabled !== undefined) change.enabled = settings.enabled
  await perform(ctx, { act: 'developer.set', actor, corpId }, async tx => {
    const stored = await store.lockDeveloper(tx, devId)
    checkVersion(developerForm(stored ?? {}), expected)
    if (!stored) throw new ApiError('unknownDeveloper', told`${devId}`)
    if (settings.enabled && !stored.enabled) await checkRoom(tx, corpId)
    checkPaths(settings, stored, change)
    if (change.packets && change.packets !== 'off' && change.packets !== stored.packets)
      await checkStaysOn(tx, ctx, corpId, 'packets')
    if (change.smsBudget !== undefined && change.smsBudget !== stored.smsBudget) {
      if (change.smsBudget > 0) await ctx.offered.checkSmsBudget(tx, corpId)
      await checkAlerts(ctx, tx, corpId)
      // What waits for budget may leave now.
      await enqueue(tx, [{ corpId, stream: 'sms-budgets' }], new Date(ctx.now()))
    }
    if (change.scopes)
      change.scopes = [...new Set([...change.scopes, ...notOffered(ctx, corpId, stored.scopes)])]
    if (change.scopes || settings.scopeDays) {
      change.scopeEnds = endsAfter(
        stored,
        { scopes: change.scopes, days: settings.scopeDays },
        { now: ctx.now(), timeZone: zoneOf(ctx, corpId) },
      )
      await checkAlerts(ctx, tx, corpId)
    }
    const hadOwners = await ownerKeys(tx, corpId, devId)
    const owned =
      owners && (await changeOwners(tx, developer, owners, new Date(ctx.now()), settings.ownersVersion))
    // The change feed is locked before groups, as by all who lock both.
    if (settings.dataScope !== undefined)
      change.scopeSeq = await noteScope(tx, corpId, devId, new Date(ctx.now()))
    await nameGroups(tx, corpId, change.scopeGroups ?? [], stored.scopeGroups ?? [])
    await store.updateDeveloper(tx, devId, change)
    const { scopeSeq: _seq, ...audited } = change
    return {
      target: devId,
      targetName: change.name ?? developer.name,
      detail: {
        changes: changesOf({ ...stored, owners: owned?.before }, { ...audited, owners: owned?.after }),
        grants: await boundDeveloper(tx, corpId, devId, hadOwners),
      },
      answer: undefined,
    }
  })
}

/**
 * Deletes a developer with its secrets, webhooks and devices: its tokens and calls are refused at once, and it can be brought back for 30
 * days. Throws 1002.
 */
export async function removeDeveloper(
  ctx: Core & { offered: FeatureOffers },
  actor: string,
  corpId: string,
  devId: string,
): Promise<void> {
  await perform(ctx, { act: 'developer.remove', actor, corpId }, async tx => {
    const stored = await store.lockDeveloper(tx, devId)
    if (stored?.corpId !== corpId) throw new ApiError('unknownDeveloper', told`${devId}`)
    const { name } = stored
    await keepDeleted(ctx, tx, { corpId, kind: 'developer', id: devId, name, actor })
    await store.deleteDeveloper(tx, devId)
    const grants = await boundGrants(tx, developerGrants, corpId, [devId])
    return { target: devId, targetName: name, detail: { grants }, answer: undefined }
  })
}

/** The fields that are edited on one form, whose version tells whether the form is outdated. */
export function developerForm(row: Partial<store.DeveloperRow>): object {
  const { name, enabled, scopes, scopeEnds, scopeDepartments, scopeTags, allowedIps, accounts } = row
  const { listStyle, packets, newDevices, strictInputs, ownAgents, wholeInbox, smsBudget } = row
  const { upstreamPaths, callLimits, refundLimits } = row
  return {
    name,
    enabled,
    scopes,
    scopeEnds,
    scopeDepartments,
    scopeTags,
    allowedIps,
    accounts,
    listStyle,
    packets,
    newDevices,
    strictInputs,
    ownAgents,
    wholeInbox,
    smsBudget,
    upstreamPaths,
    callLimits,
    refundLimits,
  }
}

const liveSecretsAtMost = 2

/**
 * Creates a second secret beside the present one. With `revokeOthers` older secrets are revoked at once, along with every token
 * issued for them. Without it a third valid secret is refused; one must be revoked first.
 * @throws ApiError 1000 for a third secret, 1002 for an unknown developer.
 */
export async function rotateSecret(
  ctx: Needs,
  actor: string,
  devId: string,
  revokeOthers: boolean,
  memberId: number | null = null,
): Promise<{ devId: string; devSecret: string; revoked: number }> {
  const developer = known(ctx, devId)
  const others = developer.secrets.map(secret => secret.id)
  if (!revokeOthers && others.length >= liveSecretsAtMost) {
    throw new ApiError('badParameter', {
      zh: told`${devId} 已有 ${own(liveSecretsAtMost)} 个有效密钥，请先吊销旧密钥 (--revoke)`,
      en: told`${devId} has ${own(liveSecretsAtMost)} valid secrets: revoke the old one first (--revoke)`,
    })
  }
  const devSecret = newSecret()
  const at = new Date(ctx.now())
  return perform(ctx, { act: 'developer.rotate', actor, corpId: developer.corpId }, async tx => {
    if (revokeOthers && others.length > 0) await store.revokeSecrets(tx, others, at)
    await store.insertSecret(tx, { devId, hash: hashOf(devSecret), createdAt: at, createdBy: memberId })
    const revoked = revokeOthers ? others.length : 0
    return { target: devId, detail: { revokeOthers }, answer: { devId, devSecret, revoked } }
  })
}

/**
 * Revokes the older of two valid secrets, and every token issued for it.
 * @throws ApiError 1000 if there is only one valid secret, 1002 for an unknown developer.
 */
export async function revokeOldSecret(
  ctx: Needs,
  actor: string,
  devId: string,
): Promise<{ revoked: number }> {
  const developer = known(ctx, devId)
  const old = developer.secrets.slice(0, -1).map(secret => secret.id)
  if (old.length === 0)
    throw new ApiError('badParameter', {
      zh: told`${devId} 只有一个有效密钥，吊销后将无法调用；请先添加新密钥，没有吊销`,
      en: told`${devId} has only one valid secret and could make no calls without it: add a new one first; nothing was revoked`,
    })
  return perform(ctx, { act: 'developer.revoke', actor, corpId: developer.corpId }, async tx => {
    await store.revokeSecrets(tx, old, new Date(ctx.now()))
    return { target: devId, detail: {}, answer: { revoked: old.length } }
  })
}

/** Revokes one secret, even if it is the only one, and every token issued for it. Throws 1000. */
export async function revokeSecret(
  ctx: Needs,
  actor: string,
  devId: string,
  secretId: number,
): Promise<void> {
  const developer = known(ctx, devId)
  if (!developer.secrets.some(secret => secret.id === secretId))
    throw new ApiError('badParameter', {
      zh: '该密钥不存在或已吊销',
      en: 'this secret does not exist or was revoked',
    })
  await perform(ctx, { act: 'developer.revoke', actor, corpId: developer.corpId }, async tx => {
    await store.revokeSecrets(tx, [secretId], new Date(ctx.now()))
    return { target: devId, detail: { secret: secretId }, answer: undefined }
  })
}

function known(ctx: Needs, devId: string) {
  const developer = ctx.developers.get(devId)
  if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
  return developer
}

/** Scopes that the form does not show, of another version or of features that are off; saving it must not take them away. */
function notOffered(
  ctx: { corps: Corps; offered: FeatureOffers },
  corpId: string,
  stored: readonly string[],
): string[] {
  const seen: readonly string[] = scopesOn(ctx, corpId)
  return stored.filter(scope => !seen.includes(scope))
}

function hashOf(secret: string): string {
  return hashSecret(secret).toString('hex')
}

function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

const accountsAtMost = 100
const scopeEntriesAtMost = 500

function checkSettings(settings: DeveloperSettings): store.DeveloperChange {
  const { dataScope } = settings
  const change: store.DeveloperChange = {}
  if (settings.name !== undefined) change.name = readName(settings.name)
  if (settings.scopes) change.scopes = readScopes(settings.scopes)
  if (settings.allowedIps) change.allowedIps = readNetworks(settings.allowedIps)
  if (settings.accounts !== undefined)
    change.accounts = settings.accounts?.length
      ? readSet(settings.accounts, 'accounts', accountsAtMost)
      : null
  if (settings.listStyle) change.listStyle = settings.listStyle
  if (settings.packets) change.packets = settings.packets
  if (settings.newDevices !== undefined) change.newDevices = settings.newDevices
  if (settings.strictInputs !== undefined) change.strictInputs = settings.strictInputs
  if (settings.ownAgents !== undefined) change.ownAgents = settings.ownAgents
  if (settings.wholeInbox !== undefined) change.wholeInbox = settings.wholeInbox
  if (settings.smsBudget !== undefined) change.smsBudget = settings.smsBudget
  if (settings.callLimits !== undefined) change.callLimits = readLimits(settings.callLimits)
  if (settings.refundLimits !== undefined) change.refundLimits = readRefundLimits(settings.refundLimits)
  if (dataScope !== undefined) {
    change.scopeDepartments = dataScope && readSet(dataScope.departments, 'departments', scopeEntriesAtMost)
    change.scopeTags = dataScope && readSet(dataScope.tags, 'tags', scopeEntriesAtMost)
    change.scopeGroups = dataScope && readSet(dataScope.groups ?? [], 'groups', scopeEntriesAtMost)
  }
  return change
}

/** Throws 1000 for calls about people that the developer may not have, or that nobody approved. */
function checkPaths(
  { approvePersonal, dataScope }: DeveloperSettings,
  stored: store.DeveloperRow | undefined,
  { upstreamPaths }: store.DeveloperChange,
): void {
  const before = stored?.upstreamPaths ?? []
  const had = stored && store.dataScopeOf(stored)
  checkPersonal({
    before,
    after: upstreamPaths ?? before,
    hasDataScope: Boolean(dataScope === undefined ? had : dataScope),
    isApproved: approvePersonal === true,
  })
}

/** Throws 1000 for a scope that is not offered. */
export function readScopes(given: readonly string[]): string[] {
  const unknown = given.filter(scope => !scopes.includes(scope as Scope))
  if (unknown.length > 0)
    throw new ApiError('badParameter', {
      zh: told`没有这样的权限: ${unknown.join('、')}；可用: ${scopes.join('、')}`,
      en: told`no such scope: ${unknown.join(', ')}; there are: ${scopes.join(', ')}`,
    })
  return [...new Set(given)]
}

/** Entries that have disappeared from WeCom since they were chosen may stay, but new ones must exist. */
async function checkDataScope(
  ctx: Checks,
  corpId: string,
  dataScope: DeveloperSettings['dataScope'],
  had: Developer['dataScope'],
): Promise<void> {
  if (!dataScope) return
  const { departments: places, tags: chosen, groups = [] } = dataScope
  if (places.length + chosen.length + groups.length === 0)
    throw new ApiError('badParameter', {
      zh: 'dataScope 至少要有一个部门、标签或人群；不限范围时请选整个企业',
      en: 'dataScope needs at least one department, tag or group; leave it out for the whole corp',
    })
  const { tree, tags } = await ctx.mirrors.load(corpId)
  const noDepartments = dataScope.departments.filter(id => !tree.get(id) && !had?.departments.includes(id))
  if (noDepartments.length > 0)
    throw new ApiError('unknownDepartment', {
      zh: told`${noDepartments.join('、')}`,
      en: told`${noDepartments.join(', ')}`,
    })
  const noTags = dataScope.tags.filter(id => !tags.has(id) && !had?.tags.includes(id))
  if (noTags.length > 0)
    throw new ApiError('unknownTag', {
      zh: told`${noTags.join('、')}`,
      en: told`${noTags.join(', ')}`,
    })
}

/** Accounts that were unbound since they were chosen may stay, but new ones must be bound. */
async function checkAccounts(
  ctx: { offered: FeatureOffers },
  corpId: string,
  accounts: string[] | null | undefined,
  had: Developer['accounts'],
): Promise<void> {
  const added = accounts?.filter(id => !had?.has(id)) ?? []
  if (added.length > 0) await ctx.offered.checkAccounts(corpId, added)
}
