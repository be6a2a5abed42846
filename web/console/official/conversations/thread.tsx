import { ArrowLeftOutlined } from '@ant-design/icons'
import { Alert, Button, Tag } from 'antd'
import { type ReactNode, type UIEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import { addressOf, api } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { currentLanguage } from '../../../ui/language.ts'
import { useText } from '../../../ui/text.ts'
import { AssignButton } from './assign.tsx'
import { Bubble } from './bubble.tsx'
import { Composer } from './composer.tsx'
import { useFollowerName } from './follower-name.ts'
import type { ShownConversation, ShownLine } from './shown.ts'

/** In pixels. */
const nearEnd = 40

/** One conversation. */
export function Thread(props: { originalId: string; openid: string; isNarrow: boolean }): ReactNode {
  const t = useText('official-conversations')
  const { originalId, openid, isNarrow } = props
  const [, set] = useUrlState()
  const nameOf = useFollowerName()
  const read = useRead('/web/official/conversation', { originalId, openid })
  useReadMark(originalId, openid, read.data)
  const back = isNarrow ? (
    <Button
      type="text"
      icon={<ArrowLeftOutlined />}
      aria-label={t('back')}
      onClick={() => set({ open: undefined })}
    />
  ) : null
  if (read.error && !read.data)
    return (
      <section className="oa-talk-thread">
        <div className="oa-talk-head">{back}</div>
        <ErrorState error={read.error} retry={() => void read.refetch()} />
      </section>
    )
  if (!read.data) return <Loading height={400} />
  const { conversation } = read.data
  return (
    <section className="oa-talk-thread" aria-label={nameOf(conversation)}>
      <div className="oa-talk-head">
        {back}
        <h2>{nameOf(conversation)}</h2>
        {conversation.member && conversation.member.name !== conversation.name ? (
          <Tag>{conversation.member.name}</Tag>
        ) : null}
        {conversation.subscribed ? null : <Tag>{t('left')}</Tag>}
        <Acts originalId={originalId} conversation={conversation} />
      </div>
      {conversation.kfSince ? (
        <Alert
          type="info"
          showIcon
          title={conversation.kfAccount ? t('kfBy', { account: conversation.kfAccount }) : t('kf')}
          description={t('kfHint')}
        />
      ) : null}
      <Lines key={openid} originalId={originalId} openid={openid} shown={read.data} />
      <Composer
        originalId={originalId}
        shown={read.data}
        readAt={read.dataUpdatedAt}
        onEnd={() => void read.refetch()}
      />
    </section>
  )
}

/** A conversation that is on the screen counts as read. */
function useReadMark(originalId: string, openid: string, shown: ShownConversation | undefined): void {
  const lastId = shown?.lines.findLast(line => line.id !== null)?.id
  const isUnread = (shown?.conversation.unread ?? 0) > 0
  useEffect(() => {
    if (!isUnread || !lastId) return
    const mark = () => {
      if (document.hidden) return
      // The next look at the conversation tries again.
      api.post('/web/official/conversation/read', { originalId, openid, upTo: lastId }).catch(() => undefined)
    }
    mark()
    document.addEventListener('visibilitychange', mark)
    return () => document.removeEventListener('visibilitychange', mark)
  }, [originalId, openid, lastId, isUnread])
}

function Acts(props: { originalId: string; conversation: ShownConversation['conversation'] }): ReactNode {
  const t = useText('official-conversations')
  const { originalId, conversation } = props
  const { openid } = conversation
  const close = useAct('/web/official/conversation/close', {
    done: t('closedDone'),
    refresh: ['/web/official/conversation'],
  })
  const file = { originalId, openid, language: currentLanguage() }
  return (
    <div className="oa-talk-acts">
      <AssignButton originalId={originalId} conversation={conversation} />
      {conversation.closedAt ? (
        <Tag>{t('filter:closed')}</Tag>
      ) : (
        <Button loading={close.isRunning} onClick={() => void close.run({ originalId, openid })}>
          {t('close')}
        </Button>
      )}
      <Button href={addressOf('/web/official/conversation/export', file)} download>
        {t('export')}
      </Button>
    </div>
  )
}

function Lines(props: { originalId: string; openid: string; shown: ShownConversation }): ReactNode {
  const t = useText('official-conversations')
  const textOf = useErrorText()
  const { originalId, openid, shown } = props
  const [older, setOlder] = useState<{ lines: ShownLine[]; more: boolean }>()
  const [problem, setProblem] = useState('')
  const frame = useRef<HTMLDivElement>(null)
  const lines = merged(older?.lines ?? [], shown.lines)
  const lastKey = lines.at(-1)?.key
  const isAtEnd = useRef(true)
  const toEnd = () => frame.current?.scrollTo({ top: frame.current.scrollHeight })
  // A new line is shown at once, whatever was looked at.
  useLayoutEffect(() => void toEnd(), [lastKey])
  const onScroll = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: UIEvent) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd
  }
  const loadOlder = async () => {
    const before = lines.find(line => line.id !== null)?.id
    if (!before) return
    try {
      const page = await api.get('/web/official/conversation', { originalId, openid, before })
      setProblem('')
      setOlder({ lines: [...page.lines, ...(older?.lines ?? [])], more: page.more })
    } catch (error) {
      setProblem(textOf(error))
    }
  }
  return (
    // People without a mouse scroll it by the arrow keys.
    <div
      className="oa-talk-lines"
      role="log"
      aria-label={t('lines')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
      tabIndex={0}
      ref={frame}
      onScroll={onScroll}
      // Pictures get their height late.
      onLoadCapture={() => (isAtEnd.current ? toEnd() : undefined)}
    >
      {(older ?? shown).more ? (
        <div className="oa-talk-more">
          <Button type="link" onClick={() => void loadOlder()}>
            {t('older')}
          </Button>
        </div>
      ) : null}
      {problem ? <Alert type="error" title={problem} /> : null}
      {lines.length === 0 ? <p className="oa-talk-event">{t('nothingSaid')}</p> : null}
      {lines.map(line => (
        <Bubble key={line.key} originalId={originalId} line={line} />
      ))}
    </div>
  )
}

/** The newest lines move on while older ones stay where they were read. */
function merged(older: readonly ShownLine[], newest: readonly ShownLine[]): ShownLine[] {
  const lines = new Map([...older, ...newest].map(line => [line.key, line]))
  return [...lines.values()]
}
