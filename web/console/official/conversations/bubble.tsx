import type { ReactNode } from 'react'
import { addressOf } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { kindName, type ShownLine } from './shown.ts'

/** What happened, other than a message, is a line in the middle. */
const events = [
  'subscribe',
  'unsubscribe',
  'scan',
  'click',
  'view',
  'transfer',
  'assigned',
  'closed',
  'kf_create_session',
  'kf_close_session',
  'kf_switch_session',
] as const
type EventKind = (typeof events)[number]

export function Bubble(props: { originalId: string; line: ShownLine }): ReactNode {
  const { originalId, line } = props
  const event = events.find(one => one === line.kind)
  if (event) return <EventLine line={line} event={event} />
  return (
    <div className={line.isFromFollower ? 'oa-talk-theirs' : 'oa-talk-ours'} data-state={line.state}>
      <div className="oa-talk-bubble">
        <Content originalId={originalId} line={line} />
      </div>
      <Foot line={line} />
    </div>
  )
}

function EventLine({ line, event }: { line: ShownLine; event: EventKind }): ReactNode {
  const t = useText('official-conversations')
  const who = line.actorName || line.actor
  const what =
    event === 'assigned'
      ? line.text
        ? t('event:assigned', { who, to: line.text })
        : t('event:unassigned', { who })
      : t(`event:${event}`, { who, text: line.text })
  return (
    <p className="oa-talk-event">
      <Time at={line.at} /> {what}
      {line.description ? `：${line.description}` : null}
    </p>
  )
}

function Content({ originalId, line }: { originalId: string; line: ShownLine }): ReactNode {
  const t = useText('official-conversations')
  const { kind, text, title, description, url, picUrl, media, id } = line
  if (media === 'image' && id) {
    const address = addressOf('/web/official/conversation/media', { originalId, id })
    return (
      <a href={address} target="_blank" rel="noreferrer">
        <img src={address} alt={t('kind:image')} loading="lazy" />
      </a>
    )
  }
  if (media === 'voice' && id)
    return (
      <>
        {text ? <p>{text}</p> : null}
        <a href={addressOf('/web/official/conversation/media', { originalId, id })} download>
          {t('voiceFile')}
        </a>
      </>
    )
  if (title || url)
    return (
      <div className="oa-talk-card">
        <b>{title}</b>
        {description ? <span>{description}</span> : null}
        {url ? (
          <a href={/^https?:/i.test(url) ? url : undefined} target="_blank" rel="noreferrer noopener">
            {url}
          </a>
        ) : null}
        {picUrl ? <span className="wisp-quiet">{t('withPicture')}</span> : null}
      </div>
    )
  if (kind === 'text') return text
  return (
    <>
      [{kindName(t, kind)}] {text}
    </>
  )
}

function Foot({ line }: { line: ShownLine }): ReactNode {
  const t = useText('official-conversations')
  const { isFromFollower, state, by, reason, rid } = line
  const who = line.actorName || line.actor || (by === 'api' || by === 'reply' ? t(`by:${by}`) : '')
  return (
    <div className="oa-talk-foot">
      {isFromFollower || !who ? null : <span>{who}</span>}
      <Time at={line.at} />
      {state ? <span className={`oa-talk-${state}`}>{t(`state:${state}`)}</span> : null}
      {reason ? <span className="oa-talk-reason">{reason}</span> : null}
      {rid ? (
        <span>
          rid <CopyId value={rid} />
        </span>
      ) : null}
    </div>
  )
}
