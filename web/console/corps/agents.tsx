import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useGo } from '../../ui/address/url-state.ts'
import type { Answer, Row } from '../../ui/data/api.ts'
import { EmptyState } from '../../ui/feedback.tsx'
import { laterDialog } from '../../ui/fields/later.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { Time } from '../../ui/values/time.tsx'
import { agentAddress } from '../object-addresses.ts'
import { useUseWords } from './agent-uses.ts'

const AgentForm = laterDialog(async () => (await import('./agent-form.tsx')).AgentForm)

/** The self-built applications of the corp that the platform uses. */
export function Agents(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const words = useUseWords()
  const go = useGo()
  const [isAdding, setAdding] = useState(false)
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
    { key: 'secretAt', title: t('secretAt'), wideOnly: true, render: agent => <Time at={agent.secretAt} /> },
  ]
  const add = (
    <Button type="primary" onClick={() => setAdding(true)}>
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
        onOpen={agent => go(agentAddress(String(agent.agentId)))}
        empty={<EmptyState title={t('agentsEmpty')} hint={t('agentsEmptyHint')} action={add} />}
      />
      <AgentForm isOpen={isAdding} close={() => setAdding(false)} />
    </>
  )
}
