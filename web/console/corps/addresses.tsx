import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState } from '../../ui/feedback.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import './addresses.css'

const path = '/web/corps/addresses'

/** What other systems were given under an address of the platform, and what has to be changed there after it moved. */
export function Addresses(): ReactNode {
  const t = useText('corps')
  const { data, error, refetch } = useRead(path)
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return null
  const old = data.list.filter(one => one.isOld).length
  return (
    <Panel title={t('addressTies')} className="corp-addresses-panel">
      <p className="wisp-quiet corp-addresses-hint">
        {data.list.length === 0
          ? t('addressesNone')
          : old > 0
            ? t('addressesOld', { n: old })
            : t('addressesHint')}
      </p>
      <ul className="corp-addresses">
        {data.list.map(one => (
          <li key={`${one.kind} ${one.subject}`}>
            <AddressRow {...one} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function AddressRow(one: Answer<typeof path>['list'][number]): ReactNode {
  const t = useText('corps')
  return (
    <>
      <div className="corp-address-words">
        <h3>{one.title}</h3>
        <p className="wisp-quiet">{one.address}</p>
        {one.isOld ? <p>{one.fix}</p> : null}
      </div>
      <State kind={one.isOld ? 'bad' : 'good'}>{t(one.isOld ? 'addressOld' : 'addressCurrent')}</State>
    </>
  )
}
