import { type ReactNode, useDeferredValue, useEffect, useRef, useState } from 'react'
import { useSession } from '../ui/data/session.tsx'
import { useText } from '../ui/text.ts'
import { pageHour } from '../ui/values/format.ts'
import { AppFilters, useAppFilter } from '../workbench/apps/app-filters.tsx'
import { searchApps } from '../workbench/apps/app-search.ts'
import { moved } from '../workbench/apps/groups.ts'
import { type Tile, useFavourite, useFavouriteOrder, type WorkbenchAnswer } from '../workbench/data.ts'
import { greetingAt } from '../workbench/home/greeting.ts'
import { Morning } from '../workbench/home/morning.tsx'
import { useHome } from '../workbench/home/use-home.ts'
import { Icon } from '../workbench/icons.tsx'
import { Failed, Waiting } from '../workbench/states.tsx'
import { AppTile } from './app-tile.tsx'

type Props = { open(appId: string): void; onMessages(): void; onTodos(): void; isShown: boolean }

/** What waits, what is announced and all apps of the person, or the results of a search among them. */
export function Home({ open, onMessages, onTodos, isShown }: Props): ReactNode {
  const t = useText('portal')
  const { person } = useSession()
  const { data, error, refetch, isReady } = useHome(isShown)
  const [query, setQuery] = useState('')
  const wanted = useDeferredValue(query)
  const input = useRef<HTMLInputElement>(null)
  useSlashKey(isShown, input)
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  if (!data || !isReady) return <Waiting />
  const found = wanted.trim() ? searchApps(data.apps, wanted) : undefined
  return (
    <div className="portal-page">
      <div className="portal-top">
        <h1>{t(greetingAt(pageHour()), { name: person.userName })}</h1>
        <search className="wb-search portal-search">
          <Icon name="search" size={18} />
          <input
            ref={input}
            type="search"
            value={query}
            placeholder={t('search')}
            aria-label={t('search')}
            onChange={event => setQuery(event.target.value)}
            onKeyDown={event => {
              const first = searchApps(data.apps, query)[0]
              if (event.key === 'Enter' && query.trim() && first) open(first.id)
              if (event.key === 'Escape') setQuery('')
            }}
          />
          <span className="portal-key" aria-hidden="true">
            /
          </span>
        </search>
      </div>
      <div aria-live="polite">
        {found?.length === 0 ? <p className="wb-none">{t('nothingFound', { text: wanted })}</p> : null}
      </div>
      {found ? (
        <Grid tiles={found} data={data} open={open} />
      ) : (
        <>
          <Morning onApp={open} onMessages={onMessages} onTodos={onTodos} isPhone={false} />
          {data.apps.length > 0 ? <AllApps data={data} open={open} /> : <NoApps />}
        </>
      )}
    </div>
  )
}

function NoApps(): ReactNode {
  const t = useText('portal')
  return (
    <div className="wb-none portal-none">
      <Icon name="grid" size={48} />
      <h2>{t('noApps')}</h2>
      <p>{t('noAppsHint')}</p>
    </div>
  )
}

/** `/` moves the focus to the search, unless it is typed into a field. */
function useSlashKey(isShown: boolean, input: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    if (!isShown) return undefined
    const focus = (event: globalThis.KeyboardEvent) => {
      const isWriting = (event.target as Element | null)?.matches?.('input, textarea, [contenteditable]')
      if (event.key !== '/' || isWriting || document.querySelector('dialog[open]')) return
      event.preventDefault()
      input.current?.focus()
    }
    addEventListener('keydown', focus)
    return () => removeEventListener('keydown', focus)
  }, [isShown, input])
}

/** One grid with its filter; the favourites stand first, and under their filter they can be put in order. */
function AllApps({ data, open }: { data: WorkbenchAnswer; open(appId: string): void }): ReactNode {
  const t = useText('portal')
  const { shown, ...filtering } = useAppFilter(data)
  const [isOrdering, setOrdering] = useState(false)
  const mayOrder = filtering.filter === 'favourites' && shown.length > 1
  return (
    <section aria-labelledby="apps">
      <h2 id="apps" className="wisp-hidden">
        {t('apps')}
      </h2>
      <div className="portal-section">
        <AppFilters {...filtering} hasRecent={data.recent.length > 0} />
        {mayOrder ? (
          <button
            type="button"
            className="wb-link"
            aria-pressed={isOrdering}
            onClick={() => setOrdering(!isOrdering)}
          >
            {isOrdering ? t('orderDone') : t('order')}
          </button>
        ) : null}
      </div>
      {shown.length === 0 ? <p className="wb-quiet">{t('favouritesHint')}</p> : null}
      <Grid tiles={shown} data={data} open={open} isOrdering={isOrdering && mayOrder} />
    </section>
  )
}

type GridProps = { tiles: Tile[]; data: WorkbenchAnswer; open(appId: string): void; isOrdering?: boolean }

function Grid({ tiles, data, open, isOrdering }: GridProps): ReactNode {
  const setFavourite = useFavourite()
  const setOrder = useFavouriteOrder()
  if (tiles.length === 0) return null
  return (
    <ul className="portal-grid">
      {tiles.map(app => (
        <AppTile
          key={app.id}
          app={app}
          isFavourite={data.favourites.includes(app.id)}
          onOpen={() => open(app.id)}
          onFavourite={isFavourite => setFavourite(app.id, isFavourite)}
          {...(isOrdering
            ? { onMove: (step: number) => setOrder(moved(data.favourites, app.id, step)) }
            : {})}
        />
      ))}
    </ul>
  )
}
