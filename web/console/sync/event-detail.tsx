import { Alert, Button, Descriptions, Tabs } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../ui/address/drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { CopyButton } from '../../ui/values/copy.tsx'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { prettyXml, useEventWords } from './event-words.ts'
import { Failure } from './failure.tsx'

const whilePendingMs = 1000

/** One event: what was received, what was done with it, and a button to replay it. */
export function EventDetailView(props: { id: string }): ReactNode {
  const t = useText('sync')
  const read = useRead(
    '/web/sync/event',
    { id: Number(props.id) },
    { every: event => (event?.state === 'pending' ? whilePendingMs : false) },
  )
  const replay = useAct('/web/sync/replay', {
    done: output => t('replayed', { n: output.count }),
    refresh: ['/web/sync'],
  })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const event = read.data
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <Facts event={event} />
      {event.error ? (
        <Alert
          type={event.state === 'done' ? 'info' : 'error'}
          showIcon
          title={<Failure text={event.error} />}
        />
      ) : null}
      <DrawerActions>
        <Button
          type="primary"
          loading={replay.isRunning}
          onClick={() => void replay.run({ ids: [event.id] })}
        >
          {t('replayOne')}
        </Button>
        <span className="wisp-quiet">{t('replayHint')}</span>
      </DrawerActions>
      <Contents event={event} />
    </div>
  )
}

function Facts(props: { event: Answer<'/web/sync/event'> }): ReactNode {
  const t = useText('sync')
  const words = useEventWords()
  const { event } = props
  const items = [
    {
      key: 'state',
      label: t('state'),
      children: <State kind={words.stateKind(event.state)}>{words.state(event.state)}</State>,
    },
    { key: 'type', label: t('type'), children: `${words.type(event.changeType)}（${event.changeType}）` },
    { key: 'entity', label: t('entity'), children: words.entity(event.entity) },
    { key: 'source', label: t('source'), children: words.source(event.source) },
    { key: 'received', label: t('receivedAt'), children: <Time at={event.receivedAt} /> },
    { key: 'done', label: t('doneAt'), children: <Time at={event.doneAt} /> },
    { key: 'attempts', label: t('attempts'), children: event.attempts },
    ...(event.state === 'pending'
      ? [{ key: 'next', label: t('nextAttemptAt'), children: <Time at={event.nextAttemptAt} /> }]
      : []),
    ...(event.hits > 1 ? [{ key: 'hits', label: t('hits'), children: event.hits }] : []),
  ]
  return <Descriptions size="small" bordered column={1} items={items} />
}

/** What was received, decrypted and as it came. */
export function Contents(props: { event: { plain: string | null; raw: string | null } }): ReactNode {
  const t = useText('sync')
  const { plain, raw } = props.event
  if (!plain && !raw) return <div className="wisp-quiet">{t('noContent')}</div>
  return (
    <Tabs
      items={[
        {
          key: 'plain',
          label: t('plain'),
          children: <Code text={plain ? prettyXml(plain) : ''} what={t('plain')} />,
        },
        { key: 'raw', label: t('raw'), children: <Code text={raw ?? ''} what={t('raw')} /> },
      ]}
    />
  )
}

function Code(props: { text: string; what: string }): ReactNode {
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      <div>
        <CopyButton value={props.text} what={props.what} withText />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <section className="sync-code" tabIndex={0} aria-label={props.what}>
        <pre>{props.text}</pre>
      </section>
    </div>
  )
}
