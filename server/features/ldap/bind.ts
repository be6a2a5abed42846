import { hash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Requests } from '../../callers/requests/requests.ts'
import type { SignInLog } from '../../callers/sign-in-log/sign-in-log.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import { isOpen } from '../../organisation/corps/suspension/check-open.ts'
import { type MemberCore, userKey } from '../../organisation/directory/mirror/members.ts'
import { type AttemptLimit, createFloodLimit } from '../../platform/security/counters.ts'
import { networkOf } from '../../platform/security/network-of.ts'
import { mayUse } from '../app-sign-in/who-may.ts'
import { askByCard } from './card/ask.ts'
import type { ClientNeeds } from './clients/set-client.ts'
import { isSecretOf, ldapFeature } from './clients/set-client.ts'
import { checkPassword, noteUse } from './passwords/passwords.ts'
import { textOf } from './protocol/ber.ts'
import { LdapRefusal } from './protocol/refusal.ts'
import type { LdapClient } from './tree/client.ts'
import { bindDnOf, bindPlaceOf, personDn } from './tree/places.ts'
import type { SearchNeeds } from './tree/search.ts'

export type BindNeeds = ClientNeeds & SearchNeeds & { requests: Requests; signInLog: SignInLog }

/** Who a connection stands for. */
export type BoundParty =
  | { kind: 'anonymous' }
  | { kind: 'client'; client: LdapClient; dn: string }
  | { kind: 'person'; client: LdapClient; memberId: number; dn: string }

const byPassword = { acr: 1, amr: ['app-password'] } as const
const byBoth = { acr: 2, amr: ['app-password', 'wecom'] } as const

export const anonymous: BoundParty = { kind: 'anonymous' }

/**
 * Wrong passwords of one name from one network, over all nodes. A right one passes always: otherwise anybody who reaches a program's
 * sign-in page could lock people out of it. Beyond the limit wrong ones are slow.
 */
const wrongPasswords: AttemptLimit = { purpose: 'ldap-wrong', atMost: 10, windowMs: 15 * 60_000 }
const passwordBytes = 256

/** Who is at the other end. */
export type BindPeer = { address: string; gone: AbortSignal }

export type Binder = (
  peer: BindPeer,
  request: { version: number; dn: string; password: Buffer | 'sasl' },
) => Promise<BoundParty>

/**
 * Takes simple binds of clients and people. `slowMs`: how long a wrong password waits beyond the limit; `cardMs`: how long a right one waits for a
 * card. Throws LdapRefusal.
 */
export function createBinder(ctx: BindNeeds, { slowMs, cardMs }: { slowMs: number; cardMs: number }): Binder {
  const countWrong = createFloodLimit(ctx, wrongPasswords)

  /** Names that nobody has are counted as those that somebody has, so that the time tells nothing. */
  async function wrong(from: string, name: string): Promise<LdapRefusal> {
    const { isOver } = await countWrong({ corpId: '', of: `${bucketOf(name)} ${networkOf(from)}` })
    // A node that stops waits for nobody.
    if (isOver) await delay(slowMs, undefined, { signal: ctx.stopping }).catch(() => undefined)
    return new LdapRefusal('invalidCredentials', 'the DN or the password is wrong')
  }

  async function bindClient(
    from: string,
    name: string,
    client: LdapClient | undefined,
    password: string,
  ): Promise<BoundParty> {
    const isRight = isSecretOf(ctx, client, password)
    if (!client || !isRight || !isServed(ctx, client)) throw await wrong(from, name)
    return { kind: 'client', client, dn: bindDnOf(client) }
  }

  async function bindPerson(
    peer: BindPeer,
    client: LdapClient | undefined,
    userId: string,
    password: string,
  ): Promise<BoundParty> {
    const from = peer.address
    const name = `${client?.appId ?? ''} ${userKey(userId)}`
    if (!client || !isServed(ctx, client)) throw await wrong(from, name)
    const { corpId, appId } = client
    const mirror = await ctx.mirrors.load(corpId)
    const core = mirror.members.byKey(userKey(userId))
    const app = ctx.apps.find(appId)
    const note = noting(ctx, client, from, app, core)
    const right = await checkPassword(ctx, client, core?.id, password)
    if (!core || !right) {
      note(core ? 'app-password' : 'unknown')
      throw await wrong(from, name)
    }
    const fault =
      (await faultOf(ctx, client, core)) ??
      (client.card
        ? await faultAfterCard(ctx, client, core, password, { ...peer, cardMs, passwordId: right.id })
        : undefined)
    if (fault) {
      note(fault)
      throw new LdapRefusal('invalidCredentials', 'the person may not enter the app')
    }
    const isNoted = await noteUse(ctx, client, right, password, from)
    if (isNoted || client.card) note(undefined)
    return { kind: 'person', client, memberId: core.id, dn: personDn(client, core.userId) }
  }

  return async (peer, { version, dn, password }) => {
    const from = peer.address
    if (version !== 3) throw new LdapRefusal('protocol', 'only version 3 is spoken')
    if (password === 'sasl')
      throw new LdapRefusal('authMethod', 'only simple binds are taken, by DN and password')
    if (dn === '' && password.length === 0) return anonymous
    // RFC 4513 section 5.1.2: programs take the success of a bind without a password for that of a person.
    if (password.length === 0) throw new LdapRefusal('unwilling', 'the password is empty')
    if (password.length > passwordBytes) throw await wrong(from, dn)
    const place = bindPlaceOf(dn)
    if (place?.kind !== 'client' && place?.kind !== 'person') throw await wrong(from, dn)
    const client = ctx.ldapClients.named(place.corpId, place.client)
    const text = readPassword(password)
    if (place.kind === 'client') return bindClient(from, place.client.toLowerCase(), client, text)
    return bindPerson(peer, client, place.name, text)
  }
}

/** So many rows at most are counted for a network, whatever names are tried from there. */
const buckets = 4096

const bucketOf = (name: string) => Number.parseInt(hash('sha256', name, 'hex').slice(0, 8), 16) % buckets

/** What is no text is no password of anybody. */
function readPassword(password: Buffer): string {
  try {
    return textOf(password)
  } catch {
    return ''
  }
}

/** Whether a client is served now: its corp is open and has LDAP on, and its app is enabled. */
export function isServed(ctx: BindNeeds, { corpId, appId }: LdapClient): boolean {
  const app = ctx.apps.find(appId)
  return (
    isOpen(ctx, corpId) &&
    isOn(ctx, corpId, ldapFeature) &&
    app?.enabled === true &&
    !isThirdParty(ctx, appId)
  )
}

/** The client as it is now; undefined when what bound by it is to end: it went, its password was renewed, or it is not served. */
export function currentClient(ctx: BindNeeds, bound: BoundParty): LdapClient | undefined {
  if (bound.kind === 'anonymous') return undefined
  const now = ctx.ldapClients.ofApp(bound.client.appId)
  if (!now || now.name !== bound.client.name || !isServed(ctx, now)) return undefined
  return bound.kind === 'client' && now.secretHash !== bound.client.secretHash ? undefined : now
}

/** Asked at each bind: who left, or lost the app, does not get in with a password of before. */
async function faultOf(ctx: BindNeeds, { corpId, appId, card }: LdapClient, core: MemberCore) {
  const may = await mayUse(ctx, corpId, appId, core.id)
  if ('whyNot' in may) return may.whyNot
  return (ctx.appSignIns.of(appId)?.leastAcr ?? 1) > (card ? 2 : 1) ? 'acr' : undefined
}

async function faultAfterCard(
  ctx: BindNeeds,
  client: LdapClient,
  core: MemberCore,
  password: string,
  peer: BindPeer & { cardMs: number; passwordId: string },
) {
  const refusal = await askByCard(ctx, client, core, peer)
  if (refusal) return refusal
  // It took a while: the password, the person or the app may have gone meanwhile.
  const isStill = isServed(ctx, client) && (await checkPassword(ctx, client, core.id, password))
  return isStill ? faultOf(ctx, client, core) : 'app-password'
}

function isThirdParty({ appSignIns }: BindNeeds, appId: string): boolean {
  return appSignIns.of(appId)?.relation === 'third-party'
}

function noting(
  ctx: BindNeeds,
  client: LdapClient,
  ip: string,
  app: { id: string; name: string } | undefined,
  core: MemberCore | undefined,
) {
  return (reason: string | undefined) =>
    ctx.signInLog.note({
      request: { id: ctx.newId(), ip, headers: { 'user-agent': `LDAP ${client.name}` } },
      corpId: client.corpId,
      way: 'ldap',
      app,
      member: core,
      ...(reason === undefined
        ? { ...(client.card ? byBoth : byPassword), released: client.fields }
        : { reason }),
    })
}
