import { App, Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useGo } from '../../../ui/address/url-state.ts'
import { Checks } from '../../../ui/connected/checks.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer, Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import { AgentInputs, fieldsOfAgent, refreshAgents } from '../agent-form.tsx'
import { useUseWords } from '../agent-uses.ts'
import { Refusal } from '../refusal.tsx'

type Agent = Row<'/web/corps/agents'>
type Props = { agent: Agent; reread(): Promise<unknown> }

/** What was entered when the agent was added, whether WeCom takes it, and how to be rid of it. */
export function AgentSettings({ agentId }: { agentId: number }): ReactNode {
  const t = useText('corps')
  const read = useRead('/web/corps/agents')
  const agent = read.data?.list.find(one => one.agentId === agentId)
  if (read.error && !agent) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!agent) return <Loading height={400} />
  return (
    <div className="corps-form">
      <Panel title={t('basics')}>
        <SettingsForm agent={agent} reread={() => read.refetch()} />
      </Panel>
      <Panel title={t('agentTest')}>
        <Test agent={agent} />
      </Panel>
      <Panel title={t('removeAgent')}>
        <Remove agent={agent} />
      </Panel>
    </div>
  )
}

type Values = { name: string; uses: string[]; secret: string | undefined }
const savePath = '/web/corps/agents/save'

function SettingsForm({ agent, reread }: Props): ReactNode {
  const t = useText('corps')
  const words = useUseWords()
  const [outcome, setOutcome] = useState<Answer<'/web/corps/add'>>()
  const { agentId, name, uses, version } = agent
  const object = useObjectForm<Values, typeof savePath>(savePath, {
    shown: { name, uses, secret: undefined },
    version,
    labels: {
      name: t('agentName'),
      uses: { label: t('uses'), tell: given => given.map(words).join('、') },
    },
    fields: fieldsOfAgent,
    reread,
    done: output => (output.saved ? t('saved') : undefined),
    refresh: refreshAgents,
  })
  const save = async (values: Values, force: boolean) => {
    const secret = values.secret?.trim() ?? ''
    const result = await object.run({
      ...values,
      agentId,
      secret,
      force: force ? '1' : '0',
      version: object.version,
    })
    setOutcome(result)
    // What WeCom refused is still only typed.
    if (result && !result.saved) object.touch()
  }
  return (
    <>
      <ObjectForm object={object} name="agent" save={values => void save(values, false)}>
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {agent.secretAt ? t('secretSince', { time: formatTime(agent.secretAt) }) : t('secretKept')}
        </p>
        <AgentInputs />
      </ObjectForm>
      {outcome && !outcome.saved ? (
        <Refusal
          checks={outcome.checks}
          isSaving={object.isRunning}
          force={() => void save(object.form.getFieldsValue(), true)}
        />
      ) : null}
    </>
  )
}

function Test({ agent }: { agent: Agent }): ReactNode {
  const t = useText('corps')
  const common = useText('common')
  const { modal } = App.useApp()
  const test = useAct('/web/corps/agents/test')
  const show = async () => {
    const outcome = await test.run({ agentId: agent.agentId })
    if (outcome)
      modal.info({
        title: t('testTitle'),
        icon: null,
        width: 520,
        content: <Checks checks={outcome.checks} />,
        okText: common('close'),
      })
  }
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('agentTestHint')}
      </p>
      <Button loading={test.isRunning} onClick={() => void show()}>
        {t('test')}
      </Button>
    </>
  )
}

function Remove({ agent }: { agent: Agent }): ReactNode {
  const t = useText('corps')
  const words = useUseWords()
  const go = useGo()
  const hint =
    agent.uses.length > 0
      ? t('removeAgentHint', { uses: agent.uses.map(words).join('、') })
      : t('removeAgentNoUse')
  const act = useAct('/web/corps/agents/remove', {
    done: t('agentRemoved'),
    refresh: ['/web/corps'],
    confirm: () => ({
      title: t('removeAgentTitle', { name: agent.name }),
      content: hint,
      okText: t('removeAgent'),
      danger: true,
    }),
  })
  const remove = async () => {
    if (await act.run({ agentId: agent.agentId })) go('/console/system/corps/agents')
  }
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {hint}
      </p>
      <Button danger loading={act.isRunning} onClick={() => void remove()}>
        {t('removeAgent')}
      </Button>
    </>
  )
}
