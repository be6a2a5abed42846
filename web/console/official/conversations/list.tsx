import { Badge, Button, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Areas } from '../../../text/areas.ts'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useSettled } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { written } from '../../../ui/values/format.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { useFollowerName } from './follower-name.ts'
import { type Conversation, kindName } from './shown.ts'

const filters = ['open', 'mine', 'unassigned', 'waiting', 'closed'] as const
type Filter = (typeof filters)[number]
const atOnce = 30
const atMost = 600

export function ConversationList(props: { originalId: string; open: string | undefined }): ReactNode {
  const t = useText('official-conversations')
  const { originalId, open } = props
  const [values, set] = useUrlState()
  const [limit, setLimit] = useState(atOnce)
  const filter = filters.find(one => one === values['filter']) ?? 'open'
  const search = useSettled(values['search'] ?? '')
  const read = useRead('/web/official/conversations', { originalId, filter, search, limit }, { keep: true })
  return (
    <section className="oa-talk-list" aria-label={t('title')}>
      <div className="oa-talk-filters">
        <Input.Search
          allowClear
          aria-label={t('search')}
          placeholder={t('search')}
          maxLength={64}
          value={values['search'] ?? ''}
          onChange={event => set({ search: event.target.value }, { replace: true })}
        />
        <Select<Filter>
          aria-label={t('filter')}
          value={filter}
          options={filters.map(one => ({ value: one, label: t(`filter:${one}`) }))}
          onChange={chosen => {
            setLimit(atOnce)
            set({ filter: chosen === 'open' ? undefined : chosen })
          }}
        />
      </div>
      {read.error && !read.data ? (
        <ErrorState error={read.error} retry={() => void read.refetch()} />
      ) : !read.data ? (
        <Loading />
      ) : read.data.list.length === 0 ? (
        <EmptyState
          title={t(search ? 'noneFound' : `none:${filter}`)}
          hint={search || filter !== 'open' ? undefined : t('noneHint')}
        />
      ) : (
        <ul>
          {read.data.list.map(one => (
            <li key={one.openid}>
              <Row conversation={one} isOpen={one.openid === open} onOpen={() => set({ open: one.openid })} />
            </li>
          ))}
          {read.data.more && limit < atMost ? (
            <li className="oa-talk-more">
              <Button type="link" loading={read.isFetching} onClick={() => setLimit(limit + atOnce)}>
                {t('more')}
              </Button>
            </li>
          ) : null}
        </ul>
      )}
    </section>
  )
}

function Row(props: { conversation: Conversation; isOpen: boolean; onOpen(): void }): ReactNode {
  const t = useText('official-conversations')
  const nameOf = useFollowerName()
  const { conversation: one, isOpen, onOpen } = props
  return (
    <button
      type="button"
      className="oa-talk-row"
      aria-current={isOpen ? 'true' : undefined}
      onClick={onOpen}
      data-openid={one.openid}
    >
      <span className="oa-talk-row-head">
        <b>{nameOf(one)}</b>
        {one.unread > 0 ? (
          <>
            <Badge count={one.unread} aria-hidden />
            <span className="wisp-hidden">{t('unread', { n: one.unread })}</span>
          </>
        ) : null}
        {one.lastAt ? <time dateTime={one.lastAt}>{written(one.lastAt)}</time> : null}
      </span>
      <span className="oa-talk-row-text">{lastWords(t, one)}</span>
      <Marks conversation={one} />
    </button>
  )
}

function Marks({ conversation: one }: { conversation: Conversation }): ReactNode {
  const t = useText('official-conversations')
  const marks: { kind: StateKind; text: string }[] = []
  if (one.needsPerson) marks.push({ kind: 'bad', text: t('needsPerson') })
  else if (one.unansweredSince) marks.push({ kind: 'warn', text: t('unanswered') })
  if (one.kfSince) marks.push({ kind: 'busy', text: t('atKf') })
  if (one.assigned) marks.push({ kind: 'good', text: one.isMine ? t('mine') : one.assigned.name })
  if (!one.subscribed) marks.push({ kind: 'idle', text: t('left') })
  if (marks.length === 0) return null
  return (
    <span className="oa-talk-marks">
      {marks.map(mark => (
        <State key={mark.text} kind={mark.kind}>
          {mark.text}
        </State>
      ))}
    </span>
  )
}

type Texts = Areas['official-conversations']

/** The last message in one line; of what has no words, its kind. */
function lastWords(t: (key: keyof Texts) => string, one: Conversation): string {
  const words = one.lastText || kindName(t, one.lastKind)
  return one.lastIsFromFollower || !words ? words : `${t('us')}${words}`
}
