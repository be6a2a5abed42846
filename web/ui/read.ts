import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { api, type Query } from './api.ts'
import { useSession } from './session.tsx'

/**
 * Reads a page call; the key is [path, query, corpId], so an act can refresh it by its path and another corp never shows
 * this one's rows. `every`: read again after so many ms while the page is looked at.
 */
export function useRead<T>(
  path: string,
  query: Query = {},
  options: {
    every?: number | false | ((data: T | undefined) => number | false)
    enabled?: boolean
    keep?: boolean
  } = {},
): UseQueryResult<T, Error> {
  const { corpId } = useSession()
  const { every } = options
  return useQuery<T, Error>({
    queryKey: [path, query, corpId],
    queryFn: ({ signal }) => api.get<T>(path, query, signal),
    enabled: options.enabled !== false,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
    ...(every === undefined
      ? {}
      : { refetchInterval: typeof every === 'function' ? one => every(one.state.data) : every }),
  })
}
