import type { ReactNode } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import '../system.css'
import { CorpForm } from './corp-form.tsx'
import { InstallationForm } from './installation-form.tsx'

/** Rules about sessions, console and pages: of the corp, and of the system super administrator, who alone sees their own. */
export function Page(): ReactNode {
  const t = useText('protection')
  const { isSystem } = useSession()
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      <div className="system-about">
        <OfCorp />
        {isSystem ? <OfInstallation /> : null}
      </div>
    </>
  )
}

function OfCorp(): ReactNode {
  const t = useText('protection')
  const { data, error, refetch } = useRead('/web/console/protection')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <Panel title={t('ofCorp')}>
      <CorpForm read={data} reread={refetch} />
    </Panel>
  )
}

function OfInstallation(): ReactNode {
  const t = useText('protection')
  const { data, error, refetch } = useRead('/web/installation/protection')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <Panel title={t('ofInstallation')}>
      <InstallationForm read={data} reread={refetch} />
    </Panel>
  )
}
