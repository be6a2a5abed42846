import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import type { MessageRow } from '../../server/features/messages/fate/my-message-calls.ts'
import { api } from '../ui/data/api.ts'
import { useText } from '../ui/text.ts'
import { formatAgo, formatWhole } from '../ui/values/format.ts'
import { CardView } from '../ui/wecom-card/card-view.tsx'
import { isAnswered } from '../ui/wecom-card/wecom-card.ts'
import { Icon } from './icons.tsx'
import { Failed } from './states.tsx'

/** Opens a page of an app inside the portal. */
type OpenApp = (appId: string, url: string) => void

/** The person's messages, newest first. Showing a message marks it as read. */
export function MessageList({ onOpen }: { onOpen: OpenApp }): ReactNode {
  const t = useText('portal')
  const client = useQueryClient()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['/web/portal/messages'],
    queryFn: ({ pageParam, signal }) => api.get('/web/portal/messages', { after: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: page => page.next || undefined,
    staleTime: 0,
  })
  const first = data?.pages[0]?.list ?? []
  const readUpTo = first.some(one => one.isUnread) ? first[0]?.at : undefined
  useEffect(() => {
    if (readUpTo === undefined) return
    api
      .post('/web/portal/messages/read', { upTo: readUpTo })
      .then(() => {
        for (const path of ['/web/portal/unread', '/web/portal/waiting'])
          void client.invalidateQueries({ queryKey: [path] })
      })
      .catch(() => undefined)
  }, [readUpTo, client])
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <p className="wb-none">{t('loading')}</p>
  const messages = data.pages.flatMap(page => page.list)
  if (messages.length === 0)
    return (
      <div className="wb-none">
        <Icon name="message" size={40} />
        <p>{t('noMessages')}</p>
      </div>
    )
  return (
    <>
      <ul className="wb-messages">
        {messages.map(one => (
          <Message key={`${one.id}${one.at}`} message={one} onOpen={onOpen} />
        ))}
      </ul>
      {hasNextPage ? (
        <button
          type="button"
          className="wb-button wb-more"
          disabled={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {isFetchingNextPage ? t('loading') : t('earlier')}
        </button>
      ) : (
        <p className="wb-end">{t('noEarlier')}</p>
      )}
    </>
  )
}

const longText = 120
const icons: Record<string, 'mail' | 'phone'> = { email: 'mail', sms: 'phone' }

function Message({ message, onOpen }: { message: MessageRow; onOpen: OpenApp }): ReactNode {
  const t = useText('portal')
  const [isWhole, setWhole] = useState(false)
  const { channel, sender, title, text, url, state, appId } = message
  const button = message.button || t('details')
  const isLong = !message.card && (text.length > longText || text.split('\n').length > 4)
  return (
    <li className={message.isUnread ? 'wb-message wb-unread' : 'wb-message'}>
      <div className="wb-message-head">
        <span className={`wb-channel wb-channel-${channel}`}>
          <Icon name={icons[channel] ?? 'message'} size={14} />
          {message.via}
        </span>
        <span className="wb-grow wb-cut">{sender}</span>
        {message.isUnread ? <span className="wb-dot">{t('unread')}</span> : null}
        <time dateTime={message.at} title={formatWhole(message.at)}>
          {formatAgo(message.at)}
        </time>
      </div>
      {state === 'recalled' ? <p className="wb-quiet">{t('recalled')}</p> : null}
      {message.card ? <Card card={message.card} /> : null}
      {title && !message.card ? <h3>{title}</h3> : null}
      {text && !message.card ? <p className={isWhole ? 'wb-text' : 'wb-text wb-clamp'}>{text}</p> : null}
      {state === 'lost' ? <p className="wb-lost">{t('lost')}</p> : null}
      <div className="wb-row">
        {isLong ? (
          <button
            type="button"
            className="wb-link"
            aria-expanded={isWhole}
            onClick={() => setWhole(!isWhole)}
          >
            {isWhole ? t('less') : t('whole')}
          </button>
        ) : null}
        {url && appId ? (
          <button type="button" className="wb-link" onClick={() => onOpen(appId, url)}>
            {button}
          </button>
        ) : null}
        {url && !appId ? (
          <a className="wb-link" href={url} target="_blank" rel="noopener noreferrer">
            {button}
          </a>
        ) : null}
      </div>
    </li>
  )
}

/** Only WeCom can tell the sender what somebody pressed. */
function Card({ card }: { card: NonNullable<MessageRow['card']> }): ReactNode {
  const t = useText('wecom-card')
  return (
    <div className="wb-card">
      <CardView card={card} follows foot={isAnswered(card) ? t('inWecom') : undefined} />
    </div>
  )
}
