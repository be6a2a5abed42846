import PostalMime from 'postal-mime'
import type { Key } from '../messages/entry.ts'
import type { MailWorld } from './world.ts'

/** Parses a mail and shows it on the phones of the members to whose addresses it was sent. */
export async function takeMail(
  world: MailWorld,
  envelope: { from: string; to: string[] },
  raw: Buffer,
): Promise<number> {
  const mail = await PostalMime.parse(raw)
  const slots = envelope.to.flatMap(address => {
    const slot = world.state.slotOfEmail(address, 'email') ?? world.state.slotOfEmail(address, 'biz_mail')
    return slot === undefined ? [] : [slot]
  })
  const keys: Key[] = [...slots, ...envelope.to.map(address => address.toLowerCase())]
  const { n } = world.messages.append(
    {
      channel: 'mail',
      from: envelope.from,
      fromName: mail.from?.name ?? '',
      to: envelope.to,
      userids: [...new Set(slots)].map(slot => world.state.userids[slot]!),
      subject: mail.subject ?? '',
      html: mail.html ?? '',
      text: mail.text ?? '',
      messageId: mail.messageId ?? '',
      headers: mail.headers.map(({ originalKey, value }) => ({ key: originalKey, value })),
      attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
        filename,
        mimeType,
        size: typeof content === 'string' ? content.length : content.byteLength,
      })),
    },
    keys,
  )
  return n
}
