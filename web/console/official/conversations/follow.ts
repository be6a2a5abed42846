import { useEffect } from 'react'
import { useRefresh } from '../../../ui/data/act.tsx'
import { api } from '../../../ui/data/api.ts'
import { followNumber } from '../../../ui/data/follow-number.ts'

/** Reads the page's conversations again whenever something of the account has changed. */
export function useFollowConversations(originalId: string): void {
  const refresh = useRefresh()
  useEffect(() => {
    const over = new AbortController()
    let revision = 0
    const ask = async (known: number, signal: AbortSignal) =>
      (await api.get('/web/official/conversations/revision', { originalId, known }, signal)).revision
    const onRevision = (next: number) => {
      revision = next
      void refresh('/web/official/conversation', '/web/official/quick-replies')
    }
    followNumber(`wisp.talk ${originalId}`, ask, () => revision, onRevision, over.signal)
    return () => over.abort()
  }, [originalId, refresh])
}
