import { Navigate } from '@tanstack/react-router'
import { Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { keptSearch } from '../address/kept-search.ts'
import { PageLink } from '../address/page-link.tsx'
import { merge, type UrlPatch, usePathPart } from '../address/url-state.ts'
import { CallError } from '../data/api.ts'
import { useCorpName, useSession } from '../data/session.tsx'
import { ErrorState, NotFound } from '../feedback.tsx'
import { usePageName } from '../page-name.ts'
import { TabBar } from '../tab-bar.tsx'
import { useText } from '../text.ts'
import { CopyId } from '../values/copy.tsx'
import './object-page.css'

export type ObjectTab = { key: string; title: string; children: ReactNode }

/** Where all of its kind are; `search` where they are a tab of a page. */
export type ObjectList = { to: string; title: string; search?: UrlPatch }

export type ShownObject = {
  name: string
  id: string
  icon?: ReactNode
  state?: ReactNode
  /** Further words beside the state. */
  facts?: ReactNode
  acts?: ReactNode
  tabs: readonly ObjectTab[]
}

/**
 * The page of one object: the way back to its list, name, state, id and acts, and below them its tabs, each with an address of its
 * own: `address` for the first, `address/key` for the others.
 */
export function ObjectPage<T>(props: {
  address: string
  /** What it is called until its name is there. */
  kind: string
  list?: ObjectList | undefined
  read: { data: T | undefined; error: Error | null; refetch(): Promise<unknown> }
  show(object: T): ShownObject
}): ReactNode {
  const { address, kind, list, read } = props
  const part = usePathPart('tab')
  const object = read.data === undefined ? undefined : props.show(read.data)
  usePageName(object?.name || kind, useCorpName())
  if (read.error && isUnknown(read.error)) return <UnknownObject kind={kind} list={list} />
  if (read.error && !object) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!object) return <ObjectSkeleton list={list} />
  const [first] = object.tabs
  const tab = part === '' ? first : object.tabs.find(one => one.key === part)
  if (!tab) return <Navigate to={address as never} replace />
  return (
    <div className="wisp-object">
      <ToList list={list} />
      <Head object={object} />
      {object.tabs.length > 1 ? (
        <TabBar
          label={object.name}
          tabs={object.tabs.map(({ key, title }) => ({
            to: key === first?.key ? address : `${address}/${key}`,
            title,
            isCurrent: key === tab.key,
          }))}
        />
      ) : null}
      {/* What is typed in one tab is not kept for another. */}
      <section key={tab.key} className="wisp-object-body" aria-label={tab.title}>
        {object.tabs.length > 1 ? <h2 className="wisp-hidden">{tab.title}</h2> : null}
        {tab.children}
      </section>
    </div>
  )
}

function Head({ object }: { object: ShownObject }): ReactNode {
  const { name, id, icon, state, facts, acts } = object
  return (
    <header className="wisp-object-head">
      {icon}
      <div className="wisp-object-words">
        <h1>{name}</h1>
        <div className="wisp-object-facts">
          {state}
          <CopyId value={id} />
          {facts}
        </div>
      </div>
      {acts ? <div className="wisp-object-acts">{acts}</div> : null}
    </header>
  )
}

/** The way back, with the filters that the list had. */
function ToList({ list }: { list: ObjectList | undefined }): ReactNode {
  const { corpId } = useSession()
  if (!list) return null
  return (
    <PageLink
      to={list.to}
      search={merge(keptSearch(corpId, list.to), list.search ?? {})}
      className="wisp-object-back"
    >
      ‹ {list.title}
    </PageLink>
  )
}

function ObjectSkeleton({ list }: { list: ObjectList | undefined }): ReactNode {
  return (
    <div className="wisp-object">
      <ToList list={list} />
      <div role="status" aria-busy="true" aria-live="polite">
        <Skeleton active title={{ width: 240 }} paragraph={{ rows: 1, width: 320 }} />
        <Skeleton active title={false} paragraph={{ rows: 1, width: '60%' }} style={{ marginTop: 16 }} />
        <Skeleton active style={{ marginTop: 24, maxWidth: 720 }} paragraph={{ rows: 8 }} />
      </div>
    </div>
  )
}

/** Shown in place of an object that there is not. */
export function UnknownObject(props: { kind: string; list?: ObjectList | undefined }): ReactNode {
  const t = useText('common')
  const { kind, list } = props
  usePageName(kind, useCorpName())
  return <NotFound title={t('noSuchObject')} hint={t('noSuchObjectHint')} action={<ToList list={list} />} />
}

/** The codes with which calls say that there is no such thing. */
const unknown = /^100[0-7]$/

export function isUnknown(error: Error): boolean {
  return error instanceof CallError && unknown.test(error.retCode)
}
