import { Alert, App, Button, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { FieldsOf } from '../../../ui/data/form-act.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'
import type { AgentDetail, Callback } from './detail.ts'

type Values = { url: string; token: string | undefined; encodingAesKey: string | undefined }

const fields: FieldsOf = {
  named: { url: 'url', token: 'token', encodingAesKey: 'encodingAesKey' },
  otherwise: 'url',
}

/** The system that heard the application before, and goes on hearing it. */
export function Forward(props: { agent: AgentDetail; reread(): Promise<unknown> }): ReactNode {
  const t = useText('agents')
  const { agentId, callback } = props.agent
  if (!callback) return <EmptyState title={t('needSetUp')} />
  return (
    <Panel
      title={t('forward')}
      extra={callback.forward ? <State kind={stateOf(callback)}>{t('forwardWorks')}</State> : null}
    >
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('forwardHint')}
      </p>
      <Failing callback={callback} />
      <ForwardForm agentId={agentId} callback={callback} reread={props.reread} />
    </Panel>
  )
}

const stateOf = ({ forward }: Callback) => (forward?.failingSince ? 'bad' : 'good')

function Failing({ callback }: { callback: Callback }): ReactNode {
  const t = useText('agents')
  const { forward } = callback
  if (!forward?.failingSince) return null
  return (
    <Alert
      type="error"
      showIcon
      style={{ marginBottom: 16 }}
      title={t('forwardFailing', { problem: forward.problem })}
      description={t('forwardFailingSince', { time: formatTime(forward.failingSince) })}
    />
  )
}

function ForwardForm(props: { agentId: number; callback: Callback; reread(): Promise<unknown> }): ReactNode {
  const t = useText('agents')
  const { message } = App.useApp()
  const { agentId, callback, reread } = props
  const { forward, version } = callback
  const object = useObjectForm<Values, '/web/agents/forward/save'>('/web/agents/forward/save', {
    shown: { url: forward?.url ?? '', token: undefined, encodingAesKey: undefined },
    version,
    labels: { url: t('forwardUrl'), token: t('forwardToken'), encodingAesKey: t('forwardKey') },
    fields,
    reread,
    refresh: ['/web/agents'],
  })
  const save = async ({ url, token, encodingAesKey }: Values) => {
    const given = { token: token?.trim() ?? '', encodingAesKey: encodingAesKey?.trim() ?? '' }
    const saved = await object.run({ agentId, url: url.trim(), ...given, version: object.version })
    if (saved?.problem) void message.warning(t('forwardProblem', { problem: saved.problem }), 8)
    else if (saved) void message.success(t('forwardSaved'))
  }
  const isNew = !forward
  const required = isNew ? [{ required: true, whitespace: true }] : []
  return (
    <ObjectForm
      object={object}
      save={values => void save(values)}
      name="forward"
      more={forward ? <Stop agentId={agentId} /> : null}
    >
      <Form.Item name="url" label={t('forwardUrl')} rules={[{ required: true, whitespace: true }]}>
        <Input autoComplete="off" maxLength={512} placeholder="https://oa.example.com/wecom/callback" />
      </Form.Item>
      <Form.Item name="token" label={t('forwardToken')} extra={isNew ? '' : t('keepHint')} rules={required}>
        <Input.Password autoComplete="off" maxLength={32} />
      </Form.Item>
      <Form.Item
        name="encodingAesKey"
        label={t('forwardKey')}
        extra={isNew ? '' : t('keepHint')}
        rules={required}
      >
        <Input.Password autoComplete="off" maxLength={43} />
      </Form.Item>
    </ObjectForm>
  )
}

function Stop({ agentId }: { agentId: number }): ReactNode {
  const t = useText('agents')
  const stop = useAct('/web/agents/forward/stop', {
    done: t('stopped'),
    refresh: ['/web/agents'],
    confirm: () => ({ title: t('stopTitle'), content: t('stopHint'), okText: t('stop'), danger: true }),
  })
  return (
    <Button danger loading={stop.isRunning} onClick={() => void stop.run({ agentId })}>
      {t('stop')}
    </Button>
  )
}
