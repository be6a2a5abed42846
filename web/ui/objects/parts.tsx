import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { merge, type UrlPatch, useUrlState } from '../address/url-state.ts'
import { useText } from '../text.ts'
import './parts.css'

export type Part = { key: string; title: string; children: ReactNode }

const cleared: UrlPatch = { open: undefined, pageNo: undefined, sort: undefined }

/**
 * What is looked at now and then, such as versions and records: links beside the first part lead to the others, and back. The address
 * has the open one as `name`. `keepsFirst` leaves the first in place while another is shown, with what was changed in it and not saved.
 * Within a drawer `open` of the address stays.
 */
export function Parts(props: {
  parts: readonly Part[]
  name?: string
  keepsFirst?: boolean
  inDrawer?: boolean
}): ReactNode {
  const t = useText('common')
  const { parts, name = 'tab', keepsFirst = false, inDrawer = false } = props
  const [values] = useUrlState()
  const [first, ...others] = parts
  if (!first) return null
  const open = others.find(one => one.key === values[name]) ?? first
  const to = (key: string | undefined, words: ReactNode) => (
    <Link
      key={key}
      to={'.' as never}
      search={
        ((before: Record<string, string>) =>
          merge(before, { ...(inDrawer ? {} : cleared), [name]: key })) as never
      }
      replace={inDrawer}
      resetScroll={false}
    >
      {words}
    </Link>
  )
  const isFirst = open === first
  const Heading = inDrawer ? 'h3' : 'h2'
  return (
    <div className="wisp-parts">
      <nav className={isFirst ? 'wisp-parts-links is-first' : 'wisp-parts-links'} aria-label={t('parts')}>
        {isFirst ? others.map(one => to(one.key, one.title)) : to(undefined, `‹ ${first.title}`)}
      </nav>
      {isFirst || keepsFirst ? <div hidden={!isFirst}>{first.children}</div> : null}
      {isFirst ? null : (
        <section key={open.key} aria-label={open.title}>
          <Heading className="wisp-parts-name">{open.title}</Heading>
          {open.children}
        </section>
      )}
    </div>
  )
}
