import { type ReactNode, useDeferredValue, useState } from 'react'
import { useText } from '../ui/text.ts'
import { AppIcon } from '../workbench/apps/app-icon.tsx'
import { searchApps } from '../workbench/apps/app-search.ts'
import { groupApps, pick } from '../workbench/apps/groups.ts'
import { WaitingBadge } from '../workbench/apps/waiting-badge.tsx'
import { type Tile, useFavourite } from '../workbench/data.ts'
import { CategoryJumps, headingOf } from '../workbench/home/category-jumps.tsx'
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

const recentShown = 4

export function MobileHome({ open, onMessages, onTodos, busyId, isShown }: Props): ReactNode {
  const t = useText('portal')
  const m = useText('mobile')
  const { data, error, refetch, isReady } = useHome(isShown)
  const [query, setQuery] = useState('')
  const [isEditing, setEditing] = useState(false)
  const wanted = useDeferredValue(query.trim())
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  if (!data || !isReady) return <Waiting />
  const groups = groupApps(data.apps, t('other'))
  const favourites = pick(data.apps, data.favourites)
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
      {found && found.length > 0 ? <Section title="" apps={found} {...grid} /> : null}
      {found ? null : (
        <div className="mobile-morning">
          <Morning onApp={open} onMessages={onMessages} onTodos={onTodos} shownAtFirst={2} />
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
        <>
          <Section
            title={t('favourites')}
            apps={favourites}
            hint={favourites.length === 0 ? m('favouritesHint') : ''}
            {...grid}
            action={
              <button
                type="button"
                className="wb-link"
                aria-pressed={isEditing}
                onClick={() => setEditing(!isEditing)}
              >
                {isEditing ? t('orderDone') : m('edit')}
              </button>
            }
          />
          <Section title={t('recent')} apps={pick(data.apps, data.recent).slice(0, recentShown)} {...grid} />
          <div className="mobile-jumps">
            <CategoryJumps names={groups.map(({ name }) => name)} apps={data.apps.length} />
          </div>
          {groups.map(({ name, apps }, index) => (
            <Section
              key={name}
              id={headingOf(index)}
              title={groups.length === 1 ? t('allApps') : name}
              apps={apps}
              {...grid}
            />
          ))}
        </>
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

function Section(
  props: GridProps & { title: string; id?: string; apps: readonly Tile[]; hint?: string; action?: ReactNode },
): ReactNode {
  const { title, id, apps, hint, action, ...grid } = props
  if (apps.length === 0 && !hint) return null
  return (
    <section className={id ? 'mobile-section wb-category' : 'mobile-section'}>
      {title ? (
        <div className="mobile-section-head">
          <h2 {...(id ? { id, tabIndex: -1, className: 'wb-category-name' } : {})}>{title}</h2>
          {action}
        </div>
      ) : null}
      {hint ? <p className="wb-quiet mobile-hint">{hint}</p> : null}
      <ul className="mobile-grid">
        {apps.map(app => (
          <li key={app.id}>
            <MobileTile app={app} {...grid} />
          </li>
        ))}
      </ul>
    </section>
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
