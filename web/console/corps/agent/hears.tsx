import { Alert, Button, Spin } from 'antd'
import type { ReactNode } from 'react'
import { Copies } from '../../../ui/connected/copies.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { EmptyState } from '../../../ui/feedback.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import type { AgentDetail, Callback } from './detail.ts'

/** What to enter in WeCom and where, whether WeCom has verified it, and what came last. */
export function Hears({ agent }: { agent: AgentDetail }): ReactNode {
  const { agentId, callback } = agent
  return callback ? <Values agentId={agentId} callback={callback} /> : <SetUp agentId={agentId} />
}

function SetUp({ agentId }: { agentId: number }): ReactNode {
  const t = useText('agents')
  const act = useAct('/web/agents/callback/set-up', { refresh: ['/web/agents'] })
  return (
    <Panel>
      <EmptyState
        title={t('notYet')}
        hint={
          <>
            {t('notYetHint')}
            <br />
            {t('alreadyElsewhere')}
          </>
        }
        action={
          <Button type="primary" loading={act.isRunning} onClick={() => void act.run({ agentId })}>
            {t('setUp')}
          </Button>
        }
      />
    </Panel>
  )
}

function Values({ agentId, callback }: { agentId: number; callback: Callback }): ReactNode {
  const t = useText('agents')
  const { url, token, encodingAesKey, verifiedAt, isRotating } = callback
  return (
    <Panel title={t('values')} extra={verifiedAt ? <Rotation agentId={agentId} callback={callback} /> : null}>
      {!verifiedAt || isRotating ? (
        <ol className="agent-steps">
          <li>{t('step1')}</li>
          <li>{t('step2')}</li>
          <li>{t('step3')}</li>
        </ol>
      ) : null}
      <Copies
        values={[
          { label: t('url'), value: url },
          { label: 'Token', value: token },
          { label: 'EncodingAESKey', value: encodingAesKey },
        ]}
      />
      <p className="wisp-quiet agent-note">{t('address')}</p>
      <Verified callback={callback} />
      <Refused callback={callback} />
    </Panel>
  )
}

/** Changes by itself when WeCom has verified the address. */
function Verified({ callback }: { callback: Callback }): ReactNode {
  const t = useText('agents')
  const { verifiedAt, isRotating, lastPushAt } = callback
  const isWaiting = !verifiedAt || isRotating
  return (
    <div className="agent-state" role="status">
      {verifiedAt ? (
        <State kind="good">
          {t('verified')} · <Time at={verifiedAt} />
        </State>
      ) : null}
      {isWaiting ? (
        <span>
          <Spin size="small" /> {t(verifiedAt ? 'waitingNew' : 'waiting')}
        </span>
      ) : null}
      {verifiedAt ? (
        <span className="wisp-quiet">
          {lastPushAt ? (
            <>
              {t('lastPush')} <Time at={lastPushAt} />
            </>
          ) : (
            t('noPush')
          )}
        </span>
      ) : null}
    </div>
  )
}

function Refused({ callback }: { callback: Callback }): ReactNode {
  const t = useText('agents')
  const { refused } = callback
  if (!refused) return null
  return (
    <Alert
      type="error"
      showIcon
      style={{ marginTop: 12 }}
      title={t('refused', { why: refused.why })}
      description={t('refusedHint', { time: formatTime(refused.at), from: refused.from })}
    />
  )
}

function Rotation({ agentId, callback }: { agentId: number; callback: Callback }): ReactNode {
  const t = useText('agents')
  const rotate = useAct('/web/agents/callback/rotate', {
    done: t('rotated'),
    refresh: ['/web/agents'],
    confirm: () => ({ title: t('rotateTitle'), content: t('rotateHint'), okText: t('rotate') }),
  })
  const keep = useAct('/web/agents/callback/keep', { done: t('kept'), refresh: ['/web/agents'] })
  return callback.isRotating ? (
    <Button loading={keep.isRunning} onClick={() => void keep.run({ agentId })}>
      {t('keep')}
    </Button>
  ) : (
    <Button loading={rotate.isRunning} onClick={() => void rotate.run({ agentId })}>
      {t('rotate')}
    </Button>
  )
}
