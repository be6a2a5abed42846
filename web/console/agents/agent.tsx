import type { ReactNode } from 'react'
import { usePathPart } from '../../ui/address/url-state.ts'
import { useRead } from '../../ui/data/read.ts'
import { ObjectPage, UnknownObject } from '../../ui/objects/object-page.tsx'
import { useText } from '../../ui/text.ts'
import { useUseWords } from '../corps/agent-form.tsx'
import { agentAddress } from '../object-addresses.ts'
import { AgentMenu } from './menu.tsx'
import { AgentReplies } from './replies.tsx'
import { AgentSettings } from './settings.tsx'

export function Page(): ReactNode {
  const id = usePathPart('id')
  return <OneAgent key={id} id={id} />
}

/** One of the corp's self-built applications: what wisp does with it. */
function OneAgent({ id }: { id: string }): ReactNode {
  const t = useText('corps')
  const console = useText('console')
  const menu = useText('agent-menu')
  const replies = useText('agent-replies')
  const words = useUseWords()
  const read = useRead('/web/corps/agents')
  const page = {
    address: agentAddress(id),
    kind: console('agent'),
    list: { to: '/console/system/corps', search: { tab: 'agents' }, title: t('tabAgents') },
  }
  const found = read.data?.list.find(one => String(one.agentId) === id)
  if (read.data && !found) return <UnknownObject {...page} />
  return (
    <ObjectPage
      {...page}
      read={{ ...read, data: found }}
      show={agent => ({
        name: agent.name,
        id,
        facts: <span>{agent.uses.map(words).join('、') || t('noUse')}</span>,
        tabs: [
          {
            key: 'overview',
            title: t('agentOverview'),
            children: <AgentSettings agent={agent} reread={() => read.refetch()} />,
          },
          { key: 'menu', title: menu('title'), children: <AgentMenu agent={agent} /> },
          { key: 'replies', title: replies('title'), children: <AgentReplies agent={agent} /> },
        ],
      })}
    />
  )
}
