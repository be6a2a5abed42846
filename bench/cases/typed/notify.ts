import type { BenchServer } from '../../bed.ts'
import { benchType } from '../../message-text.ts'
import type { Figure } from '../../report.ts'
import type { Request } from '../../requests.ts'
import { besideSend, prepareMessages, reachable, runMessages, sendRequest } from '../messages.ts'

const receivers = 100

/** A message by a type in turns with message/send: to one person, and one text to a hundred. */
export async function measureNotify(measured: BenchServer): Promise<Figure[]> {
  await prepareMessages(measured)
  const one = () => reachable(measured.population)
  const many = () => [...new Set(Array.from({ length: receivers }, one))].join('|')
  return [
    await inTurns(measured, 'message/notify with one receiver', one),
    await inTurns(measured, `message/notify, one text for ${receivers}`, many),
  ]
}

function inTurns(measured: BenchServer, name: string, toUser: () => string): Promise<Figure> {
  return besideSend(measured, name, {
    target: 0.8,
    other: ms => runMessages(measured, ms, () => notifyRequest(measured, toUser())),
    send: ms => runMessages(measured, ms, () => sendRequest(measured, toUser())),
  })
}

let written = 0

export function notifyRequest({ population }: BenchServer, toUser: string, more: object = {}): Request {
  const path = `/api/message/notify?devToken=${population.tokens[0]}`
  const body = { type: benchType, toUser, data: { n: ++written }, ...more }
  return { method: 'POST', path, body: JSON.stringify(body) }
}
