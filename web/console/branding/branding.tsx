import { Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { BrandForm } from './brand-form.tsx'
import { corpPaths, installationPaths } from './brand-values.ts'
import './branding.css'

/** How the pages of the corp look; the system administrator also sets how those of the installation do. */
export function Branding(): ReactNode {
  const t = useText('branding')
  const { isSystem, corpId } = useSession()
  const [whose, setWhose] = useState<'corp' | 'installation'>('corp')
  return (
    <>
      <div className="brand-head">
        {isSystem ? (
          <Segmented
            aria-label={t('whose')}
            value={whose}
            options={[
              { value: 'corp', label: t('ofCorp') },
              { value: 'installation', label: t('ofInstallation') },
            ]}
            onChange={setWhose}
          />
        ) : null}
        <p className="wisp-quiet">{t('hint')}</p>
      </div>
      {whose === 'corp' ? <OfCorp key={corpId} /> : <OfInstallation />}
    </>
  )
}

function OfCorp(): ReactNode {
  const t = useText('branding')
  const { data, error, refetch } = useRead('/web/branding')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={400} />
  const where = t(data.isShownBefore ? 'shownBefore' : 'shownAfter', { host: data.host })
  return <BrandForm key={data.version} brand={data} where={where} paths={corpPaths} />
}

function OfInstallation(): ReactNode {
  const t = useText('branding')
  const { data, error, refetch } = useRead('/web/branding/installation')
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading height={400} />
  return <BrandForm key={data.version} brand={data} where={t('installationHint')} paths={installationPaths} />
}
