import { Alert } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { keepSearch } from '../../ui/address/kept-search.ts'
import { usePathPart, useUrlState } from '../../ui/address/url-state.ts'
import { OfAllCorps, useCorpName, useSession } from '../../ui/data/session.tsx'
import { forgetTyped } from '../../ui/data/typed.ts'
import { usePageName } from '../../ui/page-name.ts'
import { NamedByTab } from '../../ui/page-title.tsx'
import { TabBar } from '../../ui/tab-bar.tsx'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'
import { TitleSide } from '../beside-title.tsx'
import type { ConsolePage } from '../console-page.ts'
import { useIsOfAllCorps } from '../of-all-corps.ts'
import { isOfAccount, isOn, pageAt, tabsOf } from '../place.ts'
import { mayOpen } from '../rights.ts'
import { useShownPath } from '../shown-path.ts'
import { Beside } from './beside.tsx'
import { NotUnderstood } from './not-understood.tsx'

/** Names the page in the browser's tab. Above the pages of an entry that has several: its name, and a tab for each of them; the page of one
 * object has tabs of its own instead. */
export function EntryFrame({ children }: { children: ReactNode }): ReactNode {
  const t = useText('console')
  const common = useText('common')
  const pathname = useShownPath()
  const page = pageAt(pathname)
  const tabs = useTabs(page)
  useLeftBehind(pathname, page?.isObject === true)
  const id = usePathPart('id')
  const [side, setSide] = useState<HTMLElement | null>(null)
  const name = page ? t(page.name) : common('notFound')
  const session = useSession()
  const namesItself = page?.isObject && mayOpen(page, session)
  const corpName = useCorpName()
  const isOfAll = useIsOfAllCorps()
  usePageName(namesItself ? undefined : id ? `${name} #${id}` : name, isOfAll ? '' : corpName)
  const hasTabs = page !== undefined && !page.isObject && tabs.length > 1
  return (
    <>
      {hasTabs ? (
        <div className="console-entry">
          <div className="console-entry-head">
            <div className="console-entry-name">{t(page.entry)}</div>
            <div className="console-entry-side">
              <Beside page={page} />
              <div ref={setSide} />
            </div>
          </div>
          <TabBar label={t(page.entry)} tabs={tabs} />
        </div>
      ) : null}
      {page && !hasTabs ? (
        <div className="console-alone">
          <Beside page={page} />
        </div>
      ) : null}
      {isOfAll ? null : <Suspended />}
      <OfAllCorps value={isOfAll}>
        <TitleSide value={hasTabs ? side : undefined}>
          <NamedByTab value={hasTabs && tabs.some(one => one.to === page.path)}>{children}</NamedByTab>
        </TitleSide>
      </OfAllCorps>
    </>
  )
}

/** The system account looks at a corp that is suspended, and is told so on every page about it. */
function Suspended(): ReactNode {
  const t = useText('corp-lifecycle')
  const { corps, corpId } = useSession()
  const closure = corps.find(one => one.corpId === corpId)?.closure
  if (!closure) return null
  const { reason, since } = closure
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 12 }}
      title={t('closedBanner', { reason, time: formatTime(since) })}
    />
  )
}

function useLeftBehind(pathname: string, isObject: boolean): void {
  const { corpId } = useSession()
  const [values] = useUrlState()
  useEffect(() => {
    if (!isObject) keepSearch(corpId, pathname, values)
  }, [corpId, pathname, values, isObject])
  useEffect(() => {
    if (pathname) forgetTyped()
  }, [pathname])
}

/** The tabs beside the page, for whoever may open it; before the first corp is connected only pages that are useful without one. */
function useTabs(page: ConsolePage | undefined) {
  const t = useText('console')
  const session = useSession()
  const { corpId } = session
  const [{ account }] = useUrlState()
  if (!page || !mayOpen(page, session) || !isOn(page, session)) return []
  return tabsOf(page.entry, session)
    .filter(one => corpId !== '' || one.withoutCorp)
    .map(one => ({
      to: one.path,
      search: isOfAccount(one) ? { account } : {},
      title: (
        <>
          {t(one.tab ?? one.name)}
          {one.name === 'todoSources' && page.entry === 'todos' ? <NotUnderstood /> : null}
        </>
      ),
      isCurrent: one.path === page.path || one.path === page.under,
    }))
}
