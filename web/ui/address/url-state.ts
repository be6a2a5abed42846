import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { merge, type UrlPatch, type UrlValues } from './url-patch.ts'

export { merge, type UrlPatch, type UrlValues }

/**
 * The query of the address as texts, and a function to change parts of it; `undefined` and `''` remove a
 * value. `replace` adds no step to the history.
 */
export function useUrlState(): [UrlValues, (patch: UrlPatch, options?: { replace?: boolean }) => void] {
  const values = useSearch({ strict: false }) as UrlValues
  const navigate = useNavigate()
  const set = useCallback(
    (patch: UrlPatch, options: { replace?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: ((before: UrlValues) => merge(before, patch)) as never,
        replace: options.replace === true,
        resetScroll: false,
      })
    },
    [navigate],
  )
  return [values, set]
}

/** Returns a function that goes to another page: `go('/console/sync', { open: '12' })`. `replace` adds no step to the history. */
export function useGo(): (path: string, search?: UrlPatch, options?: { replace?: boolean }) => void {
  const navigate = useNavigate()
  return useCallback(
    (path, search = {}, { replace = false } = {}) =>
      void navigate({ to: path as never, search: merge({}, search) as never, replace }),
    [navigate],
  )
}

/** A parameter of the path, such as `$id` of `/console/sync/runs/$id`. */
export function usePathPart(name: string): string {
  return (useParams({ strict: false }) as Record<string, string | undefined>)[name] ?? ''
}
