import { Button, Input, Select, Space } from 'antd'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer, CallInput } from '../../ui/data/api.ts'
import { Panel } from '../../ui/panel.tsx'
import { momentPicked, pickedFrom } from '../../ui/values/picked.ts'
import { storedFile } from '../media/media-field.tsx'
import { type MessageType, useOwner, useRepliesText } from './owner.tsx'
import type { Content } from './words.ts'
import './replies.css'
import { DatePicker } from '../../ui/fields/dates.tsx'

const minuteFormat = 'YYYY-MM-DD HH:mm'

type Simulation = Answer<'/web/official/replies/simulate'>
type Event = CallInput<'/web/official/replies/simulate'>['event']
type Line = { id: number; said: string } | { id: number; answer: Simulation; isSilent: boolean }

/** A chat with the owner as a person would have it: what answers, and why everything else does not. */
export function Simulator(): ReactNode {
  const t = useRepliesText()
  const [lines, setLines] = useState<Line[]>([])
  const [text, setText] = useState('')
  const [at, setAt] = useState('')
  const [place, setPlace] = useState<Simulation['place']>(null)
  const { calls, input, name } = useOwner()
  const act = useAct(calls.simulate)
  const atLabel = useId()
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (lines.length > 0) end.current?.scrollIntoView({ block: 'nearest' })
  }, [lines])
  const send = async (event: Event, said: string) => {
    const answer = await act.run({
      ...input,
      event,
      ...(at ? { at: momentPicked(pickedFrom(at)) } : {}),
      ...(place ? { place } : {}),
    })
    if (!answer) return
    const isSilent = event.kind === 'silence'
    setLines(known => [...known, { id: known.length, said }, { id: known.length + 1, answer, isSilent }])
    setPlace(answer.place)
    // What was typed while the answer was awaited stays.
    setText(now => (now === text ? '' : now))
  }
  const write = () => {
    if (text && !act.isRunning) void send({ kind: 'message', type: 'text', text }, text)
  }
  const last = lines.findLast(line => 'answer' in line)
  const reset = () => {
    setLines([])
    setPlace(null)
  }
  return (
    <section aria-label={t('simulator')}>
      <Panel
        title={t('simulator')}
        extra={
          <Button size="small" onClick={reset} disabled={lines.length === 0}>
            {t('restart')}
          </Button>
        }
      >
        <div className="replies-fields">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
          <div className="replies-chat" role="log" aria-label={name} tabIndex={0}>
            {lines.length === 0 ? <div className="replies-note">{t('simulatorHint')}</div> : null}
            {lines.map(line =>
              'said' in line ? (
                <div key={line.id} className="replies-bubble replies-mine">
                  {line.said}
                </div>
              ) : (
                <Answered key={line.id} answer={line.answer} isSilent={line.isSilent} />
              ),
            )}
            <div ref={end} />
          </div>
          {place ? (
            <div className="replies-row">
              <span className="wisp-quiet">{t('inFlow', { step: place.stepId })}</span>
              <Button size="small" onClick={() => void send({ kind: 'silence' }, t('did:silence'))}>
                {t('do:silence')}
              </Button>
            </div>
          ) : null}
          <Space.Compact block>
            <Input
              aria-label={t('typeAsFollower')}
              placeholder={t('typeAsFollower')}
              maxLength={2000}
              value={text}
              onChange={event => setText(event.target.value)}
              onPressEnter={write}
            />
            <Button type="primary" loading={act.isRunning} disabled={!text} onClick={write}>
              {t('send')}
            </Button>
          </Space.Compact>
          <OtherActs text={text} send={(event, said) => void send(event, said)} />
          <div className="replies-row">
            <span id={atLabel}>{t('at')}</span>
            <DatePicker
              showTime={{ format: 'HH:mm' }}
              format={minuteFormat}
              size="small"
              needConfirm={false}
              style={{ width: 200 }}
              aria-labelledby={atLabel}
              value={at ? pickedFrom(at) : null}
              onChange={time => setAt(time ? time.format(minuteFormat) : '')}
            />
          </div>
          {last && 'answer' in last ? <Verdicts answer={last.answer} /> : null}
        </div>
      </Panel>
    </section>
  )
}

/** What a follower can do besides writing. */
function OtherActs(props: { text: string; send(event: Event, said: string): void }): ReactNode {
  const t = useRepliesText()
  const { kinds, messageTypes } = useOwner()
  const { text, send } = props
  return (
    <div className="replies-row">
      {kinds.includes('enter') ? (
        <Button size="small" onClick={() => send({ kind: 'enter' }, t('did:enter'))}>
          {t('do:enter')}
        </Button>
      ) : null}
      <Button size="small" onClick={() => send({ kind: 'subscribe' }, t('did:subscribe'))}>
        {t('do:subscribe')}
      </Button>
      <Button size="small" onClick={() => send({ kind: 'unsubscribe' }, t('did:unsubscribe'))}>
        {t('do:unsubscribe')}
      </Button>
      <Button
        size="small"
        disabled={!text}
        title={t('do:menuHint')}
        onClick={() => send({ kind: 'menu', text }, t('did:menu', { key: text }))}
      >
        {t('do:menu')}
      </Button>
      <Select
        size="small"
        aria-label={t('do:type')}
        placeholder={t('do:type')}
        value={null}
        style={{ width: 130 }}
        options={messageTypes
          .filter(type => type !== 'text')
          .map(value => ({ value, label: t(`type:${value}`) }))}
        onChange={(type: MessageType | null) =>
          type && send({ kind: 'message', type }, t('did:type', { type: t(`type:${type}`) }))
        }
      />
    </div>
  )
}

/** `isSilent`: the follower only waited, so that nothing but the end of a flow can be told. */
function Answered({ answer, isSilent }: { answer: Simulation; isSilent: boolean }): ReactNode {
  const t = useRepliesText()
  const { by, flow, timeout } = answer
  const { files = [], person = false } = answer as Partial<Simulation>
  const contents = answer.contents as Content[]
  const begins = flow !== '' && answer.rules.some(rule => rule.answers)
  const end = timeout ? <div className="replies-bubble">{timeout}</div> : null
  if (isSilent)
    return (
      <>
        {end}
        <div className="replies-note">{t('timedOut')}</div>
      </>
    )
  return (
    <>
      {end}
      {contents.map((content, index) => (
        <Said key={index} content={content} files={files} />
      ))}
      {person ? <div className="replies-note">{t('handedOver')}</div> : null}
      <div className="replies-note">
        {by === '' ? t('noAnswer') : begins ? t('byFlow', { by, flow }) : t('by', { by })}
      </div>
    </>
  )
}

function Said({ content, files }: { content: Content; files: Simulation['files'] }): ReactNode {
  const t = useRepliesText()
  if ('content' in content) return <div className="replies-bubble">{content.content}</div>
  if (content.type === 'transfer') return <div className="replies-note">{t('handedToKf')}</div>
  const hash =
    'hash' in content
      ? content.hash
      : 'mediaId' in content
        ? files.find(one => one.mediaId === content.mediaId)?.hash
        : undefined
  if (content.type === 'image' && hash)
    return (
      <div className="replies-bubble">
        <img src={storedFile(hash)} alt={t('content:image')} />
      </div>
    )
  if (content.type === 'articles')
    return content.articles.map((article, n) => <Article key={n} {...article} />)
  if (content.type === 'news' || content.type === 'card') return <Article picUrl="" {...content} />
  return <div className="replies-bubble">[{t(`content:${content.type}`)}]</div>
}

function Article(props: { title: string; description: string; picUrl: string; url: string }): ReactNode {
  return (
    <div className="replies-bubble">
      {props.picUrl ? <img src={props.picUrl} alt="" /> : null}
      <strong>{props.title}</strong>
      {props.description ? <div>{props.description}</div> : null}
      <div className="replies-url">{props.url}</div>
    </div>
  )
}

const verdictsAtMost = 50

function Verdicts({ answer }: { answer: Simulation }): ReactNode {
  const t = useRepliesText()
  const { rules } = answer
  if (rules.length === 0) return null
  const shown = [...rules.filter(rule => rule.answers), ...rules.filter(rule => !rule.answers)]
  return (
    <details className="replies-why" open={rules.length <= 8}>
      <summary>{t('why', { n: rules.length })}</summary>
      <ul>
        {shown.slice(0, verdictsAtMost).map(rule => (
          <li key={rule.id}>
            <strong>
              {rule.answers ? '✓ ' : ''}
              {rule.name}
            </strong>
            {' — '}
            {rule.why}
          </li>
        ))}
      </ul>
      {shown.length > verdictsAtMost ? t('more', { n: shown.length - verdictsAtMost }) : null}
    </details>
  )
}
