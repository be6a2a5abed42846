import type { ReactNode } from 'react'
import { useText } from '../ui/text.ts'
import { AppIcon } from '../workbench/apps/app-icon.tsx'
import { WaitingBadge } from '../workbench/apps/waiting-badge.tsx'
import type { Tile } from '../workbench/data.ts'
import { Icon } from '../workbench/icons.tsx'

type Props = {
  app: Tile
  isFavourite: boolean
  onOpen(): void
  onFavourite(isFavourite: boolean): void
  /** Set while favourites are being reordered. */
  onMove?: (step: number) => void
}

export function AppTile({ app, isFavourite, onOpen, onFavourite, onMove }: Props): ReactNode {
  const t = useText('portal')
  const { name } = app
  return (
    <li className="portal-tile">
      <button type="button" className="portal-open" title={app.description || name} onClick={onOpen}>
        <span className="wb-badged">
          <AppIcon app={app} size={52} />
          <WaitingBadge appId={app.id} />
        </span>
        <span className="portal-tile-name">{name}</span>
      </button>
      {onMove ? (
        <span className="portal-move">
          <button type="button" aria-label={t('moveEarlier', { name })} onClick={() => onMove(-1)}>
            <Icon name="earlier" size={16} />
          </button>
          <button type="button" aria-label={t('moveLater', { name })} onClick={() => onMove(1)}>
            <Icon name="later" size={16} />
          </button>
        </span>
      ) : (
        <button
          type="button"
          className="portal-star"
          aria-pressed={isFavourite}
          aria-label={isFavourite ? t('dropFavourite', { name }) : t('putFavourite', { name })}
          onClick={() => onFavourite(!isFavourite)}
        >
          <Icon name="star" size={18} filled={isFavourite} />
        </button>
      )}
    </li>
  )
}
