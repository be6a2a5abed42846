import { Button, Tabs } from 'antd'
import { type ReactNode, useState } from 'react'
import { SideDrawer } from '../../ui/address/drawer.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useNarrow } from '../../ui/look/width.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { Branding } from '../branding/branding.tsx'
import { Addresses } from '../corps/addresses.tsx'
import { Agents } from '../corps/agents.tsx'
import { ConnectForm } from '../corps/connect-form.tsx'
import { CorpSettings } from '../corps/settings.tsx'
import { ToStart } from '../to-start.tsx'
import { DayOne } from './day-one.tsx'

/** The page about how a corp is connected and whether the connection works. */
export function Page(): ReactNode {
  const t = useText('corps')
  const { corpId, isSystem } = useSession()
  const [isAdding, setAdding] = useState(false)
  if (corpId === '') return <ToStart />
  return (
    <>
      <OneCorp actions={isSystem ? <Button onClick={() => setAdding(true)}>{t('add')}</Button> : null} />
      <SideDrawer isOpen={isAdding} title={t('add')} close={() => setAdding(false)}>
        <ConnectForm />
      </SideDrawer>
    </>
  )
}

/** WeCom verifies the callback address while somebody looks at this page. */
const whileWaitingMs = 4000

function OneCorp(props: { actions: ReactNode }): ReactNode {
  const t = useText('corps')
  const [values, set] = useUrlState()
  const isNarrow = useNarrow()
  const read = useRead(
    '/web/corps/one',
    {},
    { every: corp => (corp?.callbackVerifiedAt ? false : whileWaitingMs) },
  )
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const corp = read.data
  const items = [
    { key: 'guide', label: t('tabGuide'), children: <DayOne corp={corp} /> },
    {
      key: 'settings',
      label: t('tabSettings'),
      children: (
        <>
          <CorpSettings corp={corp} reread={() => read.refetch()} />
          <Addresses />
        </>
      ),
    },
    { key: 'agents', label: t('tabAgents'), children: <Agents corp={corp} /> },
    { key: 'brand', label: t('tabBrand'), children: <Branding /> },
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
        // Four names find room on a phone, where they would hide behind a menu otherwise.
        {...(isNarrow ? { tabBarGutter: 16 } : {})}
        items={items}
        destroyOnHidden
        onChange={tab => set({ tab: tab === 'guide' ? undefined : tab })}
      />
    </>
  )
}
