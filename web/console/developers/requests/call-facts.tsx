import { Alert, Descriptions } from 'antd'
import type { ReactNode } from 'react'
import type { Row } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { formatDuration } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { Mend } from './mend.tsx'

export type LoggedCall = Row<'/web/developers/requests'>

/** How a call ended: `成功`, or its code and what that means. */
export function CallResult({
  call,
}: {
  call: Pick<LoggedCall, 'code' | 'meaning'> & Partial<Pick<LoggedCall, 'upstream' | 'refused'>>
}): ReactNode {
  const t = useText('requests')
  // The call went well, and the vendor refused it.
  if (call.code === '0' && call.upstream?.errcode)
    return <State kind="warn">errcode {call.upstream.errcode}</State>
  if (call.code === '0' && call.refused) return <State kind="warn">{t('refused', { n: call.refused })}</State>
  if (call.code === '0') return <State kind="good">{t('succeeded')}</State>
  return (
    <State kind="bad">
      {call.code} {call.meaning}
    </State>
  )
}

/** Method and path, which may break between its parts. */
export function CallPath({ call }: { call: Pick<LoggedCall, 'method' | 'path'> }): ReactNode {
  return (
    <span style={{ overflowWrap: 'anywhere' }}>
      <span className="wisp-quiet">{call.method}</span> {call.path}
    </span>
  )
}

/** Everything that was kept of a call. */
export function CallFacts({ call, isOwn = false }: { call: LoggedCall; isOwn?: boolean }): ReactNode {
  const t = useText('requests')
  const params = Object.entries(call.params)
  const failed = call.code !== '0'
  return (
    <>
      {failed ? <Failure call={call} isOwn={isOwn} /> : null}
      <Descriptions
        column={1}
        size="small"
        items={[
          { key: 'call', label: t('call'), children: <CallPath call={call} /> },
          ...(failed ? [] : [{ key: 'result', label: t('result'), children: <CallResult call={call} /> }]),
          ...(call.upstream
            ? [{ key: 'upstream', label: t('upstream'), children: <UpstreamSaid said={call.upstream} /> }]
            : []),
          ...(call.unknown.length > 0
            ? [{ key: 'unknown', label: t('unknownInputs'), children: call.unknown.join('；') }]
            : []),
          { key: 'when', label: t('when'), children: <Time exact at={call.at} /> },
          { key: 'ms', label: t('ms'), children: formatDuration(call.ms) },
          { key: 'developer', label: t('developer'), children: call.developer || t('gone') },
          { key: 'devId', label: 'devId', children: <CopyId value={call.devId} /> },
          { key: 'address', label: t('address'), children: call.address },
          { key: 'requestId', label: t('requestId'), children: <CopyId value={call.requestId} /> },
        ]}
      />
      <h3 style={{ fontSize: 14, margin: '16px 0 8px' }}>{t('params')}</h3>
      {params.length === 0 ? <div className="wisp-quiet">{t('paramsNone')}</div> : null}
      <Descriptions
        column={1}
        size="small"
        items={params.map(([name, value]) => ({
          key: name,
          label: <code>{name}</code>,
          children: <code style={{ overflowWrap: 'anywhere' }}>{value}</code>,
        }))}
      />
      <div className="wisp-quiet">{t('paramsHelp')}</div>
    </>
  )
}

/** What a vendor said to a call that was passed on. */
function UpstreamSaid({ said }: { said: NonNullable<LoggedCall['upstream']> }): ReactNode {
  const t = useText('requests')
  const name = t(said.vendor === 'wecom' ? 'upstreamWecom' : 'upstreamOfficial')
  return (
    <span style={{ overflowWrap: 'anywhere' }}>
      {name} {said.errcode} {said.meaning}
    </span>
  )
}

/** Why it failed, and what makes the next such call succeed. */
function Failure({ call, isOwn }: { call: LoggedCall; isOwn: boolean }): ReactNode {
  return (
    <Alert
      type="error"
      showIcon
      style={{ marginBottom: 16 }}
      title={`${call.code} ${call.meaning}`}
      description={
        <div style={{ display: 'grid', gap: 8 }}>
          {call.reason ? <span style={{ overflowWrap: 'anywhere' }}>{call.reason}</span> : null}
          <Mend call={call} isOwn={isOwn} />
        </div>
      }
    />
  )
}
