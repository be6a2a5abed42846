/**
 * A packet is good once. The statement that stores its nonce also finds its session in the database, so that a replay on
 * another node and a revoked session are refused at once, without signals. Memory holds only the keys, which never change for
 * an id. A packet that fails before that stores nothing. Without encryption a caller gets one text for every fault, and never a
 * success.
 *
 * A packet, such as `POST /api/user/get` with `x-wisp-session`: `http/endpoint.ts` → `callers/gate/api-gate.ts` (devToken) →
 * this file (time, session from memory, signature, nonce and the session's row in one statement by group commit, then
 * decryption) → the read → the whole envelope encrypted.
 */

import type { FastifyRequest } from 'fastify'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OpenPacket } from '../../platform/http/gate.ts'
import { lru } from '../../platform/lru.ts'
import { isSameText, type SessionKeys, sessionKeysOf } from './crypto/keys.ts'
import { type Head, openPacket, sealPacket, signPacket } from './crypto/packet.ts'
import type { Suite } from './crypto/suites.ts'
import { openMasterKey } from './devices.ts'
import { createNonces, isFresh, isNonce, nonceEnd } from './nonces.ts'
import { badPacket, packetsOff, packetsRequired } from './refusals.ts'
import { sessionOf } from './session-store.ts'

export type Packets = {
  /**
   * Checks a packet of this developer and opens it; its devToken is checked before. Throws 1009 while packets are off,
   * and one and the same 1000 for whatever is wrong.
   */
  open(developer: Caller, path: string, request: FastifyRequest): Promise<OpenPacket>
}

const sessionHeader = 'x-wisp-session'

/** A POST with a session is a packet, whatever method the call is documented with. */
export function isPacket({ method, headers }: FastifyRequest): boolean {
  return method === 'POST' && headers[sessionHeader] !== undefined
}

/** Throws 1009 for a developer that may not send packets. */
export function checkMaySend({ packets }: Caller): void {
  if (packets === 'off') throw packetsOff()
}

/** Throws 1000 for a developer that must send packets. */
export function checkMayBeClear({ packets }: Caller): void {
  if (packets === 'required') throw packetsRequired()
}

/** What a session's id stands for never changes; whether the session still exists is asked with each nonce. */
type KnownSession = { devId: string; suite: Suite; keys: SessionKeys; expiresAtMs: number }

const sessionsKept = 20_000

export function createPackets(ctx: Core): Packets {
  const sessions = lru<KnownSession>(sessionsKept)
  const takeNonce = createNonces(ctx)

  async function readSession({ corpId, devId }: Caller, id: string): Promise<KnownSession | undefined> {
    const row = await sessionOf(ctx.db, { corpId, devId, id })
    if (!row) return undefined
    const masterKey = openMasterKey(ctx, { corpId, devId, deviceId: row.deviceId }, row.masterKey)
    const keys = sessionKeysOf(masterKey, row.nonce, id, row.suite)
    const session = { devId, suite: row.suite, keys, expiresAtMs: row.expiresAt.getTime() }
    sessions.set(id, session)
    return session
  }

  return {
    async open(developer, path, request) {
      checkMaySend(developer)
      const { sessionId, timestamp, nonce, signature, cipher } = readPacket(request)
      if (!isFresh(timestamp, ctx.now()) || !isNonce(nonce)) throw badPacket()
      const session = sessions.get(sessionId) ?? (await readSession(developer, sessionId))
      if (session?.devId !== developer.devId || session.expiresAtMs <= ctx.now()) throw badPacket()
      const { suite, keys } = session
      const head: Head = { kind: 'POST', path, timestamp, nonce }
      if (!isSameText(signPacket(suite, keys, head, cipher), signature)) throw badPacket()
      const { corpId } = developer
      if (!(await takeNonce({ corpId, sessionId, nonce, endsAt: nonceEnd(timestamp) }))) throw badPacket()
      const plain = openPacket(suite, keys, head, cipher)
      if (!plain) throw badPacket()
      return {
        plain,
        answer(envelope) {
          const sentAt = String(Math.floor(ctx.now() / 1000))
          const own: Head = { kind: 'ANSWER', path, timestamp: sentAt, nonce }
          const sealed = sealPacket(suite, keys, own, envelope)
          return {
            headers: {
              'x-wisp-timestamp': sentAt,
              'x-wisp-nonce': nonce,
              'x-wisp-signature': sealed.signature,
            },
            body: `{"cipher":"${sealed.cipher}"}`,
          }
        },
      }
    },
  }
}

type PacketFields = Record<'sessionId' | 'timestamp' | 'nonce' | 'signature' | 'cipher', string>

/** Throws for a packet that lacks a part, or has parameters in its query. */
function readPacket({ headers, query, body }: FastifyRequest): PacketFields {
  const { cipher } = (body ?? {}) as { cipher?: unknown }
  const received = {
    sessionId: headers[sessionHeader],
    timestamp: headers['x-wisp-timestamp'],
    nonce: headers['x-wisp-nonce'],
    signature: headers['x-wisp-signature'],
    cipher,
  }
  const isComplete = Object.values(received).every(one => typeof one === 'string')
  if (!isComplete || Object.keys(query as object).some(name => name !== 'devToken')) throw badPacket()
  return received as PacketFields
}
