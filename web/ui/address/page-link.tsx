import { Link } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import { merge, type UrlPatch } from './url-state.ts'

type Props = Omit<ComponentProps<'a'>, 'href' | 'ref' | 'children'> & {
  to: string
  search?: UrlPatch
  /** Marks it as the link of the page that is open, which otherwise only the address itself does. */
  isCurrent?: boolean
  children: ReactNode
}

/** A link to a page of the console. */
export function PageLink({ to, search = {}, isCurrent = false, children, ...rest }: Props): ReactNode {
  return (
    <Link
      to={to as never}
      search={merge({}, search) as never}
      activeOptions={{ exact: true, includeSearch: false }}
      {...(isCurrent ? { 'aria-current': 'page' } : {})}
      {...(rest as object)}
    >
      {children}
    </Link>
  )
}

/** A link that opens the drawer `open` of the current page and keeps the filters. */
export function OpenLink(props: { id: string | number; children: ReactNode }): ReactNode {
  return (
    <Link
      to={'.' as never}
      search={((before: Record<string, string>) => merge(before, { open: props.id })) as never}
      resetScroll={false}
    >
      {props.children}
    </Link>
  )
}
