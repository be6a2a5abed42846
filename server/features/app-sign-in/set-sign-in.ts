import { randomBytes } from 'node:crypto'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkGroupsOn } from '../../organisation/groups/groups.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkText } from '../../platform/http/rules.ts'
import { told } from '../../platform/http/told.ts'
import { checkAlerts } from '../../platform/queue/check-alerts.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { locked, staleWords } from '../apps/apps.ts'
import { type Apps, noApp } from '../apps/catalog.ts'
import { holdCasBase, holdIssuer } from './addresses.ts'
import type { AppSignIn, CasApp, OidcClient } from './app-sign-in.ts'
import type { AppSignIns } from './catalog.ts'
import { readAttributes, readClaims, readGroups, readNameField } from './claims/read-claims.ts'
import { signInGrants } from './grants/granted-store.ts'
import { readRedirectUris } from './redirect-uris.ts'
import { clientSecretPurpose } from './sealed.ts'
import { readServices } from './services.ts'
import { checkOwnerMay, ownerChangeOf } from './setting/owner-rules.ts'
import type { Setter, SignInSettings } from './setting/settings.ts'
import * as store from './store.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; corps: Corps }
type App = { corpId: string; appId: string }

const usual = {
  relation: 'own',
  isFramed: false,
  leastAcr: 1,
  userNameField: 'userid',
  claims: [],
  attributes: [],
  groups: { departments: true, tags: false, roles: false },
} as const

const usualClient: Omit<OidcClient, 'clientId'> = {
  isPublic: false,
  redirectUris: [],
  postLogoutRedirectUris: [],
  logoutUri: '',
  privateSchemes: false,
  refresh: false,
  device: false,
  idTokenAlg: 'RS256',
}

const usualCas: CasApp = {
  services: [],
  allowsHttp: false,
  ticketSeconds: 10,
  attributesInV2: false,
  singleLogout: true,
  logoutUri: '',
}

/**
 * Sets how an app signs people in. Returns the client's secret where one was made, which is shown only this once. Throws 1000,
 * and 409 for a `version` that is not the stored one.
 */
export async function setSignIn(
  ctx: Needs,
  by: Setter,
  corpId: string,
  appId: string,
  settings: SignInSettings,
  version?: number,
): Promise<{ signIn: AppSignIn | undefined; clientSecret: string }> {
  const clientSecret = await ctx.db
    .transaction()
    .execute(tx => putSignIn(tx, ctx, by, { corpId, appId }, settings, version))
  await ctx.reloadConfig(corpId)
  return { signIn: ctx.appSignIns.of(appId), clientSecret }
}

/**
 * Does what `setSignIn` does, within a transaction; its caller reads the corp's configuration again after the commit.
 * @throws ApiError 1000 (invalid, or 409 for a stale version), 1001 (something is missing), 1009 (beyond what the setter may do).
 */
export async function putSignIn(
  tx: Db,
  ctx: Needs,
  by: Setter,
  { corpId, appId }: App,
  settings: SignInSettings,
  version?: number,
): Promise<string> {
  let clientSecret = ''
  const app = await locked(tx, corpId, appId)
  if (app.builtin) throw noApp(appId)
  const before = await store.lockSignIn(tx, corpId, appId)
  if (version !== undefined && version !== (before?.version ?? 0))
    throw new ApiError(
      'badParameter',
      staleWords(ctx, before?.updatedBy ?? '', before?.updatedAt ?? new Date(ctx.now())),
      { status: 409 },
    )
  if (!by.approves) checkOwnerMay(settings, before)
  if (settings.kind === 'jession') await store.deleteSignIn(tx, corpId, appId)
  else {
    const made = signInOf(ctx, by, { corpId, appId }, settings, before)
    clientSecret = made.newSecret
    // An older node would not tell the app of them.
    if (made.signIn.groups.memberGroups && !before?.groups.memberGroups) await checkGroupsOn(tx, corpId)
    await store.putSignIn(tx, made.signIn)
    if (made.signIn.kind === 'oidc') await holdIssuer(tx, ctx, corpId)
    if (made.signIn.kind === 'cas') await holdCasBase(tx, ctx, corpId)
    await noteSet(tx, ctx, by, app.name, made.signIn, before)
  }
  if (settings.kind === 'jession' && before)
    await record(tx, ctx, {
      corpId,
      actor: by.actor,
      act: 'app.sign-in.set',
      target: appId,
      targetName: app.name,
      detail: {
        changes: [{ field: 'kind', before: before.kind, after: 'jession' }],
        grants: await boundGrants(tx, signInGrants, corpId, [appId]),
      },
    })
  await checkAlerts(ctx, tx, corpId)
  await signal(tx, 'wisp_config', corpId)
  return clientSecret
}

/** How the app would sign people in with these settings, all claims approved. Stores nothing. Throws 1000. */
export function draftSignIn(ctx: Needs, corpId: string, appId: string, settings: SignInSettings): AppSignIn {
  const before = ctx.appSignIns.of(appId)
  const { signIn } = signInOf(ctx, { actor: '', approves: true }, { corpId, appId }, settings, before)
  return { ...signIn, version: before?.version ?? 0 }
}

/** An administrator has seen what an owner changed. */
export async function reviewOwnerChange(
  ctx: Needs,
  actor: string,
  corpId: string,
  appId: string,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const app = await locked(tx, corpId, appId)
    const change = await store.clearOwnerChange(tx, corpId, appId)
    if (!change) return
    const entry = { corpId, actor, act: 'app.sign-in.review' as const, target: appId, targetName: app.name }
    await record(tx, ctx, { ...entry, detail: {} })
    await checkAlerts(ctx, tx, corpId)
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** Makes a new secret for a client, and the old one void. Throws 1000. */
export async function renewClientSecret(
  ctx: Needs,
  actor: string,
  corpId: string,
  appId: string,
): Promise<string> {
  const secret = newSecret()
  await ctx.db.transaction().execute(async tx => {
    const app = await locked(tx, corpId, appId)
    const before = await store.lockSignIn(tx, corpId, appId)
    if (!before?.oidc || before.oidc.isPublic)
      throw new ApiError('badParameter', {
        zh: '只有 OpenID Connect 的保密客户端有密钥',
        en: 'only a confidential client of OpenID Connect has a secret',
      })
    const updatedAt = new Date(ctx.now())
    const clientSecret = ctx.seal.seal(secret, clientSecretPurpose)
    await store.putSignIn(tx, { ...before, clientSecret, updatedAt, updatedBy: actor })
    const entry = { corpId, actor, act: 'app.sign-in.secret' as const, target: appId, targetName: app.name }
    await record(tx, ctx, { ...entry, detail: {} })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return secret
}

function signInOf(
  ctx: Needs,
  by: Setter,
  { corpId, appId }: App,
  settings: SignInSettings,
  before: AppSignIn | undefined,
): { signIn: Omit<AppSignIn, 'version'>; newSecret: string } {
  const kind = settings.kind as AppSignIn['kind']
  const oidc = kind === 'oidc' ? clientOf(settings, before) : null
  const keepsSecret = before?.oidc && !before.oidc.isPublic && before.clientSecret !== ''
  const needsSecret = oidc !== null && !oidc.isPublic && !keepsSecret
  const made = needsSecret ? newSecret() : ''
  const clientSecret = needsSecret
    ? ctx.seal.seal(made, clientSecretPurpose)
    : oidc && !oidc.isPublic
      ? (before?.clientSecret ?? '')
      : ''
  const at = new Date(ctx.now())
  const cas = kind === 'cas' ? casOf(settings, before) : null
  const signIn = {
    corpId,
    appId,
    kind,
    oidc,
    cas,
    clientSecret,
    updatedAt: at,
    updatedBy: by.actor,
    relation: settings.relation ?? before?.relation ?? usual.relation,
    isFramed: settings.isFramed ?? before?.isFramed ?? usual.isFramed,
    leastAcr: readAcr(settings.leastAcr ?? before?.leastAcr ?? usual.leastAcr),
    userNameField: nameFieldOf(by, settings, before),
    claims: readClaims(by, at, settings.claims, before?.claims ?? usual.claims),
    attributes: readAttributes(by, at, settings.attributes, before?.attributes ?? usual.attributes),
    groups: readGroups(by, settings.groups ?? before?.groups ?? usual.groups, before),
    ownerChange: ownerChangeAfter(by, at, { oidc, cas }, before),
  }
  return { signIn, newSecret: made }
}

function nameFieldOf(by: Setter, { userNameField: given }: SignInSettings, before: AppSignIn | undefined) {
  const known = before?.userNameField ?? usual.userNameField
  return readNameField(by, given ?? known, known)
}

function ownerChangeAfter(
  by: Setter,
  at: Date,
  after: Pick<AppSignIn, 'oidc' | 'cas'>,
  before: AppSignIn | undefined,
): AppSignIn['ownerChange'] {
  if (by.isProgram) return before?.ownerChange ?? null
  return by.approves ? null : ownerChangeOf(by, at, after, before)
}

function clientOf({ oidc: given = {} }: SignInSettings, before: AppSignIn | undefined): OidcClient {
  const merged = { ...usualClient, ...before?.oidc, ...given }
  const privateSchemes = merged.privateSchemes
  const redirectUris = readRedirectUris(merged.redirectUris, 'redirectUris', privateSchemes)
  if (redirectUris.length === 0 && !merged.device)
    throw new ApiError('missingParameter', {
      zh: 'redirectUris：OpenID Connect 需要至少一个重定向地址',
      en: 'redirectUris: OpenID Connect takes at least one redirect address',
    })
  return {
    ...merged,
    clientId: before?.oidc?.clientId ?? `wisp-${randomBytes(9).toString('hex')}`,
    redirectUris,
    postLogoutRedirectUris: readRedirectUris(
      merged.postLogoutRedirectUris,
      'postLogoutRedirectUris',
      privateSchemes,
    ),
    logoutUri: readLogoutUri(merged.logoutUri),
  }
}

function casOf({ cas: given = {} }: SignInSettings, before: AppSignIn | undefined): CasApp {
  const merged = { ...usualCas, ...before?.cas, ...given }
  const services = readServices(merged.services, 'services', merged.allowsHttp)
  if (services.length === 0)
    throw new ApiError('missingParameter', {
      zh: 'services：CAS 需要至少一个服务地址',
      en: 'services: CAS takes at least one service address',
    })
  const { ticketSeconds } = merged
  if (!Number.isInteger(ticketSeconds) || ticketSeconds < 10 || ticketSeconds > 300)
    throw new ApiError('badParameter', {
      zh: told`ticketSeconds 应为 10 到 300 的整数，收到 ${ticketSeconds}`,
      en: told`ticketSeconds should be a whole number from 10 to 300, got ${ticketSeconds}`,
    })
  return { ...merged, services, logoutUri: readLogoutUri(merged.logoutUri) }
}

/** The outbound policy decides at each call whether it may be reached. */
function readLogoutUri(uri: string): string {
  if (uri === '') return uri
  checkText(uri, 'logoutUri', 2000)
  const url = URL.parse(uri)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash)
    throw new ApiError('badParameter', {
      zh: 'logoutUri 应为 http 或 https 的完整地址，不带 # 和用户名',
      en: 'logoutUri should be a whole http or https address, without a fragment and a user name',
    })
  return uri
}

function readAcr(acr: number): AppSignIn['leastAcr'] {
  if (acr === 1 || acr === 2 || acr === 3) return acr
  throw new ApiError('badParameter', {
    zh: told`leastAcr 应为 1、2 或 3，收到 ${acr}`,
    en: told`leastAcr should be 1, 2 or 3, got ${acr}`,
  })
}

/** Letters and digits of base64url alone, because it travels in Basic. */
function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

async function noteSet(
  tx: Db,
  ctx: Core,
  { actor }: Setter,
  targetName: string,
  signIn: Omit<AppSignIn, 'version'>,
  before: AppSignIn | undefined,
): Promise<void> {
  const changes = changesOf(before ? toldOf(before) : {}, toldOf(signIn))
  const entry = {
    corpId: signIn.corpId,
    actor,
    act: 'app.sign-in.set' as const,
    target: signIn.appId,
    targetName,
  }
  const grants = await boundGrants(tx, signInGrants, signIn.corpId, [signIn.appId])
  await record(tx, ctx, { ...entry, detail: { changes, grants } })
}

/** What the audit log keeps of it. */
function toldOf(signIn: Omit<AppSignIn, 'version'>) {
  const { kind, relation, isFramed, leastAcr, userNameField, groups, oidc, cas } = signIn
  return {
    kind,
    relation,
    isFramed,
    leastAcr,
    userNameField,
    groups,
    claims: signIn.claims.map(toldClaim),
    attributes: signIn.attributes.map(one => `${toldClaim(one)} = ${one.field}`),
    redirectUris: oidc?.redirectUris,
    postLogoutRedirectUris: oidc?.postLogoutRedirectUris,
    isPublic: oidc?.isPublic,
    privateSchemes: oidc?.privateSchemes,
    refresh: oidc?.refresh,
    device: oidc?.device,
    services: cas?.services,
    allowsHttp: cas?.allowsHttp,
    ticketSeconds: cas?.ticketSeconds,
    singleLogout: cas?.singleLogout,
    logoutUri: oidc?.logoutUri ?? cas?.logoutUri,
  }
}

function toldClaim({ name, purpose, approvedAt }: { name: string; purpose: string; approvedAt: string }) {
  return `${name} (${purpose})${approvedAt === '' ? ' ?' : ''}`
}
