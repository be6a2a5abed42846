import type { SendMailOptions } from 'nodemailer'
import { isMailAddress } from '../../../platform/http/rules.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { OutboundLater, OutboundRefused, OutboundUntold } from '../../../platform/security/outbound-policy.ts'
import { type FilesRead, withBytes } from '../../message-media/with-bytes.ts'
import type { AddressNeeds, ChannelCall, Outcome, Setup } from '../channel.ts'
import { contactsOf } from '../contacts-store.ts'
import { bounceIdOf, idHeader, returnPath } from './bounces/bounce-id.ts'
import { findStop } from './bounces/bounce-store.ts'
import type { EmailContent, Mail } from './content.ts'
import type { MailKey } from './domain/key-store.ts'
import { signingOf } from './domain/signing.ts'
import { inPieces } from './in-pieces.ts'
import { mailHtml, stopWords } from './mail-html.ts'
import { type HandOver, poolOf } from './pool.ts'
import type { EmailReason } from './reasons.ts'
import type { SmtpSettings } from './settings.ts'

export const noMailServer: EmailReason = { code: 'emailNoServer' }
export const noAddress: EmailReason = { code: 'emailNoAddress' }

/** Sends mail through the corp's SMTP server, one mail per receiver (docs/interface/messages.md#sending-a-message). */
export async function sendMail(
  outgoing: ChannelCall<SmtpSettings, EmailContent, MailKey[]>,
): Promise<Outcome> {
  const { ctx, corp, setup, content, memberIds, key, stopUrl } = outgoing
  const [member] = await contactsOf(ctx.db, corp.corpId, [...memberIds])
  if (!member || !isMailAddress(member.email)) return { kind: 'refused', reason: noAddress, isConfig: false }
  const stop = await findStop(ctx.db, corp.corpId, member.email)
  if (stop) return { kind: 'refused', reason: { code: 'emailStopped', status: stop.status }, isConfig: false }
  return deliverMail(
    ctx,
    corp.corpId,
    setup,
    { name: member.name, address: member.email },
    { ...content, stopUrl },
    key,
  )
}

/** Keeps programs that answer by themselves, such as notices of absence, from answering (docs/upstream/mail-programs.md#automatic-mail). */
const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' }

/** Sends one mail. Its Message-ID is made from `key`. */
export async function deliverMail(
  ctx: AddressNeeds,
  corpId: string,
  setup: Setup<SmtpSettings, MailKey[]>,
  to: { name: string; address: string },
  mail: Mail,
  key: string,
): Promise<Outcome> {
  return withBytes(ctx, corpId, mail.files ?? [], async ({ files: attached, gone }): Promise<Outcome> => {
    if (!gone) return handOver(ctx, corpId, setup, to, { ...mail, attached }, key)
    const reason: EmailReason = { code: 'emailFileGone', name: gone.name }
    return { kind: 'refused', reason, isConfig: false }
  })
}

async function handOver(
  ctx: AddressNeeds,
  corpId: string,
  { settings: smtp, extra: keys }: Setup<SmtpSettings, MailKey[]>,
  to: { name: string; address: string },
  mail: Mail & { attached: FilesRead['files'] },
  key: string,
): Promise<Outcome> {
  if (!smtp) return { kind: 'refused', reason: noMailServer, isConfig: true }
  let isHandedOver = false
  const id = bounceIdOf(ctx, corpId, key, to.address)
  const bounceTo = smtp.bounceAddress && returnPath(smtp.bounceAddress, id)
  const signing = signingOf(ctx, smtp.from, keys)
  const pool = poolOf(ctx.outbound, corpId, smtp)
  try {
    const sent = await pool.transport.sendMail({
      from: smtp.from,
      to,
      subject: mail.subject,
      text: inPieces(plainText(mail)),
      html: inPieces(mailHtml(mail, ctx.brands.inMails(corpId))),
      // Of what comes in pieces; short texts that are plain stay readable.
      textEncoding: 'base64',
      attachments: mail.attached.map(({ name, type, bytes }) => ({
        filename: name,
        contentType: type,
        contentDisposition: 'attachment',
        content: inPieces(bytes),
      })),
      messageId: `<${key}@${smtp.from.match(/@([\w.-]+)/)?.[1] ?? 'wisp'}>`,
      headers: { ...automatic, [idHeader]: id, ...stopHeaders(mail) },
      ...(bounceTo ? { envelope: { from: bounceTo, to: to.address } } : {}),
      ...(signing ? { dkim: signing } : {}),
      handedOver() {
        if (isHandedOver) throw new Error('handed over before')
        isHandedOver = true
      },
    } as SendMailOptions & HandOver)
    return { kind: 'sent', vendorId: sent.messageId, failures: [] }
  } catch (error) {
    if (error instanceof OutboundLater) return { kind: 'again', reason: error.words }
    if (error instanceof OutboundRefused && !(error instanceof OutboundUntold))
      return { kind: 'refused', reason: { code: 'emailNotAllowed', ...error.words }, isConfig: true }
    const isUntold = error instanceof OutboundUntold
    if (!isUntold && (!pool.isInner || isHandedOver || isOfMailServer(error as SmtpError)))
      return outcomeOf(error as SmtpError, isHandedOver)
    const cause = isUntold ? error.cause : error
    ctx.log.info({ host: smtp.host, port: smtp.port, ...describeError(cause) }, 'mail server not reached')
    return { kind: 'again', reason: { code: 'emailUnreachable' } }
  }
}

type SmtpError = Error & { code?: string; responseCode?: number; response?: string; command?: string }

/** Whatever answers a connection may refuse the first commands; who has come as far as these spoke with a mail server. */
function isOfMailServer({ command = '' }: SmtpError): boolean {
  return /^(AUTH|MAIL FROM|RCPT TO|DATA)\b/.test(command)
}

function outcomeOf(error: SmtpError, isHandedOver: boolean): Outcome {
  const { code, responseCode, response, message } = error
  const answer = String(responseCode ?? code ?? '')
  const reason: EmailReason = { code: 'smtp', answer, said: response ?? message }
  // A temporary answer (4xx) means that the server cannot check the password just now, not that the password is
  // wrong.
  const isForNow = responseCode !== undefined && responseCode < 500
  if (code === 'EAUTH' && !isForNow) return { kind: 'refused', reason, isConfig: true }
  if (responseCode !== undefined && code !== 'ETLS') {
    return responseCode >= 500 ? { kind: 'refused', reason, isConfig: false } : { kind: 'again', reason }
  }
  return isHandedOver ? { kind: 'unsure', reason } : { kind: 'again', reason }
}

/** Mail programs post to addresses of HTTPS alone; others they open (docs/upstream/mail-programs.md#one-click-unsubscription). */
function stopHeaders({ stopUrl }: Mail): Record<string, string> {
  if (stopUrl === undefined) return {}
  const isPosted = stopUrl.startsWith('https://')
  return {
    'List-Unsubscribe': `<${stopUrl}>`,
    ...(isPosted ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
  }
}

function plainText({ text, url, btntxt, stopUrl }: Mail): string {
  const lines = [text]
  if (url) lines.push('', `${btntxt}: ${url}`)
  if (stopUrl !== undefined) lines.push('', `${stopWords}: ${stopUrl}`)
  return `${lines.join('\n')}\n`
}
