import { Button, Select, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatDuration, formatTime } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { Exchange } from './exchange.tsx'
import { choices, readAgainMs, typeText, type Webhook } from './standing.tsx'

type Delivery = Answer<'/web/developers/webhooks/log'>['list'][number]
type Key = { devId: string; webhookId: string }

const states = ['waiting', 'done', 'failed', 'skipped'] as const
const kinds = { waiting: 'busy', done: 'good', failed: 'bad', skipped: 'idle' } as const

/** What was and will be sent to a webhook, the newest first. */
export function WebhookLog(props: { devId: string; webhook: Webhook }): ReactNode {
  const t = useText('webhooks')
  const { devId, webhook } = props
  const [state, setState] = useState<(typeof states)[number]>()
  const [type, setType] = useState<string>()
  // The first number of each page that was turned to.
  const [befores, setBefores] = useState<(number | undefined)[]>([undefined])
  const choose = (change: () => void) => {
    change()
    setBefores([undefined])
  }
  const key = { devId, webhookId: webhook.webhookId }
  return (
    <section className="webhooks-log" aria-label={t('log')}>
      <h3>{t('log')}</h3>
      <div className="wisp-quiet">{t('logHint')}</div>
      <div className="webhooks-actions">
        <Select
          aria-label={t('allStates')}
          allowClear
          placeholder={t('allStates')}
          value={state}
          options={states.map(value => ({ value, label: t(`state:${value}`) }))}
          onChange={value => choose(() => setState(value))}
          style={{ minWidth: 130 }}
        />
        <Select
          aria-label={t('allTypes')}
          allowClear
          placeholder={t('allTypes')}
          value={type}
          options={choices.map(value => ({ value, label: typeText(value, t) }))}
          onChange={value => choose(() => setType(value))}
          style={{ minWidth: 170 }}
        />
      </div>
      {befores.map((before, index) => (
        <Page
          key={before ?? 0}
          given={{ ...key, state: state ?? '', type: type ?? '', before: before ?? '' }}
          isOn={webhook.state === 'on'}
          isLast={index === befores.length - 1}
          more={next => setBefores([...befores, next])}
        />
      ))}
    </section>
  )
}

type LogFilter = Key & { state: (typeof states)[number] | ''; type: string; before: number | '' }

function Page(props: {
  given: LogFilter
  isOn: boolean
  isLast: boolean
  more(next: number): void
}): ReactNode {
  const t = useText('webhooks')
  const { given, isOn, isLast, more } = props
  const read = useRead('/web/developers/webhooks/log', given, {
    keep: true,
    every: data => readAgainMs(data?.list.some(one => one.state === 'waiting')),
  })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={80} />
  const { list, next } = read.data
  if (list.length === 0 && given.before === '') return <EmptyState title={t('logEmpty')} />
  return (
    <>
      <ul className="webhooks-deliveries">
        {list.map(delivery => (
          <Line
            key={delivery.seq}
            devId={given.devId}
            webhookId={given.webhookId}
            delivery={delivery}
            isOn={isOn}
          />
        ))}
      </ul>
      {isLast && next > 0 ? (
        <div>
          <Button onClick={() => more(next)}>{t('more')}</Button>
        </div>
      ) : null}
    </>
  )
}

function Line(props: Key & { delivery: Delivery; isOn: boolean }): ReactNode {
  const t = useText('webhooks')
  const { devId, webhookId, delivery, isOn } = props
  const { seq, type, entity, state, attempts, status, error, createdAt, nextAt } = delivery
  const [isOpen, setOpen] = useState(false)
  const replay = useAct('/web/developers/webhooks/replay', {
    refresh: ['/web/developers/webhooks'],
    done: ({ count }) => t('replayed', { n: count }),
  })
  return (
    <li>
      <div className="webhooks-line">
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span className="webhooks-head">
            <strong>{type}</strong>
            <span className="wisp-quiet">#{seq}</span>
            <State kind={kinds[state]}>{t(`state:${state}`)}</State>
            {status > 0 ? <Tag>{status}</Tag> : null}
          </span>
          <span className="wisp-quiet webhooks-head">
            <span>{entity}</span>
            <Time exact at={createdAt} />
            {attempts > 1 ? <span>{t('tried', { n: attempts })}</span> : null}
            {nextAt && attempts > 0 ? <span>{t('nextAt', { time: formatTime(nextAt) })}</span> : null}
          </span>
          {error ? <span className="webhooks-error">{error}</span> : null}
          {state === 'skipped' ? <span className="wisp-quiet">{t('skippedHint')}</span> : null}
        </button>
        <Button
          size="small"
          disabled={!isOn}
          loading={replay.isRunning}
          aria-label={`${t('replay')} #${seq}`}
          onClick={() => void replay.run({ devId, webhookId, seq })}
        >
          {t('replay')}
        </Button>
      </div>
      {isOpen ? <Attempts devId={devId} webhookId={webhookId} seq={seq} /> : null}
    </li>
  )
}

function Attempts(props: Key & { seq: number }): ReactNode {
  const t = useText('webhooks')
  const { devId, webhookId, seq } = props
  const read = useRead('/web/developers/webhooks/attempts', { devId, webhookId, seq })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={80} />
  if (read.data.list.length === 0) return <div className="wisp-quiet">{t('noAttempts')}</div>
  return (
    <>
      {read.data.list.map(attempt => (
        <div key={attempt.n} className="webhooks-attempt">
          <div className="wisp-quiet webhooks-head">
            <span>{t('attempts', { n: attempt.n })}</span>
            <Time exact at={attempt.at} />
            <span>{formatDuration(attempt.ms)}</span>
          </div>
          <Exchange sent={attempt} />
        </div>
      ))}
    </>
  )
}
