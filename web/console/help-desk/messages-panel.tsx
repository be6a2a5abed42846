import { Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { ServedWhy } from '../messages/why.tsx'
import { messagesAtMost } from './shown.ts'

type Message = Answer<'/web/help-desk/person'>['messages'][number]

/** What was sent to the member through which channel, and what became of it. */
export function MessagesPanel({ userId, messages }: { userId: string; messages: Message[] }): ReactNode {
  const t = useText('help-desk')
  const [channel, setChannel] = useState('')
  const channels = [...new Set(messages.map(one => one.via))]
  const shown = messages.filter(one => channel === '' || one.via === channel)
  return (
    <Panel
      title={t('messagesTitle')}
      extra={
        channels.length > 1 ? (
          <Select
            size="small"
            aria-label={t('allChannels')}
            value={channel}
            onChange={setChannel}
            popupMatchSelectWidth={false}
            options={['', ...channels].map(value => ({ value, label: value || t('allChannels') }))}
          />
        ) : null
      }
    >
      {messages.length === 0 ? <p className="wisp-quiet help-desk-note">{t('messagesEmpty')}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <ul className="help-desk-rows help-desk-scroll" tabIndex={0} aria-label={t('messagesTitle')}>
        {shown.map(one => (
          <MessageRow key={`${one.id} ${one.at} ${one.state}`} userId={userId} message={one} />
        ))}
      </ul>
      {messages.length === messagesAtMost ? (
        <p className="wisp-quiet help-desk-note">{t('messagesMore', { n: messagesAtMost })}</p>
      ) : null}
    </Panel>
  )
}

const kinds = { waiting: 'busy', sent: 'good', failed: 'bad', unknown: 'warn', recalled: 'idle' } as const

function MessageRow({ userId, message }: { userId: string; message: Message }): ReactNode {
  const t = useText('help-desk')
  const words = useText('message-why')
  const [isOpen, setOpen] = useState(false)
  const { title, at, via, sender, state, reason, advice, heldUntil } = message
  const why = heldUntil ? t('waitingUntil', { time: formatTime(heldUntil) }) : reason
  return (
    <li className="help-desk-line">
      <span className="help-desk-grow">
        {title ? <bdi>{title}</bdi> : <span className="wisp-quiet">{t('noTitle')}</span>}
        <span className="wisp-quiet help-desk-below">
          <Time at={at} /> · {[via, sender].filter(Boolean).join(' · ')}
        </span>
        {why ? <span className="help-desk-below">{why}</span> : null}
        {advice ? <span className="wisp-quiet help-desk-below">{advice}</span> : null}
        <Button
          type="link"
          size="small"
          className="help-desk-why"
          aria-expanded={isOpen}
          aria-label={words('whyOf', { title: title || t('noTitle') })}
          onClick={() => setOpen(!isOpen)}
        >
          {words('why')}
        </Button>
        {isOpen ? <ServedWhy msgId={message.id} userId={userId} /> : null}
      </span>
      <State kind={kinds[state]}>{t(state)}</State>
    </li>
  )
}
