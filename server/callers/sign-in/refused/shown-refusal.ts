import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import { cookieName, isSecure, readCookie, setCookie } from '../../sessions/cookies.ts'
import { openState, sealState } from '../sealed-state.ts'

/** Why a redirect did not lead where the person wanted; `fault` is a code that the page has a text for. */
export type ShownRefusal = { fault: string; detail: Words | string }

const purpose = 'sign-in.refused'
const shownMs = 10 * 60_000

type NumberedRefusal = ShownRefusal & { number: string }

/**
 * Keeps in a sealed cookie what the page says when the browser arrives there. The address names only the number of the refusal, because
 * everybody can write an address; the cookie is this browser's, so that nobody reads the refusals of others by their number.
 */
export function keepRefusal(
  ctx: Core,
  request: FastifyRequest,
  reply: FastifyReply,
  told: ShownRefusal,
): void {
  const sealed = sealState(ctx, purpose, { ...told, number: request.id } satisfies NumberedRefusal, shownMs)
  setCookie(reply, cookieName(ctx, request, 'refused'), sealed, shownMs / 1000, isSecure(ctx, request))
}

/** Undefined when this browser was not refused under this number within the last ten minutes. */
export function refusalShown(ctx: Core, request: FastifyRequest, number: string): ShownRefusal | undefined {
  const kept = openState<NumberedRefusal>(
    ctx,
    purpose,
    readCookie(request, cookieName(ctx, request, 'refused')) ?? '',
  )
  return kept?.number === number ? { fault: kept.fault, detail: kept.detail } : undefined
}
