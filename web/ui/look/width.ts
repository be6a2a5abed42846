import { useSyncExternalStore } from 'react'

const queries = new Map<number, MediaQueryList>()

/** Whether the window is narrower than `width` pixels. Below the default of 768 pages use their layout for phones. */
export function useNarrow(width = 768): boolean {
  const query = queryOf(width)
  return useSyncExternalStore(
    listener => {
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => query.matches,
  )
}

function queryOf(width: number): MediaQueryList {
  const known = queries.get(width)
  if (known) return known
  const query = matchMedia(`(max-width: ${width - 0.02}px)`)
  queries.set(width, query)
  return query
}
