import { hashKey, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useLanguage } from '../language.ts'
import { type Answer, type Arguments, api, type CallInput, type GetPath } from './api.ts'
import { isAway, pauseAfterMs } from './away.ts'
import { useSession } from './session.tsx'

type ReadOptions<T> = {
  every?: number | false | ((data: T | undefined) => number | false)
  enabled?: boolean
  keep?: boolean
}

/**
 * Reads a page call. The key is [path, query, corpId, language], so that an act can refetch it by its path
 * and the rows of one corp are never shown for another. When the language changes, it is read again, because
 * answers contain words; what is shown and typed stays until then. `every`: refetch after this many ms while
 * the page is visible. While the server is away it is asked again by itself.
 */
export function useRead<P extends GetPath>(
  path: P,
  ...[query, options = {}]: Arguments<CallInput<P>, [options?: ReadOptions<Answer<P>>]>
): UseQueryResult<Answer<P>, Error> {
  const { corpId } = useSession()
  const language = useLanguage()
  const { every, keep = false } = options
  const about = [path, query, corpId]
  return useQuery<Answer<P>, Error>({
    queryKey: [...about, language],
    queryFn: ({ signal }) => api.get(path, ...([query, signal] as Arguments<CallInput<P>, [AbortSignal]>)),
    enabled: options.enabled !== false,
    placeholderData: (before, last) =>
      keep || (last && hashKey(last.queryKey.slice(0, about.length)) === hashKey(about)) ? before : undefined,
    refetchInterval: one => {
      if (isAway(one.state.error)) return pauseAfterMs(one.state.errorUpdatedAt)
      return typeof every === 'function' ? every(one.state.data) : (every ?? false)
    },
  })
}
