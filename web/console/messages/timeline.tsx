import { Alert, Button, Segmented, Timeline } from 'antd'
import { type ReactNode, useState } from 'react'
import type { MessageEvent } from '../../../server/features/messages/console/message-detail.ts'
import type { Answer, Row } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { type Translator, useText } from '../../ui/text.ts'
import { formatDuration, formatTime } from '../../ui/values/format.ts'
import { Time } from '../../ui/values/time.tsx'
import './messages.css'

type T = Translator<'messages'>
/** By userid; without those who are not known. */
type Names = Answer<'/web/messages/attempts'>['names']
const step = 100
const atMost = 200
/** From this many successful calls in a row on, they are shown as one entry. */
const runOf = 4

/**
 * The history of a message in order: accepted, each call with the upstream's answer, held back, sent again,
 * recalled.
 */
export function MessageTimeline(props: { message: Answer<'/web/messages/one'> }): ReactNode {
  const t = useText('messages')
  const { msgId, events, isExpanding, state } = props.message
  const [shown, setShown] = useState(step)
  const [isTroubled, setTroubled] = useState(false)
  const read = useRead(
    '/web/messages/attempts',
    { msgId, pageSize: shown, ...(isTroubled ? { troubled: '1' } : {}) },
    { keep: true, every: state === 'queued' ? 3000 : false },
  )
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={120} />
  const { list, total, names } = read.data
  const left = Math.min(total, atMost) - list.length
  const entries = [
    ...events.map(event => ({ at: event.at, item: eventItem(t, event, props.message) })),
    ...runsOf(list).map(run => ({ at: run[0].at, item: runItem(t, run, names) })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  return (
    <>
      {isExpanding ? (
        <Alert type="info" showIcon title={t('expanding')} style={{ marginBottom: 16 }} />
      ) : null}
      {props.message.attempts > runOf ? (
        <Segmented<string>
          value={isTroubled ? 'troubled' : 'all'}
          options={[
            { value: 'all', label: t('allAttempts') },
            { value: 'troubled', label: t('troubledAttempts') },
          ]}
          onChange={value => setTroubled(value === 'troubled')}
        />
      ) : null}
      <Timeline items={entries.map(one => one.item)} style={{ marginTop: 16 }} />
      {total === 0 && !isExpanding && !isTroubled ? <p className="wisp-quiet">{t('noAttempts')}</p> : null}
      {left > 0 ? (
        <Button size="small" onClick={() => setShown(atMost)}>
          {t('more', { n: left })}
        </Button>
      ) : null}
    </>
  )
}

type Run = [Row<'/web/messages/attempts'>, ...Row<'/web/messages/attempts'>[]]

/** Groups consecutive successful attempts when there are many of them. */
function runsOf(list: Row<'/web/messages/attempts'>[]): Run[] {
  const runs: Run[] = []
  for (const attempt of list) {
    const last = runs.at(-1)
    if (last && isWhole(last[0]) && isWhole(attempt)) last.push(attempt)
    else runs.push([attempt])
  }
  return runs.flatMap(run => (run.length < runOf ? run.map((one): Run => [one]) : [run]))
}

function isWhole({ outcome, refused }: Row<'/web/messages/attempts'>): boolean {
  return outcome === 'sent' && refused.length === 0
}

function runItem(t: T, run: Run, names: Names) {
  const [first] = run
  if (run.length === 1) return attemptItem(t, first, names)
  const persons = run.reduce((sum, one) => sum + one.receivers, 0)
  const title = `${t('outcome_sent')} · ${t('attemptTo', { n: persons })}`
  return {
    key: `run ${first.part} ${first.n}`,
    color: 'green',
    content: (
      <Entry at={first.at} title={title}>
        <div>{t('nAttempts', { n: run.length })}</div>
        <details>
          <summary>{t('raw')}</summary>
          <pre className="wisp-raw">
            {run
              .map(one => `${one.at}  ${one.userIds.join('|')}  ${formatDuration(one.ms)}  ${one.answer}`)
              .join('\n')}
          </pre>
        </details>
      </Entry>
    ),
  }
}

const eventColors = { accepted: 'blue', resent: 'blue', recalled: 'gray', held: 'orange' } as const

function eventItem(t: T, event: MessageEvent, message: Answer<'/web/messages/one'>) {
  return {
    key: `${event.kind} ${event.at}`,
    color: eventColors[event.kind],
    content: (
      <Entry at={event.at} title={t(event.kind)}>
        {eventWords(t, event, message)}
      </Entry>
    ),
  }
}

function eventWords(t: T, event: MessageEvent, message: Answer<'/web/messages/one'>): string {
  if (event.kind === 'held') {
    const { reason, receivers: n, isOver } = event
    return t(isOver ? 'heldOver' : 'heldUntil', { reason, n, until: formatTime(event.until) })
  }
  const who = event.who || (message.devId === '' ? t('administrator') : message.developer)
  if (event.kind === 'accepted') return t('acceptedBy', { who, n: event.receivers })
  if (event.receivers === null) return t('byWhom', { who })
  return t('byWhomTo', { who, n: event.receivers })
}

const outcomeColors: Record<string, string> = {
  sent: 'green',
  refused: 'red',
  again: 'orange',
  unsure: 'orange',
}
const outcomes = ['sent', 'refused', 'again', 'unsure', 'divide'] as const

function attemptItem(t: T, attempt: Row<'/web/messages/attempts'>, names: Names) {
  const { refused } = attempt
  // Upstream took the call, but nobody of it.
  const isForNobody = attempt.outcome === 'sent' && attempt.receivers === 0
  const outcome = isForNobody ? 'refused' : outcomes.find(one => one === attempt.outcome)
  const title = [
    outcome ? t(`outcome_${outcome}`) : attempt.outcome,
    ...(isForNobody ? refused.map(one => receiversText(t, one, names)) : [receiversText(t, attempt, names)]),
  ]
  const color = outcome === 'sent' && refused.length > 0 ? 'orange' : outcomeColors[outcome ?? '']
  return {
    key: `${attempt.part} ${attempt.n}`,
    color: color ?? 'blue',
    content: (
      <Entry at={attempt.at} title={title.join(' · ')}>
        <div>
          {t('attempt', { n: attempt.n })} · {t('ms', { took: formatDuration(attempt.ms) })}
          {attempt.way ? ` · ${t('byWay', { way: attempt.way })}` : null}
        </div>
        {attempt.before ? <div>{t(attempt.before === 'unsure' ? 'nextWayUnsure' : 'nextWay')}</div> : null}
        <div>
          {t('upstreamSaid')}: <span className="wisp-answer">{attempt.answer || '—'}</span>
        </div>
        {refused.map(one => (
          <div key={one.reason}>
            {t('refusedTo', { who: receiversText(t, one, names) })}:{' '}
            <span className="wisp-answer">
              {[one.reason, one.advice].filter(Boolean).join(t('fullStop'))}
            </span>
          </div>
        ))}
        {attempt.advice ? (
          <div>
            {t('testAdvice')}: <span className="wisp-answer">{attempt.advice}</span>
          </div>
        ) : null}
        <details>
          <summary>{t('raw')}</summary>
          <pre className="wisp-raw">{JSON.stringify(attempt, null, 2)}</pre>
        </details>
      </Entry>
    ),
  }
}

const namedAtMost = 3

function receiversText(
  t: T,
  { userIds, receivers }: { userIds: string[]; receivers: number },
  names: Names,
): string {
  if (userIds[0] === '@all') return t('everybody')
  if (receivers > namedAtMost) return t('attemptTo', { n: receivers })
  return userIds.map(userId => names[userId] || userId).join(t('listComma'))
}

function Entry(props: { at: string; title: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <div className="wisp-entry-head">
        <strong>{props.title}</strong>
        {props.at ? (
          <span className="wisp-quiet">
            <Time exact at={props.at} />
          </span>
        ) : null}
      </div>
      <div className="wisp-entry-body">{props.children}</div>
    </div>
  )
}
