import type { Bus } from '../../../platform/storage/bus.ts'
import type { Part, PartState } from '../outbox/store.ts'

type EndedPart = Pick<Part, 'corpId' | 'memberIds' | 'chunk'> & { state: PartState }

/** A signal carries 8000 bytes; of more receivers than this, everybody in the corp looks again. */
const namedAtMost = 400
const everybody = '*'
const shownStates: readonly PartState[] = ['sent', 'failed', 'unknown']

/** Signals for the receivers of parts that their own list of messages shows from now on, one for each corp. */
export function arrivalsOf(parts: readonly EndedPart[]): string[] {
  const shown = parts.filter(part => part.chunk === 0 && shownStates.includes(part.state))
  return [...Map.groupBy(shown, part => part.corpId)].map(([corpId, own]) => {
    const memberIds = new Set(own.flatMap(part => part.memberIds))
    const isToAll = own.some(part => part.memberIds.length === 0) || memberIds.size > namedAtMost
    return `${corpId} ${isToAll ? everybody : [...memberIds].join()}`
  })
}

/** Calls `onArrival` when messages arrived for these members, or for everyone in the corp (undefined). */
export function followArrivals(
  bus: Bus,
  onArrival: (corpId: string, memberIds: string[] | undefined) => void,
  onGap: () => void,
): Promise<void> {
  return bus.listen(
    'wisp_message',
    payload => {
      const [corpId = '', ids = ''] = payload.split(' ')
      onArrival(corpId, ids === everybody ? undefined : ids.split(','))
    },
    onGap,
  )
}
