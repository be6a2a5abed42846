import type { BenchServer } from '../../bed.ts'
import type { LoadResult } from '../../load.ts'
import { benchType } from '../../message-text.ts'
import { type Figure, median, short } from '../../report.ts'
import type { Request } from '../../requests.ts'
import { prepareMessages, reachable, runMessages, sendRequest } from '../messages.ts'

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

async function inTurns(measured: BenchServer, name: string, toUser: () => string): Promise<Figure> {
  const { quick } = measured.tools.options
  const ms = quick ? 1000 : 4000
  const byType = () => notifyRequest(measured, toUser())
  const bySend = () => sendRequest(measured, toUser())
  await runMessages(measured, 500, byType)
  await runMessages(measured, 500, bySend)
  const rounds: { notify: LoadResult; send: LoadResult }[] = []
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    const notify = await runMessages(measured, ms, byType)
    rounds.push({ notify, send: await runMessages(measured, ms, bySend) })
  }
  const middle = (read: (round: (typeof rounds)[number]) => number) => median(rounds.map(read))
  return {
    name,
    measured: middle(({ notify, send }) => notify.perSecond / send.perSecond),
    unit: '× message/send',
    target: { atLeast: 0.8 },
    detail:
      `notify ${short(middle(r => r.notify.perSecond))}/s, send ${short(middle(r => r.send.perSecond))}/s, ` +
      `p50 ${short(middle(r => r.notify.p50Ms))} and ${short(middle(r => r.send.p50Ms))} ms`,
  }
}

let written = 0

export function notifyRequest({ population }: BenchServer, toUser: string, more: object = {}): Request {
  const path = `/api/message/notify?devToken=${population.tokens[0]}`
  const body = { type: benchType, toUser, data: { n: ++written }, ...more }
  return { method: 'POST', path, body: JSON.stringify(body) }
}
