import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'

/** What a page holds to show one person's messages. It is sealed, so that wisp stores nothing of it and nobody else can make one. */
export type InboxTicket = {
  corpId: string
  devId: string
  memberId: number
  /** The origin of the page that it is for, as browsers write it. */
  origin: string
  /** `own`: only what its developer sent. */
  sight: 'own' | 'all'
  /** The hash of the jessionId with which the person proved who they are: the ticket ends with it. */
  jessionHash?: string
  /** The same of their access token of OpenID Connect. */
  tokenHash?: string
  /** When it expires, in ms. */
  until: number
}

export const ticketSeconds = 3600
const purpose = 'inbox ticket'
const lengthAtMost = 2000

export function sealTicket(ctx: Core, ticket: InboxTicket): string {
  return ctx.seal.seal(JSON.stringify(ticket), purpose)
}

/** What the ticket says, also of one that has expired; undefined for what wisp did not make. */
export function openTicket(ctx: Core, sealed: string): InboxTicket | undefined {
  if (sealed.length > lengthAtMost) return undefined
  try {
    return JSON.parse(ctx.seal.open(sealed, purpose)) as InboxTicket
  } catch {
    return undefined
  }
}

const isLocal = (hostname: string) =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)

/** An origin as browsers write it. Throws 1000 for anything else, and for one without TLS that is not this machine. */
export function readOrigin(origin: string): string {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal(url.hostname))
  if (!url || !isSafe || url.origin !== origin)
    throw new ApiError('badParameter', {
      zh: told`origin 应为页面的来源，如 https://oa.example.com：https（localhost 可用 http），小写，不含路径，默认端口不写；收到 ${origin}`,
      en: told`origin should be that of the page, such as https://oa.example.com: https (http for localhost), in lower case, without a path or a default port; got ${origin}`,
    })
  return origin
}
