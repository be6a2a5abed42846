import { type ReactNode, useId, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { formatAgo, formatDay, formatWhole } from '../../ui/values/format.ts'
import {
  noteAnnouncement,
  type ShownAnnouncement,
  useAnnouncements,
  useAnnouncementsShown,
  usePutAway,
} from '../data.ts'
import { Icon } from '../icons.tsx'
import { LinkedText } from './linked-text.tsx'

/**
 * The announcements for the person, which can be put away one by one and looked up again. Where none is shown at first, one line says
 * what the first is and how many there are.
 */
export function AnnouncementList({ shownAtFirst }: { shownAtFirst: number }): ReactNode {
  const t = useText('portal')
  const id = useId()
  const { data } = useAnnouncements()
  const putAway = usePutAway()
  const [isAll, setAll] = useState(false)
  const [isAwayShown, setAwayShown] = useState(false)
  const list = data?.list ?? []
  const open = list.filter(one => !one.isPutAway)
  const shown = isAll ? open : open.slice(0, shownAtFirst)
  useAnnouncementsShown(shown.length > 0 ? shown : open.slice(0, 1))
  if (list.length === 0) return null
  const away = list.filter(one => one.isPutAway)
  const more = open.length - shownAtFirst
  const [first] = open
  const isFolded = shownAtFirst === 0 && !isAll
  return (
    <section className="wb-announcements" aria-labelledby={id}>
      <h2 id={id} className="wisp-hidden">
        {t('announcements')}
      </h2>
      {isFolded && first ? (
        <FoldedLine first={first} more={open.length - 1} onUnfold={() => setAll(true)} />
      ) : null}
      <div className="wb-announcement-grid">
        {shown.map(one => (
          <One key={one.id} announcement={one} onPutAway={() => putAway(one.id)} />
        ))}
        {isAwayShown ? away.map(one => <One key={one.id} announcement={one} />) : null}
      </div>
      <div className="wb-row">
        {more > 0 && !isAll && !isFolded ? (
          <button type="button" className="wb-link" onClick={() => setAll(true)}>
            {t('announcementsMore', { n: more })}
          </button>
        ) : null}
        {shownAtFirst === 0 && isAll && open.length > 0 ? (
          <button type="button" className="wb-link" onClick={() => setAll(false)}>
            {t('announcementsFold')}
          </button>
        ) : null}
        {away.length > 0 && !(isFolded && first) ? (
          <button
            type="button"
            className="wb-link"
            aria-expanded={isAwayShown}
            onClick={() => setAwayShown(!isAwayShown)}
          >
            {t(isAwayShown ? 'announcementsAwayHide' : 'announcementsAway', { n: away.length })}
          </button>
        ) : null}
      </div>
    </section>
  )
}

function FoldedLine(props: { first: ShownAnnouncement; more: number; onUnfold(): void }): ReactNode {
  const t = useText('portal')
  const { first, more } = props
  return (
    <button
      type="button"
      className={first.isImportant ? 'wb-announcement-line wb-important' : 'wb-announcement-line'}
      aria-expanded={false}
      onClick={props.onUnfold}
    >
      <Icon name="megaphone" size={18} />
      {first.isImportant ? <ImportantMark /> : null}
      <bdi className="wb-grow wb-cut">{first.title}</bdi>
      {more > 0 ? <span className="wb-quiet">{t('announcementsMore', { n: more })}</span> : null}
      <Icon name="chevron" size={16} />
    </button>
  )
}

function ImportantMark(): ReactNode {
  return <span className="wb-important-mark">{useText('portal')('announcementImportant')}</span>
}

const longText = 100

function One(props: { announcement: ShownAnnouncement; onPutAway?: () => void }): ReactNode {
  const t = useText('portal')
  const { id, title, content, isImportant, from, until } = props.announcement
  const [isWhole, setWhole] = useState(false)
  const isLong = content.length > longText || content.split('\n').length > 3
  return (
    <article className={isImportant ? 'wb-announcement wb-important' : 'wb-announcement'}>
      <Icon name="megaphone" />
      <div className="wb-grow">
        <h3>
          {isImportant ? (
            <>
              <ImportantMark />{' '}
            </>
          ) : null}
          <bdi>{title}</bdi>
        </h3>
        {content ? (
          <p className={isWhole || !isLong ? 'wb-text' : 'wb-text wb-clamp'}>
            <LinkedText text={content} />
          </p>
        ) : null}
        <div className="wb-announcement-foot">
          {isLong ? (
            <button
              type="button"
              className="wb-link"
              aria-expanded={isWhole}
              onClick={() => {
                setWhole(!isWhole)
                if (!isWhole) void noteAnnouncement(id, true)
              }}
            >
              {t(isWhole ? 'less' : 'whole')}
            </button>
          ) : null}
          <time dateTime={from} title={formatWhole(from)}>
            {formatAgo(from)}
          </time>
          <span>{t('announcementUntil', { day: formatDay(until) })}</span>
        </div>
      </div>
      {props.onPutAway ? (
        <button
          type="button"
          className="wb-plain"
          aria-label={t('announcementPutAway', { title })}
          title={t('announcementPutAwayShort')}
          onClick={props.onPutAway}
        >
          <Icon name="close" size={18} />
        </button>
      ) : null}
    </article>
  )
}
