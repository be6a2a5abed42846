import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ControlError, nullable, onlyKeys, optional, string, whole } from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { type Channel, channels, type Key } from '../messages/entry.ts'
import { phoneOf } from '../sms/numbers.ts'
import type { ControlWorld } from './world.ts'

const maxPage = 10_000
const mailStyle = 'body{margin:16px;font:15px/1.6 sans-serif;overflow-wrap:anywhere}img{max-width:100%}'

/** /_sandbox/messages lists the messages in pages; /_sandbox/messages/stream sends them as they arrive. */
export function routeMessages(control: FastifyInstance, world: ControlWorld): void {
  control.get('/_sandbox/messages', async request => {
    const input = request.query as Input
    onlyKeys(input, 'since', 'limit', 'channel', 'to')
    const since = optional(input, 'since', whole(0, Number.MAX_SAFE_INTEGER)) ?? 0
    const limit = optional(input, 'limit', whole(1, maxPage)) ?? 1000
    const { entries, next } = world.messages.page({ since, limit, ...filterOf(world, input) })
    return { messages: entries, next }
  })
  control.get('/_sandbox/messages/stream', (request, reply) => stream(world, request, reply))
  control.get('/_sandbox/mail/:n', (request, reply) => showMail(world, request, reply))
}

/** `to` is a userid, an address or a number. */
function filterOf(world: ControlWorld, input: Input): { channel: Channel | undefined; key: Key | undefined } {
  const channel = optional(input, 'channel', string)
  if (channel !== undefined && !channels.includes(channel as Channel))
    throw new ControlError(`channel must be one of ${channels.join(', ')}`)
  const to = optional(input, 'to', string)
  const key = to === undefined ? undefined : (world.state.slotOf(to) ?? phoneOf(to)?.e164 ?? to.toLowerCase())
  return { channel: channel as Channel | undefined, key }
}

/**
 * Server-sent events: `message` with an entry, `recall` with {n, recalledAt}, `card` with {n, userid, card, replaced}, `reset`, and `ready` after all
 * existing messages have been sent. The stream starts after `since` or after the browser's Last-Event-ID, or
 * with the last `tail` messages; without any of them it sends new messages only.
 */
function stream(world: ControlWorld, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const input = request.query as Input
  onlyKeys(input, 'since', 'tail', 'channel', 'to')
  const filter = filterOf(world, input)
  let sent = startOf(world, input, filter.key, request.headers['last-event-id'])
  const { raw } = reply
  reply.hijack()
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
  raw.write('retry: 1000\n\n')
  const tell = (event: string, data: object): boolean =>
    raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  if (sent > world.messages.size) {
    sent = 0
    tell('reset', {})
  }
  let ready = false
  const write = (): void => {
    while (sent < world.messages.size && !raw.writableNeedDrain) {
      const { entries, next } = world.messages.page({ since: sent, limit: 100, ...filter })
      const texts = entries.map(entry => `id: ${entry.n}\nevent: message\ndata: ${JSON.stringify(entry)}\n\n`)
      raw.write(texts.join(''))
      sent = entries.length < 100 ? world.messages.size : next
    }
    if (ready || sent < world.messages.size) return
    ready = true
    tell('ready', {})
  }
  const end = world.messages.listen(event => {
    if (event.type === 'message') return write()
    if (event.type === 'card') {
      const { n, userid, shown } = event
      return tell('card', { n, userid, ...shown })
    }
    if (event.type === 'recall') return tell('recall', { n: event.n, recalledAt: event.at })
    sent = 0
    return raw.write('id: 0\nevent: reset\ndata: {}\n\n')
  })
  raw.on('drain', write)
  raw.on('close', end)
  write()
  return reply
}

function startOf(
  world: ControlWorld,
  input: Input,
  key: Key | undefined,
  lastEventId: string | string[] | undefined,
): number {
  const number = whole(0, Number.MAX_SAFE_INTEGER)
  if (lastEventId !== undefined) return number(lastEventId, 'last-event-id')
  const tail = optional(input, 'tail', number)
  const { messages } = world
  if (tail === undefined) return optional(input, 'since', number) ?? messages.size
  if (tail === 0) return messages.size
  return (key === undefined ? messages.size - tail + 1 : (messages.numbersOf(key).at(-tail) ?? 1)) - 1
}

/**
 * The HTML of a mail for the frame on the phone page. The policy gives it an origin of its own, forbids
 * scripts and opens links in a new tab.
 */
function showMail(world: ControlWorld, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { n } = request.params as { n: string }
  const entry = world.messages.entry(whole(1, Number.MAX_SAFE_INTEGER)(n, 'n'))
  if (entry?.channel !== 'mail') return reply.code(404).type('text/plain').send('no such mail')
  const policy =
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:"
  return reply
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><meta charset="utf-8"><base target="_blank"><style>${mailStyle}</style>${entry.html}`,
    )
}

/**
 * Makes SMS to single numbers fail: `{refuse: {number: code | null}}` adds and removes numbers, `{refuse:
 * null}` removes all.
 */
export function setSms(world: ControlWorld, input: Input): object {
  onlyKeys(input, 'refuse')
  const { refused } = world.sms
  const change = optional(input, 'refuse', value => value as Input | null)
  if (change === null) refused.clear()
  else if (change !== undefined) {
    if (typeof change !== 'object' || Array.isArray(change))
      throw new ControlError('refuse must be an object of numbers and codes')
    const read = Object.entries(change).map(([number, code]) => {
      const phone = phoneOf(number)
      if (!phone) throw new ControlError(`${number} is no phone number`)
      return [phone.e164, nullable(string)(code, number)] as const
    })
    for (const [phone, code] of read) {
      if (code === null) refused.delete(phone)
      else refused.set(phone, code)
    }
  }
  return { refuse: Object.fromEntries(refused) }
}
