import { Button, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { useScopeName } from '../scopes/scope-name.ts'
import { CallLine, unknownCall, useUpstreamCalls } from '../upstream-paths.tsx'
import '../developers.css'
import { laterDialog } from '../../../ui/fields/later.tsx'
import { formatCalendarDay } from '../../../ui/values/format.ts'

const GrantDialog = laterDialog(async () => (await import('./decide-dialogs.tsx')).GrantDialog)
const RefuseDialog = laterDialog(async () => (await import('./decide-dialogs.tsx')).RefuseDialog)

type Request = Answer<'/web/developers/scope-requests'>['list'][number]

const kinds = { asked: 'busy', granted: 'good', refused: 'bad' } as const
const words = { asked: 'stateAsked', granted: 'stateGranted', refused: 'stateRefused' } as const

/** Requests for scopes; `mayDecide` is for administrators, and `ofMany` names the developer of each. */
export function RequestList(props: {
  list: readonly Request[]
  mayDecide?: boolean
  ofMany?: boolean
}): ReactNode {
  const t = useText('developer-owners')
  if (props.list.length === 0) return <EmptyState title={t('requestsEmpty')} />
  return (
    <ul className="developers-list">
      {props.list.map(request => (
        <RequestLine
          key={request.id}
          request={request}
          mayDecide={props.mayDecide === true}
          ofMany={props.ofMany === true}
        />
      ))}
    </ul>
  )
}

function RequestLine(props: { request: Request; mayDecide: boolean; ofMany: boolean }): ReactNode {
  const t = useText('developer-owners')
  const nameOf = useScopeName()
  const { request, mayDecide, ofMany } = props
  return (
    <li>
      <div className="developers-line">
        <span className="developers-scopes">
          {ofMany ? <strong>{request.developer}</strong> : null}
          {request.scopes.map(scope => (
            <Tag key={scope} title={nameOf(scope)}>
              {scope}
            </Tag>
          ))}
        </span>
        <State kind={kinds[request.state]}>{t(words[request.state])}</State>
      </div>
      <AskedCalls request={request} />
      <p className="developers-reason">{request.reason}</p>
      <div className="wisp-quiet">
        {t('askedBy', { name: request.userName || request.userId })} <Time at={request.askedAt} />
      </div>
      {request.state === 'asked' ? null : <Decision request={request} />}
      {mayDecide && request.state === 'asked' ? <Decide request={request} /> : null}
    </li>
  )
}

/** The calls of vendors that are asked for, in words. */
function AskedCalls({ request }: { request: Request }): ReactNode {
  const { find } = useUpstreamCalls(request.devId)
  return request.upstreamPaths.map(path => <CallLine key={path} call={find(path) ?? unknownCall(path)} />)
}

function Decision({ request }: { request: Request }): ReactNode {
  const t = useText('developer-owners')
  return (
    <div className="wisp-quiet">
      {t('decidedBy', { name: request.decidedBy })} <Time at={request.decidedAt} />
      {' · '}
      {request.state === 'refused'
        ? t('why', { why: request.why })
        : request.lastDay
          ? t('until', { day: formatCalendarDay(request.lastDay) })
          : t('noEnd')}
    </div>
  )
}

function Decide({ request }: { request: Request }): ReactNode {
  const t = useText('developer-owners')
  const [open, setOpen] = useState<'grant' | 'refuse'>()
  const close = () => setOpen(undefined)
  return (
    <div className="wisp-actions">
      <Button type="primary" size="small" onClick={() => setOpen('grant')}>
        {t('grant')}
      </Button>
      <Button size="small" onClick={() => setOpen('refuse')}>
        {t('refuse')}
      </Button>
      <GrantDialog request={request} isOpen={open === 'grant'} onClose={close} />
      <RefuseDialog request={request} isOpen={open === 'refuse'} onClose={close} />
    </div>
  )
}
