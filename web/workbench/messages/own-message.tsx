import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import type { MessageRow } from '../../../server/features/messages/fate/my-message-calls.ts'
import { addressOf, api, CallError } from '../../ui/data/api.ts'
import { ErrorNumber } from '../../ui/error-number.tsx'
import { useText } from '../../ui/text.ts'
import { formatAgo, formatBytes, formatTime, formatWhole } from '../../ui/values/format.ts'
import { CardView } from '../../ui/wecom-card/card-view.tsx'
import { isAnswered, type WecomCard } from '../../ui/wecom-card/wecom-card.ts'
import { Icon } from '../icons.tsx'
import { Failed } from '../states.tsx'
import { Places } from './places.tsx'

/** Opens a page of an app inside the portal. */
export type OpenApp = (appId: string, url: string) => void

const icons: Record<string, 'mail' | 'phone'> = { email: 'mail', sms: 'phone' }

type Props = { message: MessageRow; onOpen: OpenApp; isOpened?: boolean; isCollected?: boolean }

/**
 * One of the person's messages. Opening it shows all of it and says that it was read. `isOpened`: it was opened by a link. `isCollected`: it is
 * shown within the digest that carries it, with which it is put away.
 */
export function OwnMessage(props: Props): ReactNode {
  const t = useText('portal')
  const own = useText('own-messages')
  const [whole, setWhole] = useState<MessageRow | undefined>(props.isOpened ? props.message : undefined)
  const [isOpen, setOpen] = useState(props.isOpened ?? false)
  const [isAcknowledged, setAcknowledged] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const bodyId = useId()
  const message = isOpen && whole ? whole : props.message
  const { id, channel, sender, title, text, state, card, files } = message
  const isRead = props.message.isRead || whole !== undefined || isAcknowledged
  const open = () =>
    api
      .post('/web/portal/messages/open', { msgId: id })
      .then(setWhole)
      .catch((error: unknown) => setFailure(error))
  const toggle = () => {
    setOpen(!isOpen)
    if (!whole) void open()
  }
  const canOpen = state !== 'recalled' && !props.isOpened
  return (
    <li className={isRead ? 'wb-message' : 'wb-message wb-unread'}>
      <div className="wb-message-head">
        <span className={`wb-channel wb-channel-${channel}`}>
          <Icon name={icons[channel] ?? 'message'} size={14} />
          {message.via}
        </span>
        <span className="wb-grow wb-cut">{sender}</span>
        {isRead ? null : <span className="wb-dot">{t('unread')}</span>}
        <time dateTime={message.at} title={formatWhole(message.at)}>
          {formatAgo(message.at)}
        </time>
      </div>
      <CameBack message={message} />
      {state === 'recalled' ? <p className="wb-quiet">{t('recalled')}</p> : null}
      <div id={bodyId}>
        {card ? <Card card={card} isReceipt={message.receipt !== 'none'} /> : null}
        {title && !card && !(files.length === 1 && title === files[0]?.name) ? <h3>{title}</h3> : null}
        {text && !card ? <p className={isOpen ? 'wb-text' : 'wb-text wb-clamp'}>{text}</p> : null}
        <Files message={message} isOpen={isOpen} />
      </div>
      {state === 'lost' ? <p className="wb-lost">{t('lost')}</p> : null}
      <div className="wb-message-acts">
        {canOpen ? (
          <button
            type="button"
            className="wb-link"
            aria-expanded={isOpen}
            aria-controls={bodyId}
            onClick={toggle}
          >
            {isOpen ? t('less') : own('open')}
          </button>
        ) : null}
        <Leads message={message} onOpen={props.onOpen} onFollow={() => void open()} />
        {isOpen && state !== 'recalled' && !props.isCollected ? (
          <Places message={message} onFailure={setFailure} />
        ) : null}
        <Receipt message={message} onGiven={() => setAcknowledged(true)} onFailure={setFailure} />
      </div>
      {isOpen && message.isDigest ? <Collected digestId={id} onOpen={props.onOpen} /> : null}
      {failure === undefined ? null : (
        <p className="wb-lost" role="alert">
          {failure instanceof CallError && failure.message ? failure.message : t('networkFailed')}{' '}
          <ErrorNumber of={failure} />
        </p>
      )}
    </li>
  )
}

/** The messages that a digest carries, each of which is opened and answered by itself. */
function Collected({ digestId, onOpen }: { digestId: string; onOpen: OpenApp }): ReactNode {
  const t = useText('portal')
  const own = useText('own-messages')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['/web/portal/messages/collected', digestId],
    queryFn: ({ pageParam, signal }) =>
      api.get('/web/portal/messages/collected', { msgId: digestId, after: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: page => Number(page.next) || undefined,
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <p className="wb-quiet">{t('loading')}</p>
  return (
    <>
      <ul className="wb-collected" aria-label={own('collected')}>
        {data.pages
          .flatMap(page => page.list)
          .map(one => (
            <OwnMessage key={one.id} message={one} onOpen={onOpen} isCollected />
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
      ) : null}
    </>
  )
}

/** Its files: by name, and once it is opened as pictures and to be downloaded. */
function Files({ message, isOpen }: { message: MessageRow; isOpen: boolean }): ReactNode {
  const own = useText('own-messages')
  const { id, files } = message
  if (files.length === 0) return null
  return (
    <ul className="wb-files">
      {files.map(({ mediaId, kind, name, size }) => {
        const address = addressOf('/web/portal/messages/file', { msgId: id, mediaId })
        return (
          <li key={mediaId}>
            {isOpen && kind === 'image' ? <img src={address} alt={name} /> : null}
            <span className="wb-file-name">
              <bdi>{name}</bdi> <span className="wb-quiet">{formatBytes(size)}</span>
            </span>
            {isOpen ? (
              <a
                className="wb-link"
                href={address}
                download={name}
                aria-label={own('downloadFile', { name })}
              >
                {own('download')}
              </a>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}

function CameBack({ message: { laterUntil } }: { message: MessageRow }): ReactNode {
  const own = useText('own-messages')
  if (laterUntil === '') return null
  const isBack = Date.parse(laterUntil) <= Date.now()
  return <p className="wb-quiet">{own(isBack ? 'cameBack' : 'laterUntil', { at: formatTime(laterUntil) })}</p>
}

/** Following a message's link is opening it. */
function Leads(props: { message: MessageRow; onOpen: OpenApp; onFollow(): void }): ReactNode {
  const t = useText('portal')
  const { url, appId, button } = props.message
  if (!url) return null
  const words = button || t('details')
  if (appId)
    return (
      <button
        type="button"
        className="wb-link"
        onClick={() => {
          props.onFollow()
          props.onOpen(appId, url)
        }}
      >
        {words}
      </button>
    )
  return (
    <a className="wb-link" href={url} target="_blank" rel="noopener noreferrer" onClick={props.onFollow}>
      {words}
    </a>
  )
}

/** What the sender asked for: to be told that it was received, which says that it was read. */
function Receipt(props: {
  message: MessageRow
  onGiven(): void
  onFailure(error: unknown): void
}): ReactNode {
  const own = useText('own-messages')
  const { id, receipt, state } = props.message
  const [isGiven, setGiven] = useState(receipt === 'given')
  const [isBusy, setBusy] = useState(false)
  if (receipt === 'none' || state === 'recalled') return null
  if (isGiven)
    return (
      <span className="wb-received" role="status">
        <Icon name="check" size={16} />
        {own('received')}
      </span>
    )
  const give = () => {
    setBusy(true)
    api
      .post('/web/portal/messages/acknowledge', { msgId: id })
      .then(() => {
        setGiven(true)
        props.onGiven()
      })
      .catch(props.onFailure)
      .finally(() => setBusy(false))
  }
  return (
    <button type="button" className="wb-button wb-primary wb-receive" disabled={isBusy} onClick={give}>
      {own('receive')}
    </button>
  )
}

/** Only WeCom can tell the sender what somebody pressed, but for a receipt, which has its button below the card. */
function Card(props: { card: NonNullable<MessageRow['card']>; isReceipt: boolean }): ReactNode {
  const t = useText('wecom-card')
  const { isReceipt } = props
  const given: WecomCard = props.card
  const card = isReceipt && given.button_list?.length === 1 ? { ...given, button_list: [] } : given
  return (
    <div className="wb-card">
      <CardView card={card} follows foot={isAnswered(card) && !isReceipt ? t('inWecom') : undefined} />
    </div>
  )
}
