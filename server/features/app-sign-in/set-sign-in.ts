import { randomBytes } from 'node:crypto'
import type { Corps } from '../../organisation/corps/corps.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkText, readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import { signal } from '../../platform/storage/bus.ts'
import type { Db } from '../../platform/storage/db.ts'
import { locked, staleWords } from '../apps/apps.ts'
import { type Apps, noApp } from '../apps/catalog.ts'
import { holdCasBase, holdIssuer } from './addresses.ts'
import {
  type AppSignIn,
  type Attribute,
  type CasApp,
  type Claim,
  type ClaimName,
  claimNames,
  type Groups,
  type OidcClient,
  type SignInKind,
} from './app-sign-in.ts'
import type { AppSignIns } from './catalog.ts'
import { type Field, isField, namesPerson } from './claims/fields.ts'
import { readRedirectUris } from './redirect-uris.ts'
import { clientSecretPurpose } from './sealed.ts'
import { readServices } from './services.ts'
import * as store from './store.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; corps: Corps }

/** What is set; absent values stay, or are the usual ones. */
export type SignInSettings = {
  kind: SignInKind
  relation?: AppSignIn['relation']
  isFramed?: boolean
  leastAcr?: number
  userNameField?: string
  /** With the purpose of each. */
  claims?: readonly { name: string; purpose: string }[]
  attributes?: readonly { name: string; field: string; purpose: string }[]
  groups?: Groups
  oidc?: Partial<Omit<OidcClient, 'clientId'>>
  cas?: Partial<CasApp>
}

/** `approves`: a super administrator, whose act approves the claims that it names. */
export type Setter = { actor: string; approves: boolean }

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
  let clientSecret = ''
  await ctx.db.transaction().execute(async tx => {
    const app = await locked(tx, corpId, appId)
    if (app.builtin) throw noApp(appId)
    const before = await store.lockSignIn(tx, corpId, appId)
    if (version !== undefined && version !== (before?.version ?? 0))
      throw new ApiError(
        'badParameter',
        staleWords(ctx, before?.updatedBy ?? '', before?.updatedAt ?? new Date(ctx.now())),
        { status: 409 },
      )
    if (settings.kind === 'jession') await store.deleteSignIn(tx, corpId, appId)
    else {
      const made = signInOf(ctx, by, { corpId, appId }, settings, before)
      clientSecret = made.newSecret
      await store.putSignIn(tx, made.signIn)
      if (made.signIn.kind === 'oidc') await holdIssuer(tx, ctx, corpId)
      if (made.signIn.kind === 'cas') await holdCasBase(tx, ctx, corpId)
      await noteSet(tx, ctx, by, app.name, made.signIn, before)
    }
    if (settings.kind === 'jession' && before)
      await record(tx, ctx, {
        ...{ corpId, actor: by.actor, act: 'app.sign-in.set', target: appId, targetName: app.name },
        detail: { changes: [{ field: 'kind', before: before.kind, after: 'jession' }] },
      })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return { signIn: ctx.appSignIns.of(appId), clientSecret }
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
  { corpId, appId }: { corpId: string; appId: string },
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
  const signIn = {
    ...{ corpId, appId, kind, oidc, clientSecret, updatedAt: at, updatedBy: by.actor },
    cas: kind === 'cas' ? casOf(settings, before) : null,
    relation: settings.relation ?? before?.relation ?? usual.relation,
    isFramed: settings.isFramed ?? before?.isFramed ?? usual.isFramed,
    leastAcr: readAcr(settings.leastAcr ?? before?.leastAcr ?? usual.leastAcr),
    userNameField: readNameField(settings.userNameField ?? before?.userNameField ?? usual.userNameField),
    claims: readClaims(by, at, settings.claims, before?.claims ?? usual.claims),
    attributes: readAttributes(by, at, settings.attributes, before?.attributes ?? usual.attributes),
    groups: settings.groups ?? before?.groups ?? usual.groups,
  }
  return { signIn, newSecret: made }
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

function readField(text: string, name: string): Field {
  if (isField(text)) return text
  throw new ApiError('badParameter', {
    zh: told`${own(name)} 不认识字段 ${text}`,
    en: told`${own(name)}: there is no field ${text}`,
  })
}

function readNameField(text: string): Field {
  const field = readField(text, 'userNameField')
  if (namesPerson(field)) return field
  throw new ApiError('badParameter', {
    zh: told`userNameField 不能是 ${text}：它不唯一`,
    en: told`userNameField cannot be ${text}, which is not unique`,
  })
}

const purposeLength = 200
const attributesAtMost = 30

/** One with another purpose has to be approved again. */
function readClaims(
  by: Setter,
  at: Date,
  given: SignInSettings['claims'],
  before: readonly Claim[],
): readonly Claim[] {
  if (!given) return before
  readSet(
    given.map(one => one.name),
    'claims',
    claimNames.length,
  )
  return given.map(({ name, purpose }) => {
    if (!claimNames.includes(name as ClaimName))
      throw new ApiError('badParameter', {
        zh: told`claims 应为 ${own(claimNames.join('、'))} 中的，收到 ${name}`,
        en: told`claims should be among ${own(claimNames.join(', '))}, got ${name}`,
      })
    checkPurpose(purpose, `claims ${name}`)
    const known = before.find(one => one.name === name && one.purpose === purpose)
    return { name: name as ClaimName, purpose, ...approvalOf(by, at, known) }
  })
}

/** Names by which the Java client would mistake an attribute for the answer itself. */
const takenNames = [
  'user',
  'attributes',
  'authenticationFailure',
  'proxyGrantingTicket',
  'sub',
  'iss',
  'aud',
  'exp',
]

function readAttributes(
  by: Setter,
  at: Date,
  given: SignInSettings['attributes'],
  before: readonly Attribute[],
): readonly Attribute[] {
  if (!given) return before
  readSet(
    given.map(one => one.name),
    'attributes',
    attributesAtMost,
  )
  return given.map(({ name, field, purpose }) => {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(name) || takenNames.includes(name))
      throw new ApiError('badParameter', {
        zh: told`attributes 的名称 ${name} 不可用：字母开头，字母、数字、点、横线、下划线，且不是保留名`,
        en: told`attributes cannot have the name ${name}: letters, digits, dots, hyphens and underscores, a letter first, and no reserved name`,
      })
    checkPurpose(purpose, `attributes ${name}`)
    const known = before.find(one => one.name === name && one.field === field && one.purpose === purpose)
    return { name, field: readField(field, 'attributes'), purpose, ...approvalOf(by, at, known) }
  })
}

function checkPurpose(purpose: string, name: string): void {
  checkText(purpose, name, purposeLength)
  if (purpose.trim() === '')
    throw new ApiError('missingParameter', {
      zh: told`${name} 的用途`,
      en: told`the purpose of ${name}`,
    })
}

function approvalOf(
  { actor, approves }: Setter,
  at: Date,
  known: { approvedBy: string; approvedAt: string } | undefined,
): { approvedBy: string; approvedAt: string } {
  if (known && known.approvedAt !== '') return { approvedBy: known.approvedBy, approvedAt: known.approvedAt }
  return approves ? { approvedBy: actor, approvedAt: at.toISOString() } : { approvedBy: '', approvedAt: '' }
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
  const { kind, relation, leastAcr, claims, attributes, userNameField } = signIn
  const { redirectUris, logoutUri } = signIn.oidc ?? {
    redirectUris: undefined,
    logoutUri: signIn.cas?.logoutUri,
  }
  const services = signIn.cas?.services
  const changes = changesOf(
    { ...before, ...before?.oidc, ...before?.cas },
    { kind, relation, leastAcr, claims, attributes, userNameField, redirectUris, services, logoutUri },
  )
  const entry = {
    corpId: signIn.corpId,
    actor,
    act: 'app.sign-in.set' as const,
    target: signIn.appId,
    targetName,
  }
  await record(tx, ctx, { ...entry, detail: { changes } })
}
