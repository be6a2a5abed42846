import { setImmediate as nextTurn } from 'node:timers/promises'
import { ApiError } from '../../../platform/http/errors.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { anonymous, type Binder, type BindNeeds, type BoundParty, currentClient } from '../bind.ts'
import { entryOf, pagingControl, resultOf } from '../protocol/answers.ts'
import { BerError, octets } from '../protocol/ber.ts'
import { LdapRefusal, results } from '../protocol/refusal.ts'
import {
  type Message,
  type Operation,
  oids,
  type ReplyPlace,
  type SearchRequest,
} from '../protocol/requests.ts'
import type { LdapClient } from '../tree/client.ts'
import type { Entry } from '../tree/entries.ts'
import { matches } from '../tree/match.ts'
import { baseOf, placeOf } from '../tree/places.ts'
import { rootEntry, schemaEntry } from '../tree/root.ts'
import { attributesOf, detailsGiven, findEntries, type Seeker } from '../tree/search.ts'

export type Peer = {
  /** Of the program, past a trusted proxy. */
  address: string
  isEncrypted: boolean
  /** Whether passwords and people may go over this connection as it is. */
  mayPlain: boolean
  hasTls: boolean
  /** Aborted when the connection ends. */
  gone: AbortSignal
}

/** What becomes of a connection after a message. */
export type NextStep = 'goes on' | 'start-tls' | 'ends'

/** Sends to the client; false when it takes no more. */
export type Send = (data: Buffer) => Promise<boolean>

const entriesAtMost = 5000
const pageAtMost = 1000
const secondsAtMost = 30
const cursorsAtMost = 2
/** How long the next page is waited for. */
const cursorMs = 120_000

type Cursor = {
  entries: AsyncGenerator<Entry>
  /** Until when the page is looked for, by performance.now(). */
  time: { until: number }
  /** What was asked for: a cookie is good for the same search by the same client alone. */
  of: string
  version: string
  left: number
  /** Members who were sent, until it is noted. */
  given: number[]
}

/** What one connection has done so far, apart from its bytes. */
export class Session {
  readonly peer: Peer
  readonly #ctx: BindNeeds
  readonly #bind: Binder
  #bound: BoundParty = anonymous
  #cursors = new Map<string, Cursor>()

  constructor(ctx: BindNeeds, bind: Binder, peer: Peer) {
    this.#ctx = ctx
    this.#bind = bind
    this.peer = peer
  }

  get isBound(): boolean {
    return this.#bound.kind !== 'anonymous'
  }

  /** Does what a message asks for and answers it. Throws BerError for what is no LDAP. */
  async answer(message: Message, send: Send): Promise<NextStep> {
    try {
      return await this.#perform(message, message.read(), send)
    } catch (error) {
      if (error instanceof BerError) throw error
      const [code, why] = this.#refusalOf(error)
      if (message.tag === 0) return 'goes on'
      await send(resultOf(message.id, message.tag, code, why))
      return 'goes on'
    }
  }

  /** Nothing of what was bound before holds: another bind, an encrypted line, the end. */
  forget(): void {
    this.#bound = anonymous
    this.#cursors.clear()
  }

  async #perform(message: Message, operation: Operation, send: Send): Promise<NextStep> {
    switch (operation.kind) {
      case 'unbind':
        return 'ends'
      case 'abandon':
        return 'goes on'
      case 'bind':
        await this.#doBind(operation)
        await send(resultOf(message.id, message.tag, results.success))
        return 'goes on'
      case 'search':
        await this.#doSearch(message, operation, send)
        return 'goes on'
      case 'compare': {
        const code = (await this.#isTrue(operation)) ? results.compareTrue : results.compareFalse
        await send(resultOf(message.id, message.tag, code))
        return 'goes on'
      }
      case 'extended':
        return this.#doExtended(message, operation.oid, send)
      case 'write':
        throw new LdapRefusal('unwilling', 'the directory is read-only: it is kept in WeCom')
    }
  }

  async #doBind(operation: Operation & { kind: 'bind' }): Promise<void> {
    this.forget()
    const { password } = operation
    if (password !== 'sasl' && password.length > 0 && !this.#isConfidential()) throw tooOpen()
    this.#bound = await this.#bind(this.peer, operation)
  }

  #isConfidential(): boolean {
    return this.peer.isEncrypted || this.peer.mayPlain
  }

  async #doExtended({ id, tag }: ReplyPlace, oid: string, send: Send): Promise<NextStep> {
    if (oid === oids.whoAmI) {
      const dn = this.#bound.kind === 'anonymous' ? '' : `dn:${this.#bound.dn}`
      await send(resultOf(id, tag, results.success, '', [octets(dn, 0x8b)]))
      return 'goes on'
    }
    if (oid !== oids.startTls) throw new LdapRefusal('protocol', 'this extended operation is not known here')
    const name = [octets(oids.startTls, 0x8a)]
    if (this.peer.isEncrypted) {
      await send(resultOf(id, tag, results.operations, 'the line is encrypted already', name))
      return 'goes on'
    }
    if (!this.peer.hasTls) {
      await send(resultOf(id, tag, results.unavailable, 'no certificate is set up', name))
      return 'goes on'
    }
    return (await send(resultOf(id, tag, results.success, '', name))) ? 'start-tls' : 'ends'
  }

  /** Throws 13 and 50. */
  #seeker(): Seeker {
    if (!this.#isConfidential()) throw tooOpen()
    const client = currentClient(this.#ctx, this.#bound)
    if (this.#bound.kind === 'anonymous' || !client)
      throw new LdapRefusal('access', 'bind first, by the DN and the password of the client')
    return { client, memberId: this.#bound.kind === 'person' ? this.#bound.memberId : undefined }
  }

  async #isTrue({ dn, name, value }: Operation & { kind: 'compare' }): Promise<boolean> {
    const filter = { kind: 'equal' as const, name, value }
    const everything = { kind: 'present' as const, name: 'objectclass' }
    const asked = { base: dn, scope: 'base' as const, attributes: ['1.1'] }
    const seeker = this.#seeker()
    for await (const _ of findEntries(this.#ctx, seeker, { ...asked, filter })) return true
    // It says whether there is such an entry at all.
    for await (const _ of findEntries(this.#ctx, seeker, { ...asked, filter: everything })) return false
    throw new LdapRefusal('noSuchObject', 'there is no such entry for this client')
  }

  async #doSearch(message: ReplyPlace, request: SearchRequest, send: Send): Promise<void> {
    const place = placeOf(request.base)
    if (request.scope === 'base' && (place?.kind === 'root' || place?.kind === 'subschema'))
      return this.#sendFixed(message, place.kind, request, send)
    const seeker = this.#seeker()
    // RFC 2696 section 3: the client wants no more pages.
    if (request.paging?.cookie && request.paging.size === 0) {
      this.#cursors.delete(request.paging.cookie)
      await send(resultOf(message.id, message.tag, results.success, '', [], [pagingControl('')]))
      return
    }
    const cursor = request.paging?.cookie
      ? this.#resumed(seeker, request, request.paging.cookie)
      : this.#begun(seeker, request)
    try {
      await this.#sendEntries(message, request, cursor, send)
    } finally {
      this.#noteRead(seeker, request, cursor)
    }
  }

  /** Whose data the program got, as of developers; people who read themselves are left out. */
  #noteRead({ client, memberId }: Seeker, { attributes }: SearchRequest, cursor: Cursor): void {
    const memberIds = cursor.given.splice(0)
    if (memberIds.length === 0 || memberId !== undefined) return
    const { corpId, appId, name } = client
    const devId = this.#ctx.apps.find(appId)?.devId ?? ''
    const fields = ['userName', ...detailsGiven(client, attributes)]
    this.#ctx.requests.noteRead({ corpId, devId }, `LDAP ${name}`, { memberIds, fields })
  }

  async #sendFixed(
    { id, tag }: ReplyPlace,
    kind: 'root' | 'subschema',
    request: SearchRequest,
    send: Send,
  ): Promise<void> {
    const client = currentClient(this.#ctx, this.#bound)
    const entry = kind === 'root' ? rootEntry(client ? [baseOf(client)] : [], this.peer.hasTls) : schemaEntry
    if (matches(request.filter, entry, () => 'values') === true)
      await send(entryOf(id, entry.dn, attributesOf(entry, request.attributes), request.typesOnly))
    await send(resultOf(id, tag, results.success))
  }

  #begun(seeker: Seeker, request: SearchRequest): Cursor {
    const atMost = request.paging ? Number.MAX_SAFE_INTEGER : entriesAtMost
    const time = { until: 0 }
    const pace = async () => {
      await nextTurn()
      if (performance.now() > time.until) throw tooLong()
    }
    return {
      entries: findEntries(this.#ctx, seeker, request, pace),
      time,
      of: keyOf(request),
      version: versionOf(seeker.client),
      given: [],
      left: request.sizeLimit > 0 ? Math.min(request.sizeLimit, atMost) : atMost,
    }
  }

  /** Throws 53 for a cookie that is not of this search, or of a client that was changed meanwhile. */
  #resumed({ client }: Seeker, request: SearchRequest, cookie: string): Cursor {
    const cursor = this.#cursors.get(cookie)
    this.#cursors.delete(cookie)
    if (cursor?.of !== keyOf(request) || cursor.version !== versionOf(client))
      throw new LdapRefusal('unwilling', 'the cookie of the page is not good any more: begin again')
    return cursor
  }

  async #sendEntries(
    { id, tag }: ReplyPlace,
    request: SearchRequest,
    cursor: Cursor,
    send: Send,
  ): Promise<void> {
    const seconds = Math.min(request.timeLimitSeconds || secondsAtMost, secondsAtMost)
    const until = performance.now() + seconds * 1000
    cursor.time.until = until
    const page = request.paging
      ? Math.min(request.paging.size || pageAtMost, pageAtMost)
      : Number.MAX_SAFE_INTEGER
    const waiting: Buffer[] = []
    let bytes = 0
    const flush = async () => {
      const isTaken = bytes === 0 || (await send(Buffer.concat(waiting)))
      waiting.length = 0
      bytes = 0
      return isTaken
    }
    const finish = async (code: number, why = '', cookie = '') => {
      const controls = request.paging ? [pagingControl(cookie)] : []
      waiting.push(resultOf(id, tag, code, why, [], controls))
      bytes++
      await flush()
    }
    try {
      for (let sent = 0; ; sent++) {
        // The next one is not looked for: it would be lost.
        if (sent === page) return await finish(results.success, '', this.#keep(cursor))
        const { value: entry, done } = await cursor.entries.next()
        if (done) return await finish(results.success)
        if (cursor.left-- <= 0)
          return await finish(results.sizeLimit, 'there are more entries: use pages, or a narrower filter')
        if (performance.now() > until) throw tooLong()
        const data = entryOf(id, entry.dn, attributesOf(entry, request.attributes), request.typesOnly)
        waiting.push(data)
        bytes += data.length
        if (entry.memberId !== undefined) cursor.given.push(entry.memberId)
        if (bytes > flushBytes && !(await flush())) return
      }
    } catch (error) {
      if (error instanceof BerError) throw error
      await finish(...this.#refusalOf(error))
    }
  }

  #keep(cursor: Cursor): string {
    const cookie = this.#ctx.newId()
    this.#cursors.set(cookie, cursor)
    setTimeout(() => this.#cursors.delete(cookie), cursorMs).unref()
    for (const old of this.#cursors.keys()) if (this.#cursors.size > cursorsAtMost) this.#cursors.delete(old)
    return cookie
  }

  #refusalOf(error: unknown): [number, string] {
    if (error instanceof LdapRefusal) return [error.code, error.message]
    if (error instanceof ApiError && error.error === 'unavailable')
      return [results.unavailable, error.messageIn('en')]
    this.#ctx.log.warn(describeError(error), 'LDAP operation failed')
    return [results.other, 'wisp could not do this: see its log']
  }
}

const flushBytes = 32 * 1024

const tooLong = () =>
  new LdapRefusal('timeLimit', 'the search took too long: ask by uid, mail, mobile or memberOf')

const tooOpen = () =>
  new LdapRefusal(
    'confidentiality',
    'use LDAPS or StartTLS: this address may not send passwords in the clear',
  )

function keyOf({ base, scope, filter, attributes, typesOnly }: SearchRequest): string {
  return JSON.stringify([base, scope, filter, attributes, typesOnly])
}

const versionOf = ({ appId, version }: LdapClient) => `${appId} ${version}`
