import { Alert } from 'antd'
import type { ReactNode } from 'react'
import { usePathPart } from '../../../ui/address/url-state.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ObjectPage } from '../../../ui/objects/object-page.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { agentAddress } from '../../object-addresses.ts'
import type { AgentDetail } from './detail.ts'
import { Hears } from './hears.tsx'
import { AgentSettings } from './settings.tsx'
import './agent.css'
import { later } from '../../../ui/fields/later.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'
import type { TabOf } from '../../object-tabs.ts'

const Forward = later(async () => (await import('./forward.tsx')).Forward)
const AgentPushes = later(async () => (await import('./pushes.tsx')).AgentPushes)
const AgentMenu = later(async () => (await import('./menu.tsx')).AgentMenu)
const AgentReplies = later(async () => (await import('./replies.tsx')).AgentReplies)

/** WeCom verifies the address while somebody looks at this page. */
const whileWaitingMs = 2000

/** One application: what it hears, where that is passed on, and what was pushed. */
export function Page(): ReactNode {
  const t = useText('agents')
  const corps = useText('corps')
  const console = useText('console')
  const menu = useText('agent-menu')
  const replies = useText('agent-replies')
  const id = usePathPart('id')
  const agentId = /^\d{1,10}$/.test(id) ? Number(id) : 0
  const read = useRead(
    '/web/agents/callback',
    { agentId },
    { every: agent => (isWaiting(agent) ? whileWaitingMs : 15_000) },
  )
  return (
    <ObjectPage
      key={id}
      address={agentAddress(id)}
      kind={console('agent')}
      list={{ to: '/console/system/corps/agents', title: corps('tabAgents') }}
      read={read}
      show={agent => ({
        name: agent.name,
        id: String(agent.agentId),
        state: <Hearing agent={agent} />,
        tabs: [
          {
            key: 'overview',
            title: corps('agentOverview'),
            children: <AgentSettings agentId={agent.agentId} />,
          },
          {
            key: 'hears',
            title: t('tabHears'),
            children: (
              <Parts
                parts={[
                  {
                    key: 'hears',
                    title: t('tabHears'),
                    children: (
                      <div className="agent-sections">
                        <Warnings agent={agent} />
                        <Hears agent={agent} />
                      </div>
                    ),
                  },
                  {
                    key: 'forward',
                    title: t('tabForward'),
                    children: <Forward agent={agent} reread={() => read.refetch()} />,
                  },
                  {
                    key: 'pushes',
                    title: t('tabPushes'),
                    children: <AgentPushes agentId={agent.agentId} />,
                  },
                ]}
              />
            ),
          },
          { key: 'menu', title: menu('title'), children: <AgentMenu agent={agent} /> },
          { key: 'replies', title: replies('title'), children: <AgentReplies agent={agent} /> },
        ] satisfies TabOf<'agent'>[],
      })}
    />
  )
}

function isWaiting(agent: AgentDetail | undefined): boolean {
  const callback = agent?.callback
  return callback ? callback.verifiedAt === null || callback.isRotating : false
}

function Hearing({ agent }: { agent: AgentDetail }): ReactNode {
  const t = useText('agents')
  const { callback } = agent
  if (!callback) return <State kind="idle">{t('notYet')}</State>
  return callback.verifiedAt ? (
    <State kind="good">{t('verified')}</State>
  ) : (
    <State kind="warn">{t('waiting')}</State>
  )
}

/** What WeCom said of the use of the application. */
function Warnings({ agent }: { agent: AgentDetail }): ReactNode {
  return agent.warnings.map(({ title, what, fix }) => (
    <Alert key={title} type="warning" showIcon title={title} description={`${what} ${fix}`} />
  ))
}
