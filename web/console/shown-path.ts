import { useRouterState } from '@tanstack/react-router'

const clean = (path: string) => path.replace(/(.)\/$/, '$1')

/**
 * The address of the page that is shown, which stays until the next one has been loaded. Where an address has no page, the router's matches end
 * at the overview above it, so the address itself counts.
 */
export function useShownPath(): string {
  return useRouterState({
    select: ({ matches, location, status }) => {
      const matched = matches.at(-1)?.pathname ?? ''
      return status === 'idle' && clean(matched) !== clean(location.pathname) ? location.pathname : matched
    },
  })
}
