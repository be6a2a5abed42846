import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { createOfficialClient, type OfficialClient } from '../../../upstream/official/call.ts'
import { fetchJsTicket } from '../../../upstream/official/calls/js-ticket.ts'
import { visitorOf, type WebVisitor } from '../../../upstream/official/calls/web-oauth.ts'
import { createOfficialForward } from '../../../upstream/official/forward.ts'
import { fetchStableToken } from '../../../upstream/official/token.ts'
import { sharedCredential } from '../../../upstream/transport/credentials.ts'
import type { Forward } from '../../../upstream/transport/forward.ts'
import type { UpstreamPool } from '../../../upstream/transport/pool.ts'
import type { StoredToken, TokenSource } from '../../../upstream/transport/token-source.ts'
import { noteUpstreamCall } from '../../../upstream/upstream-call.ts'
import { purposes } from './sealed.ts'
import * as store from './store.ts'

/** `subscription` is the 公众号 of today, which was called 订阅号 before 2025; `service` is the 服务号. */
export const accountKinds = ['subscription', 'service'] as const
export type AccountKind = (typeof accountKinds)[number]

/** How pushes arrive. `plain` ones are not signed as a whole, so it has to be chosen. */
export const callbackModes = ['plain', 'compatible', 'secure'] as const
export type CallbackMode = (typeof callbackModes)[number]

export function isOriginalId(text: string): boolean {
  return /^gh_[A-Za-z0-9]{1,32}$/.test(text)
}

/** An official account that is bound to a corp. */
export type Account = {
  readonly corpId: string
  /** gh_…, as pushes name it. */
  readonly originalId: string
  readonly name: string
  readonly appId: string
  readonly kind: AccountKind
  /** Verified by WeChat (微信认证), which decides what it may call. */
  readonly verified: boolean
  readonly mode: CallbackMode
  readonly callback: { readonly token: string; readonly encodingAesKey: string }
  /** A disabled account takes pushes no more, and nothing is sent by it. */
  readonly enabled: boolean
  readonly iconHash: string | null
  readonly callbackVerifiedAt: Date | null
  readonly createdAt: Date
  /** The graded administrators who may work with it, by member id. */
  readonly grants: ReadonlySet<number>
  /** Another original id in pushes with this account's token and AppID, which says that the bound one is wrong. */
  readonly seenOriginalId: string | null
  readonly hasPushed: boolean
  readonly client: OfficialClient
  /** Passes on calls as they come. */
  readonly forward: Forward
  /** Asks WeChat for a token, whatever is kept: only that shows whether it takes the secret and this node's address. */
  askForToken(): Promise<StoredToken>
  /** Who opened a page, by the code of the web authorisation. */
  visitorOf(code: string, withProfile: boolean): Promise<WebVisitor>
  /** For signing pages that use the JS-SDK; shared by all nodes like the token. */
  readonly jsTicket: TokenSource
}

type Upstream = Pick<Account, 'client' | 'forward' | 'askForToken' | 'visitorOf' | 'jsTicket'>

/** Retries and time-outs of the client; only tests set them. */
export type OfficialOptions = { retries?: number; timeoutMs?: number }

/** The bound accounts. They are few, so every node holds them in memory and rereads them with the configuration. */
export type Accounts = {
  reload(corpId?: string): Promise<void>
  all(): Account[]
  /** In the order in which they were bound; the first is the corp's default. */
  ofCorp(corpId: string): Account[]
  /** An original id is bound once per installation. */
  find(originalId: string): Account | undefined
  /** Throws 1000 for an account that the corp does not have. */
  get(corpId: string, originalId: string): Account
}

type Needs = Core & { upstreamPool: UpstreamPool; officialOptions: OfficialOptions }

export function createAccounts(ctx: Needs): Accounts {
  let accounts = new Map<string, Account>()
  const clients = new Map<string, Upstream>()

  function upstreamOf(row: store.AccountRow): Upstream {
    const key = `${row.corp_id} ${row.original_id} ${row.app_id} ${row.secret}`
    let client = clients.get(key)
    if (!client) {
      client = newUpstream(ctx, row)
      clients.set(key, client)
    }
    return client
  }

  return {
    async reload(corpId) {
      const [rows, grants] = await Promise.all([
        store.allAccounts(ctx.db, corpId),
        store.allGrants(ctx.db, corpId),
      ])
      const granted = Map.groupBy(grants, grant => grant.originalId)
      const others = [...accounts.values()].filter(one => corpId !== undefined && one.corpId !== corpId)
      const read = rows.map(row => accountOf(ctx, row, granted.get(row.original_id) ?? [], upstreamOf(row)))
      accounts = new Map([...others, ...read].map(account => [account.originalId, account]))
    },
    all: () => [...accounts.values()],
    ofCorp: corpId => [...accounts.values()].filter(account => account.corpId === corpId),
    find: originalId => accounts.get(originalId),
    get(corpId, originalId) {
      const account = accounts.get(originalId)
      if (account?.corpId !== corpId) throw unknownAccount(originalId)
      return account
    },
  }
}

/** How long work waits for an account that was just bound on another node, and that this one has not read yet. */
export const notReadYetMs = 1000

export function unknownAccount(originalId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有公众号 ${originalId}`,
    en: told`there is no official account ${originalId}`,
  })
}

/** Throws 1000 for an account that is not bound in this corp. */
export async function checkAccounts(
  { db }: Core,
  corpId: string,
  originalIds: readonly string[],
): Promise<void> {
  const bound = new Set((await store.allAccounts(db, corpId)).map(row => row.original_id))
  const unknown = originalIds.find(id => !bound.has(id))
  if (unknown !== undefined) throw unknownAccount(unknown)
}

/** The owner of the account's token among the upstream credentials. */
export function credentialOwner(originalId: string): string {
  return `official:${originalId}`
}

function newUpstream(ctx: Needs, row: store.AccountRow): Upstream {
  const secret = ctx.seal.open(row.secret, purposes.secret)
  const { app_id: appId } = row
  const { upstreamPool: pool, officialOptions } = ctx
  const baseUrl = ctx.config.officialUrl
  const onCall = (call: { path: string; errcode: number | 'network'; ms: number }) =>
    noteUpstreamCall(ctx, 'official', call, appId)
  const owner = { corpId: row.corp_id, owner: credentialOwner(row.original_id) }
  const timeouts = officialOptions.timeoutMs ? { timeoutMs: officialOptions.timeoutMs } : {}
  const options = { pool, baseUrl, appId, secret, onCall, signal: ctx.stopping, ...timeouts }
  const askForToken = () => fetchStableToken({ ...options, now: ctx.now })
  const tokens = sharedCredential(ctx, { ...owner, name: 'access_token' }, askForToken)
  const client = createOfficialClient({
    baseUrl,
    appId,
    secret,
    tokens,
    pool,
    onCall,
    signal: ctx.stopping,
    ...officialOptions,
  })
  return {
    client,
    forward: createOfficialForward({ ...options, tokens, counters: ctx }),
    askForToken,
    visitorOf: (code, withProfile) => visitorOf(options, code, withProfile),
    jsTicket: sharedCredential(ctx, { ...owner, name: 'jsapi_ticket' }, () => fetchJsTicket(client, ctx.now)),
  }
}

function accountOf(ctx: Core, row: store.AccountRow, grants: store.Grant[], upstream: Upstream): Account {
  return {
    corpId: row.corp_id,
    originalId: row.original_id,
    name: row.name,
    appId: row.app_id,
    kind: row.kind,
    verified: row.verified,
    mode: row.mode,
    callback: {
      token: ctx.seal.open(row.callback_token, purposes.callbackToken),
      encodingAesKey: ctx.seal.open(row.callback_aes_key, purposes.callbackAesKey),
    },
    enabled: row.enabled,
    iconHash: row.icon_hash,
    callbackVerifiedAt: row.callback_verified_at,
    createdAt: row.created_at,
    grants: new Set(grants.map(grant => grant.memberId)),
    seenOriginalId: row.seen_original_id,
    hasPushed: row.pushed_at !== null,
    ...upstream,
  }
}
