import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { later } from '../../ui/fields/later.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import { Holders } from './holders.tsx'
import { JointActs } from './joint-acts.tsx'
import type { Place } from './state.ts'

const SwitchOn = later(async () => (await import('./switch-on.tsx')).SwitchOn)
const Propose = later(async () => (await import('./propose.tsx')).Propose)
const InstallationAudit = later(async () => (await import('./installation-audit.tsx')).InstallationAudit)

/** The three administrators of the corp and, for those who have a part in it, of the installation. */
export function Page(): ReactNode {
  const t = useText('three')
  const { isSuper, isSystem, three } = useSession()
  const isOfInstallation = three.installation !== null
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      {isSuper || three.corp !== null ? <Three isInstallation={false} /> : null}
      {isSystem || isOfInstallation ? <Three isInstallation /> : null}
      {isOfInstallation && three.installation !== 'system' ? <InstallationAudit /> : null}
    </>
  )
}

function Three(place: Place): ReactNode {
  const t = useText('three')
  const { data, error, refetch } = useRead(place.isInstallation ? '/web/installation/three' : '/web/three')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const { isOn, since, you } = data
  return (
    <Panel
      title={t(place.isInstallation ? 'ofInstallation' : 'ofCorp')}
      extra={
        isOn ? (
          <span>
            {t('onSince')} <Time at={since} />
          </span>
        ) : (
          t('off')
        )
      }
    >
      {isOn ? (
        <>
          <Holders state={data} place={place} />
          <JointActs state={data} place={place} />
          {you ? <Propose state={data} place={place} /> : null}
        </>
      ) : (
        <Off place={place} />
      )}
    </Panel>
  )
}

/** Who loses what, and the form, are shown once somebody wants to separate them. */
function Off(props: { place: Place }): ReactNode {
  const t = useText('three')
  const [isOpen, setOpen] = useState(false)
  return isOpen ? <SwitchOn {...props} /> : <Button onClick={() => setOpen(true)}>{t('prepare')}</Button>
}
