import { type ReactNode, useDeferredValue, useState } from 'react'
import { useText } from '../ui/text.ts'
import { AppFilters, useAppFilter } from '../workbench/apps/app-filters.tsx'
import { AppIcon } from '../workbench/apps/app-icon.tsx'
import { searchApps } from '../workbench/apps/app-search.ts'
import { WaitingBadge } from '../workbench/apps/waiting-badge.tsx'
import { type Tile, useFavourite } from '../workbench/data.ts'
import { Morning } from '../workbench/home/morning.tsx'
import { useHome } from '../workbench/home/use-home.ts'
import { Icon } from '../workbench/icons.tsx'
import { Failed, Waiting } from '../workbench/states.tsx'

type Props = {
  open(appId: string): void
  onMessages(): void
  onTodos(): void
  busyId: string | undefined
  isShown: boolean
}

export function MobileHome({ open, onMessages, onTodos, busyId, isShown }: Props): ReactNode {
  const t = useText('portal')
  const m = useText('mobile')
  const { data, error, refetch, isReady } = useHome(isShown)
  const [query, setQuery] = useState('')
  const [isEditing, setEditing] = useState(false)
  const wanted = useDeferredValue(query.trim())
  const { shown, ...filtering } = useAppFilter(data)
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  if (!data || !isReady) return <Waiting />
  const grid = { favourites: data.favourites, open, busyId, isEditing }
  const found = wanted ? searchApps(data.apps, wanted) : undefined
  return (
    <>
      <search className="wb-search mobile-search">
        <Icon name="search" size={18} />
        <input
          type="search"
          enterKeyHint="search"
          value={query}
          placeholder={t('searchShort')}
          aria-label={t('search')}
          onChange={event => setQuery(event.target.value)}
        />
      </search>
      <div aria-live="polite">
        {found?.length === 0 ? <p className="wb-none">{t('nothingFound', { text: wanted })}</p> : null}
      </div>
      {found && found.length > 0 ? (
        <section className="mobile-section">
          <Grid apps={found} {...grid} />
        </section>
      ) : null}
      {found ? null : (
        <div className="mobile-morning">
          <Morning onApp={open} onMessages={onMessages} onTodos={onTodos} isPhone />
        </div>
      )}
      {found || data.apps.length > 0 ? null : (
        <div className="wb-none">
          <Icon name="grid" size={48} />
          <h2>{t('noApps')}</h2>
          <p>{t('noAppsHint')}</p>
        </div>
      )}
      {found || data.apps.length === 0 ? null : (
        <section className="mobile-section">
          <h2 className="wisp-hidden">{t('apps')}</h2>
          <div className="mobile-section-head">
            <AppFilters {...filtering} hasRecent={data.recent.length > 0} />
            <button
              type="button"
              className="wb-link"
              aria-pressed={isEditing}
              onClick={() => setEditing(!isEditing)}
            >
              {isEditing ? t('orderDone') : m('edit')}
            </button>
          </div>
          {shown.length === 0 ? <p className="wb-quiet mobile-hint">{m('favouritesHint')}</p> : null}
          <Grid apps={shown} {...grid} />
        </section>
      )}
    </>
  )
}

type GridProps = {
  favourites: readonly string[]
  open(appId: string): void
  busyId: string | undefined
  isEditing: boolean
}

function Grid({ apps, ...grid }: GridProps & { apps: readonly Tile[] }): ReactNode {
  return (
    <ul className="mobile-grid">
      {apps.map(app => (
        <li key={app.id}>
          <MobileTile app={app} {...grid} />
        </li>
      ))}
    </ul>
  )
}

/** Opens the app. While favourites are being chosen, it adds the app to them or removes it. */
function MobileTile({ app, favourites, open, busyId, isEditing }: GridProps & { app: Tile }): ReactNode {
  const t = useText('portal')
  const setFavourite = useFavourite()
  const isFavourite = favourites.includes(app.id)
  const inside = (
    <>
      <span className="wb-badged">
        <AppIcon app={app} size={48} />
        <WaitingBadge appId={app.id} />
      </span>
      <span className="mobile-tile-name">{app.name}</span>
    </>
  )
  if (!isEditing)
    return (
      <button
        type="button"
        className="mobile-tile"
        aria-busy={busyId === app.id}
        disabled={busyId !== undefined}
        onClick={() => open(app.id)}
      >
        {inside}
      </button>
    )
  return (
    <button
      type="button"
      className="mobile-tile"
      aria-pressed={isFavourite}
      aria-label={isFavourite ? t('dropFavourite', app) : t('putFavourite', app)}
      onClick={() => setFavourite(app.id, !isFavourite)}
    >
      {inside}
      <span className="mobile-star">
        <Icon name="star" size={18} filled={isFavourite} />
      </span>
    </button>
  )
}
