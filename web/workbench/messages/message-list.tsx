import './messages.css'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useDeferredValue, useEffect, useState } from 'react'
import type { Shelf } from '../../../server/features/messages/mine/my-messages.ts'
import { api } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { Icon } from '../icons.tsx'
import { Failed } from '../states.tsx'
import { type OpenApp, OwnMessage } from './own-message.tsx'

const shelves: readonly Shelf[] = ['inbox', 'unread', 'later', 'archived']

/** The person's messages, newest first. That they are on the screen clears the number at the bell; one is read when it is opened. */
export function MessageList({ onOpen }: { onOpen: OpenApp }): ReactNode {
  const t = useText('own-messages')
  const [shelf, setShelf] = useState<Shelf>('inbox')
  const [text, setText] = useState('')
  const words = useDeferredValue(text.trim())
  return (
    <>
      <search className="wb-search wb-message-search">
        <Icon name="search" size={18} />
        <input
          type="search"
          value={text}
          maxLength={100}
          placeholder={t('searchHint')}
          aria-label={t('searchHint')}
          onChange={event => setText(event.target.value)}
        />
      </search>
      <div className="wb-segments">
        {shelves.map(one => (
          <button
            key={one}
            type="button"
            className="wb-segment"
            aria-pressed={one === shelf}
            onClick={() => setShelf(one)}
          >
            {t(one)}
          </button>
        ))}
      </div>
      <ShelfList key={`${shelf} ${words}`} shelf={shelf} words={words} onOpen={onOpen} />
    </>
  )
}

function ShelfList(props: { shelf: Shelf; words: string; onOpen: OpenApp }): ReactNode {
  const { shelf, words, onOpen } = props
  const t = useText('portal')
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useShelf(shelf, words)
  useShown(shelf === 'inbox' && words === '' ? data?.pages[0]?.list : undefined)
  const messages = data?.pages.flatMap(page => page.list) ?? []
  // Of many messages few may be on this shelf, and none of the first page.
  const isLooking = messages.length === 0 && hasNextPage
  useEffect(() => {
    if (isLooking && !isFetchingNextPage) void fetchNextPage()
  }, [isLooking, isFetchingNextPage, fetchNextPage])
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data || isLooking) return <p className="wb-none">{t('loading')}</p>
  if (messages.length === 0) return <Nothing shelf={shelf} isSearch={words !== ''} />
  return (
    <>
      <ul className="wb-messages">
        {messages.map(one => (
          <OwnMessage key={`${one.id}${one.at}`} message={one} onOpen={onOpen} />
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

function useShelf(shelf: Shelf, words: string) {
  const asked = { shelf, ...(words === '' ? {} : { words }) }
  return useInfiniteQuery({
    queryKey: ['/web/portal/messages', shelf, words],
    queryFn: ({ pageParam, signal }) =>
      api.get('/web/portal/messages', { after: pageParam, ...asked }, signal),
    initialPageParam: '',
    getNextPageParam: page => page.next || undefined,
    staleTime: 0,
  })
}

/** Notes what has been on the screen. */
function useShown(first: readonly { at: string; isUnread: boolean }[] | undefined): void {
  const client = useQueryClient()
  const isNew = first?.some(one => one.isUnread)
  // What came back from later stands first and is older.
  const latest = first?.map(one => one.at).toSorted((a, b) => Date.parse(b) - Date.parse(a))[0]
  const upTo = isNew ? latest : undefined
  useEffect(() => {
    if (upTo === undefined) return
    api
      .post('/web/portal/messages/read', { upTo })
      .then(() => {
        for (const path of ['/web/portal/unread', '/web/portal/waiting'])
          void client.invalidateQueries({ queryKey: [path] })
      })
      .catch(() => undefined)
  }, [upTo, client])
}

function Nothing({ shelf, isSearch }: { shelf: Shelf; isSearch: boolean }): ReactNode {
  const t = useText('portal')
  const own = useText('own-messages')
  return (
    <div className="wb-none">
      <Icon name="message" size={40} />
      <p>{isSearch ? own('noneFound') : shelf === 'inbox' ? t('noMessages') : own(`none_${shelf}`)}</p>
    </div>
  )
}
