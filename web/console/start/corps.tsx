import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { SideDrawer } from '../../ui/address/drawer.tsx'
import { useSession } from '../../ui/data/session.tsx'
import { later } from '../../ui/fields/later.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { ToStart } from '../to-start.tsx'
import { DayOne } from './day-one.tsx'
import { OneCorp } from './one-corp.tsx'

const ConnectForm = later(async () => (await import('../corps/connect-form.tsx')).ConnectForm)

/** Whether the connection of the corp works, and what is left to do until it goes live. */
export function Page(): ReactNode {
  const t = useText('corps')
  const { corpId, isSystem } = useSession()
  const [isAdding, setAdding] = useState(false)
  if (corpId === '') return <ToStart />
  return (
    <OneCorp>
      {corp => (
        <>
          <PageTitle
            title={t('tabGuide')}
            hint={
              <>
                {corp.name} · {t('corpId')} <CopyId value={corp.corpId} />
              </>
            }
            actions={isSystem ? <Button onClick={() => setAdding(true)}>{t('add')}</Button> : null}
          />
          <DayOne corp={corp} />
          <SideDrawer isOpen={isAdding} title={t('add')} close={() => setAdding(false)}>
            <ConnectForm />
          </SideDrawer>
        </>
      )}
    </OneCorp>
  )
}
