import { isIP } from 'node:net'
import { ImapFlow } from 'imapflow'
import type { Outbound } from '../../../../platform/security/outbound.ts'
import type { SmtpSettings } from '../settings.ts'
import { signedIn } from '../sign-in.ts'
import { isReport } from './parse-bounce.ts'

/** How much of a bounce is read: what a mail server says comes first, the mail that it sends back may be large. */
const bytesAtMost = 256 * 1024
/** UIDs that are looked at in one command. */
const windowSize = 500
const waitMs = 10_000

/** The place where reading stopped. */
export type Place = { uidValidity: string; nextUid: number }

/** Mails between two places: what was read in the beginnings of their reports of deliveries, and the place behind them. */
export type MailboxPage<T> = { found: T[]; place: Place }

type Reading<T> = {
  /** What a report says; it may be large, so that only this is kept of it. */
  read(report: string): T[]
  take(page: MailboxPage<T>): Promise<void>
  pagesAtMost: number
}

/** The mailbox of bounces that settings name; undefined where they name none. */
export function boxOf({ imapHost, imapPort, imapUser }: SmtpSettings): string | undefined {
  return imapHost ? `${imapUser}@${imapHost}:${imapPort}` : undefined
}

/**
 * Reads the mailbox from a place on, without changing anything in it, and gives page after page to `take`, at most `pagesAtMost`. A mailbox
 * without a place, or one that was numbered anew, begins at its end. Returns whether all was read. Throws what prevented it.
 */
export async function readMailbox<T>(
  outbound: Outbound,
  corpId: string,
  settings: SmtpSettings,
  from: Place | undefined,
  { read, take, pagesAtMost }: Reading<T>,
): Promise<boolean> {
  const client = await connected(outbound, corpId, settings)
  try {
    const { uidNext, uidValidity } = await client.mailboxOpen('INBOX', { readOnly: true })
    const validity = String(uidValidity)
    const isKnown = from?.uidValidity === validity
    let nextUid = isKnown ? from.nextUid : uidNext
    if (!isKnown) await take({ found: [], place: { uidValidity: validity, nextUid } })
    for (let page = 0; nextUid < uidNext; page++) {
      if (page === pagesAtMost) return false
      const last = Math.min(nextUid + windowSize, uidNext) - 1
      const found = await foundIn(client, nextUid, last, read)
      nextUid = last + 1
      await take({ found, place: { uidValidity: validity, nextUid } })
    }
    return true
  } finally {
    await client.logout().catch(() => client.close())
  }
}

async function foundIn<T>(
  client: ImapFlow,
  first: number,
  last: number,
  read: Reading<T>['read'],
): Promise<T[]> {
  const uids: number[] = []
  const range = `${first}:${last}`
  for await (const mail of client.fetch(range, { uid: true, headers: ['content-type'] }, { uid: true })) {
    const header = (mail.headers?.toString() ?? '').replace(/\r?\n[ \t]+/g, ' ')
    if (isReport(header.replace(/^content-type:\s*/i, ''))) uids.push(mail.uid)
  }
  const found: T[] = []
  for (const uid of uids) {
    const source = { start: 0, maxLength: bytesAtMost }
    const mail = await client.fetchOne(String(uid), { uid: true, source }, { uid: true })
    // It may have been deleted meanwhile.
    if (mail !== false && mail?.source) found.push(...read(mail.source.toString()))
  }
  return found
}

async function connected(outbound: Outbound, corpId: string, settings: SmtpSettings): Promise<ImapFlow> {
  const { imapHost: host = '', imapPort: port = 993, ca } = settings
  const { addresses } = await outbound.place(host, { slot: 'servers', of: corpId })
  const auth = await signedIn(outbound, corpId, settings)
  const client = new ImapFlow({
    // The connection goes to the very address that was checked.
    host: addresses[0]?.address ?? host,
    port,
    secure: true,
    // The certificate is checked against the name; TLS takes no address as one.
    ...(isIP(host) ? {} : { servername: host }),
    ...(ca ? { tls: { ca } } : {}),
    auth,
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: 3 * waitMs,
  })
  // What breaks a call is thrown by the call.
  client.on('error', () => undefined)
  await client.connect()
  return client
}
