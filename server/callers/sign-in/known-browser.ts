import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../platform/core.ts'
import { cookieName, isSecure, readCookie, setCookie } from '../sessions/cookies.ts'
import { openState, sealState } from './sealed-state.ts'

/** A member who signed in in this browser before. */
export type BrowserMember = { corpId: string; memberId: number }

const purpose = 'known browser'
const lastsMs = 180 * 86_400_000
/** Several people may share a browser. */
const keptAtMost = 5

/** Returns the members who signed in in this browser within half a year, latest first. It proves nothing else. */
export function knownHere(ctx: Core, request: FastifyRequest): BrowserMember[] {
  const sealed = readCookie(request, cookieName(ctx, request, 'known'))
  return (sealed && openState<BrowserMember[]>(ctx, purpose, sealed)) || []
}

export function isKnownHere(
  ctx: Core,
  request: FastifyRequest,
  { corpId, memberId }: BrowserMember,
): boolean {
  return knownHere(ctx, request).some(one => one.corpId === corpId && one.memberId === memberId)
}

export function rememberHere(
  ctx: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  { corpId, memberId }: BrowserMember,
): void {
  const others = knownHere(ctx, request).filter(one => one.memberId !== memberId || one.corpId !== corpId)
  const known = [{ corpId, memberId }, ...others].slice(0, keptAtMost)
  const sealed = sealState(ctx, purpose, known, lastsMs)
  setCookie(reply, cookieName(ctx, request, 'known'), sealed, lastsMs / 1000, isSecure(ctx, request))
}
