import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { createServer, type TLSSocket } from 'node:tls'

/** A mailbox as IMAP shows it. `mailAt` makes the mail with a UID, so that a large one takes no memory; undefined for one that is gone. */
export type MailboxOfTest = {
  uidValidity: number
  uidNext: number
  mailAt(uid: number): string | undefined
  /** What signs in, as SASL sends it. */
  credentials: string
  /** Every command that came. */
  commands: string[]
}

/** The few commands of IMAP4rev1 that reading a mailbox takes (RFC 3501), with TLS from the first byte. */
export async function startImap(box: MailboxOfTest, { key, cert }: { key: string; cert: string }) {
  const sockets = new Set<TLSSocket>()
  const server = createServer({ key, cert }, socket => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2] ready')
    let signingIn = ''
    createInterface(socket).on('line', line => {
      if (signingIn) {
        const isGood = Buffer.from(line, 'base64').toString() === box.credentials
        say(`${signingIn} ${isGood ? 'OK signed in' : 'NO [AUTHENTICATIONFAILED] wrong user or password'}`)
        signingIn = ''
        return
      }
      const [tag = '', ...words] = line.split(' ')
      const command = words.join(' ')
      box.commands.push(command)
      if (/^AUTHENTICATE/i.test(command)) {
        signingIn = words[2] === undefined ? tag : ''
        if (signingIn) say('+ ')
        else say(`${tag} BAD give it when asked`)
        return
      }
      for (const answer of answersTo(box, command)) socket.write(answer)
      say(`${tag} OK done`)
      if (/^LOGOUT/i.test(command)) socket.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    ca: cert,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

function* answersTo(box: MailboxOfTest, command: string): Generator<string> {
  if (/^CAPABILITY/i.test(command)) yield '* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2\r\n'
  if (/^LIST/i.test(command)) yield '* LIST () "/" INBOX\r\n'
  if (/^EXAMINE/i.test(command)) {
    yield `* FLAGS (\\Seen)\r\n* ${box.uidNext - 1} EXISTS\r\n* 0 RECENT\r\n`
    yield `* OK [UIDVALIDITY ${box.uidValidity}] ok\r\n* OK [UIDNEXT ${box.uidNext}] ok\r\n`
  }
  const [, first = '', last = first, what = ''] = /^UID FETCH (\d+)(?::(\d+))? (.*)$/i.exec(command) ?? []
  if (!first) return
  for (let uid = Number(first); uid <= Number(last) && uid < box.uidNext; uid++) {
    const mail = box.mailAt(uid)
    if (mail === undefined) continue
    const part = /<0\.(\d+)>/.exec(what)
    const [name, content] = part
      ? ['BODY[]<0>', mail.slice(0, Number(part[1]))]
      : [
          'BODY[HEADER.FIELDS (CONTENT-TYPE)]',
          `${/^content-type:.*(\r\n[ \t].*)*/im.exec(mail)?.[0] ?? ''}\r\n\r\n`,
        ]
    yield `* ${uid} FETCH (UID ${uid} ${name} {${Buffer.byteLength(content)}}\r\n${content})\r\n`
  }
}

/** A report of mail that was not delivered, as Postfix writes it. */
export function bounceMail(given: {
  to?: string
  status: string
  address: string
  quoted?: string
  action?: string
  said?: string
  more?: string
}): string {
  const { to = 'bounce@huayu.example', status, address, quoted = '', action = 'failed' } = given
  const lines = [
    'Return-Path: <>',
    `Delivered-To: ${to}`,
    'From: MAILER-DAEMON@mx.example (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="b1/mx.example"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--b1/mx.example',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry.',
    '',
    '--b1/mx.example',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    'Arrival-Date: Tue,  1 Dec 2026 10:00:00 +0800 (CST)',
    '',
    `Final-Recipient: rfc822; ${address}`,
    `Original-Recipient: rfc822;${address}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} ${given.said ?? '<x>: Recipient address rejected: User unknown'}`,
    '',
    '--b1/mx.example',
    'Content-Type: message/rfc822',
    '',
    quoted,
    'Subject: =?utf-8?B?5L2g5aW9?=',
    '',
    given.more ?? 'text',
    '',
    '--b1/mx.example--',
    '',
  ]
  return lines.join('\r\n')
}
