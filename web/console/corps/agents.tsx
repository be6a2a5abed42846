import { App, Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { Checks } from '../../ui/connected/checks.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer, Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { Time } from '../../ui/values/time.tsx'
import { agentAddress } from '../object-addresses.ts'
import { AgentForm, useUseWords } from './agent-form.tsx'

/** The self-built applications of the corp that the platform uses. */
export function Agents(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const words = useUseWords()
  const [edited, setEdited] = useState<Row<'/web/corps/agents'> | 'new'>()
  const columns: Column<Row<'/web/corps/agents'>>[] = [
    {
      key: 'name',
      title: t('agentName'),
      render: agent => (
        <PageLink to={agentAddress(String(agent.agentId))}>{agent.name || agent.agentId}</PageLink>
      ),
    },
    { key: 'agentId', title: t('agentId'), render: agent => <CopyId value={String(agent.agentId)} /> },
    {
      key: 'uses',
      title: t('uses'),
      render: agent => agent.uses.map(words).join('、') || <span className="wisp-quiet">{t('noUse')}</span>,
    },
    { key: 'secretAt', title: t('secretAt'), render: agent => <Time at={agent.secretAt} /> },
    { key: 'act', title: '', render: agent => <Acts agent={agent} edit={() => setEdited(agent)} /> },
  ]
  const add = (
    <Button type="primary" onClick={() => setEdited('new')}>
      {t('addAgent')}
    </Button>
  )
  return (
    <>
      <div className="wisp-filters" style={{ alignItems: 'center' }}>
        <span className="wisp-quiet" style={{ flex: '1 1 240px' }}>
          {t('agentsHint')}
        </span>
        {props.corp.agents.length > 0 ? add : null}
      </div>
      <ListTable
        label={t('tabAgents')}
        path="/web/corps/agents"
        columns={columns}
        rowKey={agent => agent.agentId}
        empty={<EmptyState title={t('agentsEmpty')} hint={t('agentsEmptyHint')} action={add} />}
      />
      <AgentForm agent={edited} close={() => setEdited(undefined)} />
    </>
  )
}

function Acts(props: { agent: Row<'/web/corps/agents'>; edit(): void }): ReactNode {
  const t = useText('corps')
  const hears = useText('agents')
  const common = useText('common')
  const words = useUseWords()
  const { modal } = App.useApp()
  const { agent } = props
  const test = useAct('/web/corps/agents/test')
  const remove = useAct('/web/corps/agents/remove', {
    done: t('agentRemoved'),
    refresh: ['/web/corps'],
    confirm: () => ({
      title: t('removeAgentTitle', { name: agent.name }),
      content:
        agent.uses.length > 0
          ? t('removeAgentHint', { uses: agent.uses.map(words).join('、') })
          : t('removeAgentNoUse'),
      okText: t('removeAgent'),
      danger: true,
    }),
  })
  const showTest = async () => {
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
  const named = (word: string) => `${word} ${agent.name}`
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center' }}>
      <PageLink to={agentAddress(String(agent.agentId))} aria-label={named(hears('tabHears'))}>
        {hears('tabHears')}
      </PageLink>
      <Button
        size="small"
        loading={test.isRunning}
        aria-label={named(t('test'))}
        onClick={() => void showTest()}
      >
        {t('test')}
      </Button>
      <Button size="small" aria-label={named(common('edit'))} onClick={props.edit}>
        {common('edit')}
      </Button>
      <Button
        size="small"
        danger
        aria-label={named(t('removeAgent'))}
        loading={remove.isRunning}
        onClick={() => void remove.run({ agentId: agent.agentId })}
      >
        {t('removeAgent')}
      </Button>
    </div>
  )
}
