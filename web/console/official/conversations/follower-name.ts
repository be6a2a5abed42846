import { useCallback } from 'react'
import { useText } from '../../../ui/text.ts'

/** What a follower is called; WeChat tells no names, so of most there is only the end of the openid. */
export function useFollowerName(): (one: { openid: string; name: string }) => string {
  const t = useText('official-conversations')
  return useCallback(({ openid, name }) => name || t('follower', { id: openid.slice(-6) }), [t])
}
