import { Button, Tabs } from 'antd'
import { type ReactNode, useState } from 'react'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { AddCorp } from './add-corp.tsx'
import { Agents } from './agents.tsx'
import { AllCorps } from './all-corps.tsx'
import { Guide } from './guide.tsx'
import { CorpSettings } from './settings.tsx'

/** The page about how a corp is connected and whether the connection works. */
export function Page(): ReactNode {
  const t = useText('corps')
  const { corpId, isSystem } = useSession()
  const [isAdding, setAdding] = useState(false)
  const add = isSystem ? (
    <Button type={corpId ? 'default' : 'primary'} onClick={() => setAdding(true)}>
      {t('add')}
    </Button>
  ) : null
  return (
    <>
      {corpId ? (
        <OneCorp actions={add} />
      ) : (
        <>
          <PageTitle title={t('title')} hint={t('hint')} />
          <EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />
        </>
      )}
      <AddCorp isOpen={isAdding} close={() => setAdding(false)} />
    </>
  )
}

function OneCorp(props: { actions: ReactNode }): ReactNode {
  const t = useText('corps')
  const { isSystem, corps } = useSession()
  const [values, set] = useUrlState()
  const read = useRead('/web/corps/one')
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const corp = read.data
  const items = [
    { key: 'guide', label: t('tabGuide'), children: <Guide corp={corp} /> },
    { key: 'settings', label: t('tabSettings'), children: <CorpSettings corp={corp} /> },
    { key: 'agents', label: t('tabAgents'), children: <Agents corp={corp} /> },
    ...(isSystem && corps.length > 0
      ? [{ key: 'all', label: t('tabAll'), children: <AllCorps current={corp.corpId} /> }]
      : []),
  ]
  return (
    <>
      <PageTitle
        title={corp.name}
        hint={
          <>
            {t('corpId')} <CopyId value={corp.corpId} />
          </>
        }
        actions={props.actions}
      />
      <Tabs
        activeKey={values['tab'] || 'guide'}
        items={items}
        destroyOnHidden
        onChange={tab => set({ tab: tab === 'guide' ? undefined : tab })}
      />
    </>
  )
}
