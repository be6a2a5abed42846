import { redirect } from '@tanstack/react-router'
import type { UrlValues } from '../ui/address/url-state.ts'
import { movedTo } from './moved.ts'

/** Leads from an address that a page had before to the one that it has. */
export function toMoved({ location }: { location: { pathname: string; search: object } }): void {
  const moved = movedTo({ path: location.pathname, search: location.search as UrlValues })
  if (moved) throw redirect({ to: moved.path as never, search: moved.search as never, replace: true })
}
