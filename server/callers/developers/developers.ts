import { createHash, timingSafeEqual } from 'node:crypto'
import type { BlockList } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { LimitSettings } from '../../organisation/corps/call-limits.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOpen } from '../../organisation/corps/suspension/check-open.ts'
import { inNetworks, parseNetworks } from '../../platform/config.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Scope } from '../../platform/http/scope.ts'
import { own, told } from '../../platform/http/told.ts'
import { createSlots } from '../../platform/http/waiting/slots.ts'
import { type AttemptLimit, createFloodLimit } from '../../platform/security/counters.ts'
import type { Db } from '../../platform/storage/db.ts'
import { ownerIds } from './owners/owner-store.ts'
import * as store from './store.ts'
import { createTokens, isLentToken, type TokenClaims, type Tokens, tokenSeconds } from './tokens.ts'
import { createUsage, type UsageCounter } from './usage/usage.ts'

/** A program that calls the API, with what decides whether its calls are taken. */
export type Developer = Caller & {
  readonly enabled: boolean
  /** Whether the inbox that it embeds shows all messages of its person. */
  readonly wholeInbox: boolean
  /** What its SMS may cost in a month, in fen; 0: as much as they cost. */
  readonly smsBudget: number
  /** When scopes end, in ms; those that are not named never do. */
  readonly scopeEnds: ReadonlyMap<Scope, number>
  /** The ids of the members who look after it on /developer. */
  readonly owners: ReadonlySet<number>
  readonly networks: BlockList | undefined
  /** Where its limits of calls differ from its corp's. */
  readonly limits: LimitSettings
  readonly secrets: readonly { id: number; hash: Buffer }[]
}

/** Knows who lends devTokens, by the session from which they were lent. */
export type Lenders = {
  isRead(sessionId: string): boolean
  read(sessionId: string): Promise<void>
  /** Whether the session lives and its person may manage the developer; false too when it has not been read. */
  mayLend(sessionId: string, developer: Developer): boolean
}

export type Developers = {
  /** Rereads the developers of one corp, or of all. */
  reload(corpId?: string): Promise<void>
  get(devId: string): Developer | undefined
  all(): Developer[]
  /** Whether any developer of the corp may be told of events; where none is, nothing is written down for them. */
  listen(corpId: string): boolean
  /**
   * The developer of a valid devToken, which is taken from query, body or Authorization; with `undefined` it needs no scope.
   * Throws 1001, 1004, 1009.
   */
  authenticate(given: Record<string, unknown>, request: FastifyRequest, scope: Scope | undefined): Developer
  /** Like `authenticate` but without a scope, for calls that only must not be anonymous. */
  identify(given: Record<string, unknown>, request: FastifyRequest): Developer
  /** The developer whose genuine token this is, also one that is refused: dead, or not allowed to do this. */
  ofToken(given: Record<string, unknown>, request: FastifyRequest): Developer | undefined
  /** Throws 1002, 1003, 1009, 1010. */
  issueToken(
    devId: string,
    devSecret: string,
    address: string,
  ): Promise<{ devToken: string; expiresIn: number }>
  /**
   * A devToken of the newest live secret, without counting as its use, that ends with this session; undefined when the
   * developer has no secret.
   */
  lendToken(developer: Developer, sessionId: string): { devToken: string; expiresIn: number } | undefined
  /** Who is asked about lent devTokens; before this is called, none is accepted. */
  askAboutLent(lenders: Lenders): void
  /**
   * For a lent devToken whose session is not in memory: resolves when it has been read, which must be before the token is
   * checked. Undefined when there is nothing to wait for.
   */
  lenderToRead(given: Record<string, unknown>, request: FastifyRequest): Promise<void> | undefined
  countCall(developer: Developer, endpoint: string, failed: boolean): void
  /** Does a call's work as soon as one of the developer's slots is free. Throws 1010 when too many wait already. */
  withSlot<T>(developer: Developer, work: () => T | Promise<T>): T | Promise<T>
  flush(): Promise<void>
}

export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** How many calls of one developer may run on a node, not counting answers from memory, and how many may wait; any more are refused. */
const callsAtOnce = 64
const callsWaiting = 1000
const wrongSecrets: AttemptLimit = { purpose: 'wrong-secret', atMost: 10, windowMs: 60_000 }

/**
 * Returns what proves developers by secret or token. Its functions throw ApiError 1002 (unknown or disabled), 1003 (wrong secret),
 * 1004 (token) and 1010 (too many wrong secrets).
 */
export function createDevelopers(
  ctx: Pick<Core, 'db' | 'seal' | 'now' | 'nodeId'> & { corps: Corps },
): Developers {
  const { db, seal, now } = ctx
  const refuseWrong = createRefusal(ctx)
  const tokens = createTokens(seal)
  const usage: UsageCounter = createUsage(ctx)
  let developers = new Map<string, Developer>()
  let listening = new Set<string>()
  const lent = createLent(tokens, now)

  const withSlot = createSlots(callsAtOnce, callsWaiting)

  function liveOf(given: Record<string, unknown>, request: FastifyRequest): Developer {
    const developer = live(tokens.check(readToken(given, request), now()))
    checkAddress(developer, request.ip)
    checkOpen(ctx, developer.corpId)
    return developer
  }

  /** Each call compares the ends of scopes with the clock, so that no node has to be told. */
  function current(devId: string): Developer | undefined {
    const developer = developers.get(devId)
    if (!developer || developer.scopeEnds.size === 0) return developer
    const left = withoutEnded(developer, now())
    if (left !== developer) developers.set(devId, left)
    return left
  }

  function live(claims: TokenClaims | undefined): Developer {
    const developer = claims && current(claims.devId)
    if (!developer?.secrets.some(secret => secret.id === claims?.secretId)) throw new ApiError('deadToken')
    if (!developer.enabled) throw disabled('deadToken')
    if (!lent.isGood(claims, developer)) throw new ApiError('deadToken')
    return developer
  }

  return {
    async reload(corpId) {
      const read = await loadDevelopers(db, corpId)
      const others = [...developers.values()].filter(one => corpId !== undefined && one.corpId !== corpId)
      developers = new Map([...others, ...read].map(one => [one.devId, one]))
      const told = [...others, ...read].filter(one => one.enabled && one.scopes.has('webhook:manage'))
      listening = new Set(told.map(one => one.corpId))
    },
    get: current,
    all: () => [...developers.keys()].flatMap(devId => current(devId) ?? []),
    listen: corpId => listening.has(corpId),
    identify: liveOf,
    ofToken(given, request) {
      const claims = tokens.claims(String(givenToken(given, request)))
      return claims && current(claims.devId)
    },
    authenticate(given, request, scope) {
      const developer = liveOf(given, request)
      checkScope(developer, scope)
      return developer
    },
    async issueToken(devId, devSecret, address) {
      const developer = developers.get(devId)
      if (!developer) throw new ApiError('unknownDeveloper')
      const hash = hashSecret(devSecret)
      const secret = developer.secrets.find(one => timingSafeEqual(one.hash, hash))
      if (!secret) return refuseWrong(developer.corpId, devId, address)
      if (!developer.enabled) throw disabled('unknownDeveloper')
      checkAddress(developer, address)
      checkOpen(ctx, developer.corpId)
      usage.secretUsed(secret.id)
      return granted(tokens.issue(devId, secret.id, now()))
    },
    lendToken: lent.lendToken,
    askAboutLent: lent.askAboutLent,
    lenderToRead: lent.lenderToRead,
    withSlot: (developer, work) => withSlot(developer.devId, work),
    countCall: (developer, endpoint, failed) => usage.count(developer.devId, endpoint, failed),
    flush: () => usage.flush(),
  }
}

/** What becomes of the devTokens that pages lend. */
function createLent(tokens: Tokens, now: () => number) {
  let lenders: Lenders | undefined
  return {
    lendToken({ devId, secrets }: Developer, sessionId: string) {
      const secret = secrets.at(-1)
      return secret && granted(tokens.lend(devId, secret.id, sessionId, now()))
    },
    askAboutLent(given: Lenders) {
      lenders = given
    },
    lenderToRead(given: Record<string, unknown>, request: FastifyRequest) {
      const token = givenToken(given, request)
      if (typeof token !== 'string' || !isLentToken(token)) return undefined
      const lentBy = tokens.check(token, now())?.lentBy
      return lentBy === undefined || lenders?.isRead(lentBy) ? undefined : lenders?.read(lentBy)
    },
    /** True for tokens that were not lent. */
    isGood: (claims: TokenClaims | undefined, developer: Developer) =>
      claims?.lentBy === undefined || lenders?.mayLend(claims.lentBy, developer) === true,
  }
}

/** Counts a wrong secret, and throws 1003, or 1010 when there were too many. */
function createRefusal(ctx: Pick<Core, 'db' | 'now' | 'seal'>) {
  const countWrong = createFloodLimit(ctx, wrongSecrets)
  return async (corpId: string, devId: string, address: string): Promise<never> => {
    const { isOver, retryAfterSeconds } = await countWrong({ corpId, of: `${devId} ${address}` })
    if (!isOver) throw new ApiError('wrongSecret')
    const words = {
      zh: told`${devId} 的密钥一分钟内错误超过 ${own(wrongSecrets.atMost)} 次，请 ${own(retryAfterSeconds)} 秒后再试；正确的密钥和已有的 devToken 不受影响`,
      en: told`more than ${own(wrongSecrets.atMost)} wrong secrets for ${devId} in a minute: try again in ${own(retryAfterSeconds)} s; the right secret and existing devTokens still work`,
    }
    throw new ApiError('tooManyRequests', words, { retryAfterSeconds })
  }
}

/** Only those who have a secret or a token of the developer are told so. */
function disabled(error: 'unknownDeveloper' | 'deadToken'): ApiError {
  return new ApiError(error, {
    zh: '开发者已停用，请管理员在“应用中心 → 开发者”启用',
    en: 'the developer is disabled; an administrator can enable it in the console under App centre → Developers',
  })
}

/** Throws 1009, which names the scope. */
export function checkScope(developer: { scopes: ReadonlySet<Scope> }, scope: Scope | undefined): void {
  if (!scope || developer.scopes.has(scope)) return
  throw new ApiError(
    'forbidden',
    {
      zh: `开发者没有 ${scope} 权限`,
      en: `the developer lacks the scope ${scope}`,
    },
    { mend: { scope } },
  )
}

/** The developer whose devId is among the inputs. */
export function developerNamed(
  developers: Pick<Developers, 'get'>,
  given: Record<string, unknown> | undefined,
): Developer | undefined {
  const devId = given?.['devId']
  return typeof devId === 'string' ? developers.get(devId) : undefined
}

function withoutEnded(developer: Developer, now: number): Developer {
  const ended = [...developer.scopeEnds].flatMap(([scope, at]) => (at <= now ? [scope] : []))
  if (!ended.some(scope => developer.scopes.has(scope))) return developer
  return { ...developer, scopes: developer.scopes.difference(new Set(ended)) }
}

function granted(devToken: string) {
  return { devToken, expiresIn: tokenSeconds }
}

function givenToken(given: Record<string, unknown>, request: FastifyRequest): unknown {
  return given['devToken'] ?? bearer(request)
}

function readToken(given: Record<string, unknown>, request: FastifyRequest): string {
  const token = givenToken(given, request)
  if (token === undefined || token === null || token === '') {
    if (request.headers.authorization === undefined) throw new ApiError('missingParameter', 'devToken')
    throw new ApiError('missingParameter', {
      zh: 'devToken（Authorization 应为“Bearer ”加 devToken）',
      en: 'devToken (Authorization should be "Bearer " and the devToken)',
    })
  }
  if (typeof token !== 'string')
    throw new ApiError('badParameter', {
      zh: 'devToken 只能有一个，且应为字符串；收到多个或其他类型的值',
      en: 'devToken should be there once, as a string; got several, or a value of another type',
    })
  return token
}

function bearer(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization
  return header?.slice(0, 7).toLowerCase() === 'bearer ' ? header.slice(7).trim() : undefined
}

/** Throws 1009 for an address that is not among the developer's. */
export function checkAddress(developer: Developer, address: string): void {
  if (developer.networks && !inNetworks(developer.networks, address)) {
    throw new ApiError('forbidden', {
      zh: told`地址 ${address} 不在开发者的 IP 白名单内，请负责人或管理员在开发者的设置中加入`,
      en: told`address ${address} is not among the developer's allowed IPs: an owner or administrator can add it in the settings of the developer`,
    })
  }
}

async function loadDevelopers(db: Db, corpId: string | undefined): Promise<Developer[]> {
  const [rows, secrets, owners] = await Promise.all([
    store.allDevelopers(db, corpId),
    store.liveSecrets(db, corpId),
    ownerIds(db, corpId),
  ])
  const secretsOf = Map.groupBy(secrets, secret => secret.devId)
  const ownersOf = Map.groupBy(owners, owner => owner.devId)
  return rows.map(row => ({
    devId: row.devId,
    corpId: row.corpId,
    name: row.name,
    enabled: row.enabled,
    scopes: new Set(row.scopes as Scope[]),
    scopeEnds: new Map(Object.entries(row.scopeEnds).map(([scope, at]) => [scope as Scope, Date.parse(at)])),
    owners: new Set((ownersOf.get(row.devId) ?? []).map(owner => owner.memberId)),
    dataScope: store.dataScopeOf(row),
    scopeSeq: row.scopeSeq,
    accounts: row.accounts ? new Set(row.accounts) : undefined,
    networks: row.allowedIps.length > 0 ? parseNetworks(row.allowedIps, row.devId) : undefined,
    upstreamPaths: new Set(row.upstreamPaths),
    arrayLists: row.listStyle === 'array',
    packets: row.packets,
    strictInputs: row.strictInputs,
    ownAgents: row.ownAgents,
    wholeInbox: row.wholeInbox,
    smsBudget: row.smsBudget,
    limits: row.callLimits,
    secrets: (secretsOf.get(row.devId) ?? []).map(({ id, hash }) => ({ id, hash: Buffer.from(hash, 'hex') })),
  }))
}
