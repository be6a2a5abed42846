import { api } from '../ui/data/api.ts'
import { followNumber } from '../ui/data/follow-number.ts'

/** Calls `onCount` whenever the number of the person's unread messages is another, until `over`. */
export function followUnread(
  owner: string,
  known: () => number,
  onCount: (unread: number) => void,
  over: AbortSignal,
): void {
  const ask = async (before: number, signal: AbortSignal) =>
    (await api.get('/web/portal/unread', { known: before }, signal)).unread
  followNumber(`wisp.unread ${owner}`, ask, known, onCount, over)
}
