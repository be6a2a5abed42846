import { Button as Press } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { Buttons } from '../../chat-menu/buttons.tsx'
import { MenuHead } from '../../chat-menu/head.tsx'
import { agentMenu, MenuOf, refreshMenus } from '../../chat-menu/owner.tsx'
import { MenuVersions } from '../../chat-menu/versions.tsx'
import '../../chat-menu/menu.css'
import { Parts } from '../../../ui/objects/parts.tsx'

type Agent = { agentId: number; name: string }
type StoredMenu = Answer<'/web/agents/menu'>

/** The menu below the agent's conversation in WeCom. */
export function AgentMenu({ agent }: { agent: Agent }): ReactNode {
  const t = useText('agent-menu')
  const [isDirty, setDirty] = useState(false)
  const { agentId } = agent
  const read = useRead('/web/agents/menu', { agentId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const stored = read.data
  return (
    <MenuOf value={agentMenu(agent)}>
      <p className="wisp-quiet">{t('hint')}</p>
      <MenuHead {...stored} isDirty={isDirty} />
      <Parts
        keepsFirst
        parts={[
          {
            key: 'edit',
            title: t('edit'),
            children: <Editor key={stored.n} agentId={agentId} stored={stored} onDirty={setDirty} />,
          },
          { key: 'versions', title: t('versions'), children: <MenuVersions stored={stored} /> },
        ]}
      />
    </MenuOf>
  )
}

function Editor(props: { agentId: number; stored: StoredMenu; onDirty(isDirty: boolean): void }): ReactNode {
  const t = useText('agent-menu')
  const { agentId, stored, onDirty } = props
  const unsaved = useUnsaved()
  const [draft, setDraft] = useState(stored.menu)
  const isDirty = draft !== stored.menu
  useEffect(() => {
    if (isDirty) unsaved.touch()
    else unsaved.clear()
    onDirty(isDirty)
  }, [isDirty, unsaved, onDirty])
  const save = useAct('/web/agents/menu/save', {
    refresh: refreshMenus,
    done: ({ n }) => t('saved', { n }),
  })
  return (
    <>
      <Buttons
        buttons={draft.buttons}
        onChange={buttons => setDraft({ buttons: buttons as StoredMenu['menu']['buttons'] })}
      />
      <Press
        type="primary"
        disabled={!isDirty}
        loading={save.isRunning}
        onClick={() => void save.run({ agentId, from: stored.n, menu: draft })}
      >
        {t('save')}
      </Press>
    </>
  )
}
