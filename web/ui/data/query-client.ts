import { QueryCache, QueryClient } from '@tanstack/react-query'
import { CallError } from './api.ts'
import { noteEnd } from './away.ts'

/** Retries a read when the network failed, but never when the server refused it. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: noteEnd, onSuccess: () => noteEnd() }),
    defaultOptions: {
      queries: {
        staleTime: 5000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => !(error instanceof CallError && error.status > 0) && failures < 2,
      },
    },
  })
}
